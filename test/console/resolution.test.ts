import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { GraveAct } from '../../src/domain/grave-act.ts';
import type { Role } from '../../src/domain/role.ts';
import { YES_LIMIT_MS } from '../../src/staff/two-people.ts';
import { discard } from '../journal/fixture.ts';
import { ConsoleBench, plainPages, refusal } from './console-bench.ts';

// Flushes and password hashes take long on a machine that others use too.
jest.setTimeout(120_000);

const folder = plainPages();
let bench: ConsoleBench;

afterAll(() => discard(folder));
beforeEach(async () => {
  bench = await ConsoleBench.open(join(folder, 'ui'));
});
afterEach(async () => {
  await bench.close();
  expect(bench.logged).toEqual([]);
});

const empty: GraveAct = { action: 'emptyBin', bin: 'rejectBin', counted: 0 };

async function proposedBy(cookie: string): Promise<{ path: string; digest: string }> {
  const { json, status } = await bench.post('/api/staff/proposals', empty, { cookie });
  expect([status, json]).toMatchObject([200, { answer: 'proposed', proposal: { act: empty } }]);
  const { proposalId, digest } = (json as { proposal: { proposalId: string; digest: string } })
    .proposal;
  return { path: `/api/staff/proposals/${proposalId}`, digest };
}

describe('the yes of two people on the console', () => {
  it('is given by two sign-ins, the second to what it was shown', async () => {
    const tono = await bench.signedIn('Tono', ['technician']);
    const sari = await bench.signedIn('Sari', ['supervisor']);
    const { path, digest } = await proposedBy(tono);
    const seen = await bench.ask('/api/staff/proposals', { headers: { cookie: sari } });
    expect(seen.json).toMatchObject({ proposals: [{ act: empty, proposedBy: 'Tono', digest }] });
    const own = await bench.post(`${path}/approve`, { digest }, { cookie: tono });
    expect(refusal(own)).toEqual([409, { refused: 'samePerson' }]);
    const other = { digest: 'b'.repeat(64) };
    expect(refusal(await bench.post(`${path}/approve`, other, { cookie: sari }))).toEqual([
      409,
      { refused: 'contentDiffers' },
    ]);
    const done = await bench.post(`${path}/approve`, { digest }, { cookie: sari });
    expect(refusal(done)).toEqual([200, { answer: 'approved', act: empty }]);
    expect(bench.events().map(({ kind }) => kind)).toContain('stock.binEmptied');
  });

  it('needs a sign-in of the last five minutes', async () => {
    const tono = await bench.signedIn('Tono', ['technician']);
    bench.clock.advance(YES_LIMIT_MS + 1);
    const late = await bench.post('/api/staff/proposals', empty, { cookie: tono });
    expect(refusal(late)).toEqual([409, { refused: 'signInTooOld' }]);
  });

  it('may be withheld', async () => {
    const tono = await bench.signedIn('Tono', ['technician']);
    const sari = await bench.signedIn('Sari', ['supervisor']);
    const { path, digest } = await proposedBy(tono);
    const no = await bench.post(`${path}/decline`, {}, { cookie: sari });
    expect(refusal(no)).toEqual([200, { answer: 'declined' }]);
    const late = await bench.post(`${path}/approve`, { digest }, { cookie: sari });
    expect(refusal(late)).toEqual([409, { refused: 'noSuchProposal' }]);
  });

  it('is asked of nobody without a sign-in, and malformed of nobody at all', async () => {
    const path = '/api/staff/proposals/prop_AAAAAAAAAAAAAAAA';
    for (const answer of [
      await bench.ask('/api/staff/items'),
      await bench.ask('/api/staff/proposals'),
      await bench.post('/api/staff/proposals', empty),
      await bench.post(`${path}/approve`, { digest: 'a' }),
      await bench.post(`${path}/decline`, {}),
    ]) {
      expect(refusal(answer)).toEqual([401, { refused: 'notSignedIn' }]);
    }
    const cookie = await bench.signedIn('Tono', ['technician']);
    const odd = { action: 'emptyBin', bin: 'rejectBin', counted: 0, ask: 'items' };
    for (const body of [odd, {}, { action: 'resolveCard', attemptId: 'SITI', choice: 'x' }]) {
      const refused = await bench.post('/api/staff/proposals', body, { cookie });
      expect(refusal(refused)).toEqual([400, { refused: 'malformed' }]);
    }
  });

  const roles: readonly (readonly [Role, number, number])[] = [
    ['administrator', 403, 403],
    ['technician', 200, 200],
    ['reviewer', 200, 403],
    ['supervisor', 200, 200],
    ['auditor', 200, 403],
  ];
  it.each(roles)('lets a %s look (%i) and propose to empty a bin (%i)', async (role, look, act) => {
    const cookie = await bench.signedIn('Ani', [role]);
    for (const path of ['/api/staff/items', '/api/staff/proposals']) {
      expect((await bench.ask(path, { headers: { cookie } })).status).toBe(look);
    }
    expect((await bench.post('/api/staff/proposals', empty, { cookie })).status).toBe(act);
  });
});
