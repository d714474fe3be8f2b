import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Role } from '../../src/domain/role.ts';
import { FREE_FAILURES } from '../../src/staff/failures.ts';
import { IDLE_LIMIT_MS } from '../../src/staff/sign-in-sessions.ts';
import { discard, recordAttempt } from '../journal/fixture.ts';
import { ConsoleBench, PASSWORD, plainPages, refusal } from './console-bench.ts';

// Flushes, threads and password hashes take long on a machine that others use too.
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

const signIn = (name: string, password: string, headers: Record<string, string> = {}) =>
  bench.post('/api/sign-in', { name, password }, headers);

describe('the first account', () => {
  it('is made with the secret of the data folder, and signs in', async () => {
    expect((await bench.ask('/api/session')).json).toEqual({
      terminalId: 'ADM-9901-01',
      signedIn: null,
      needsSetup: true,
    });
    const account = { name: 'Siti Aminah', password: PASSWORD };
    const wrong = await bench.post('/api/setup', { secret: 'A'.repeat(32), ...account });
    expect(refusal(wrong)).toEqual([409, { refused: 'wrongSecret' }]);
    const secret = bench.secret();
    const short = await bench.post('/api/setup', { secret, ...account, password: 'pendek' });
    expect(refusal(short)).toEqual([409, { refused: 'passwordTooShort' }]);
    const made = await bench.post('/api/setup', { secret, ...account });
    expect(refusal(made)).toEqual([200, { name: 'Siti Aminah', roles: ['administrator'] }]);
    const again = await bench.post('/api/setup', { secret, name: 'Budi', password: PASSWORD });
    expect(refusal(again)).toEqual([409, { refused: 'alreadySetUp' }]);
    const cookie = bench.cookieOf(await signIn('Siti Aminah', PASSWORD));
    expect((await bench.ask('/api/session', { headers: { cookie } })).json).toMatchObject({
      signedIn: { name: 'Siti Aminah', roles: ['administrator'] },
      needsSetup: false,
    });
  });

  it('is followed by others that an administrator makes, and nobody else', async () => {
    const cookie = await bench.signedIn('Ani', ['administrator']);
    const budi = { name: 'Budi', password: PASSWORD, roles: ['technician'] };
    const made = await bench.post('/api/people', budi, { cookie });
    const account = { answer: 'accountCreated', name: 'Budi', roles: ['technician'] };
    expect(refusal(made)).toEqual([200, account]);
    const none = await bench.post('/api/people', { ...budi, name: 'Cici', roles: [] }, { cookie });
    expect(refusal(none)).toEqual([409, { refused: 'noRole' }]);
    const cookieOfBudi = bench.cookieOf(await signIn('Budi', PASSWORD));
    const cici = { ...budi, name: 'Cici', roles: ['administrator'] };
    const refused = await bench.post('/api/people', cici, { cookie: cookieOfBudi });
    expect(refusal(refused)).toEqual([403, { refused: 'roleMissing' }]);
    expect(bench.people.findByName('Cici')).toBeNull();
  });
});

describe('an account that an administrator closes', () => {
  const close = (name: string, cookie: string) =>
    bench.post('/api/people/disable', { name }, { cookie });

  it('signs in no more, and what it was signed in to ends', async () => {
    const cookie = await bench.signedIn('Ani', ['administrator']);
    const budi = await bench.signedIn('Budi', ['technician']);
    expect((await bench.ask('/api/technician/status', { headers: { cookie: budi } })).status).toBe(
      200,
    );
    const done = await close('Budi', cookie);
    expect(refusal(done)).toEqual([200, { answer: 'accountDisabled', name: 'Budi' }]);
    const gone = await bench.ask('/api/technician/status', { headers: { cookie: budi } });
    expect(refusal(gone)).toEqual([401, { refused: 'notSignedIn' }]);
    expect((await signIn('Budi', PASSWORD)).status).toBe(401);
    const { journal } = bench.fixture;
    const events = journal.rows(1, journal.size()).map(({ event }) => event);
    const by = bench.people.findByName('Ani')?.personId;
    const personId = bench.people.findByName('Budi')?.personId;
    expect(events).toContainEqual({ kind: 'staff.personDisabled', personId, by });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'staff.signedOut', personId, reason: 'accountDisabled' }),
    );
    expect(events.at(-1)).toMatchObject({ kind: 'staff.signInFailed', reason: 'disabled' });
    expect(refusal(await close('Budi', cookie))).toEqual([409, { refused: 'disabledBefore' }]);
    const anew = { name: 'Budi', password: PASSWORD, roles: ['technician'] };
    expect(refusal(await bench.post('/api/people', anew, { cookie }))).toEqual([
      409,
      { refused: 'nameTaken' },
    ]);
  });

  it('is never their own, nor the last of its kind, nor closed by anybody else', async () => {
    const cookie = await bench.signedIn('Ani', ['administrator']);
    expect(refusal(await close('Ani', cookie))).toEqual([409, { refused: 'lastAdministrator' }]);
    const second = await bench.signedIn('Cici', ['administrator']);
    expect(refusal(await close('Ani', cookie))).toEqual([409, { refused: 'ownAccount' }]);
    expect(refusal(await close('Nobody', cookie))).toEqual([409, { refused: 'noSuchAccount' }]);
    const budi = await bench.signedIn('Budi', ['technician', 'supervisor']);
    expect(refusal(await close('Ani', budi))).toEqual([403, { refused: 'roleMissing' }]);
    // Two who close each other at once: one of them comes first, and the other may no longer.
    const both = await Promise.all([close('Cici', cookie), close('Ani', second)]);
    expect(both.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    const open = bench.people.list().filter(({ disabled }) => !disabled);
    expect(open.filter(({ roles }) => roles.includes('administrator'))).toHaveLength(1);
  });
});

describe('sign-in', () => {
  it('gives a cookie that no script reads, no other site sends and no page outlives', async () => {
    await bench.people.create({ name: 'Ani', roles: ['technician'], password: PASSWORD }, null);
    const { headers } = await signIn('Ani', PASSWORD);
    const [line = ''] = headers['set-cookie'] ?? [];
    const [pair = '', ...attributes] = line.split('; ');
    expect(pair).toMatch(/^anjungan_console=[A-Za-z0-9_-]{43}$/);
    expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict']);
  });

  it('says the same of a wrong name and a wrong password', async () => {
    await bench.people.create({ name: 'Ani', roles: ['technician'], password: PASSWORD }, null);
    const wrong = [401, { refused: 'signInRefused', waitMs: 0 }];
    expect(refusal(await signIn('Ani', 'bukan-kuncinya'))).toEqual(wrong);
    expect(refusal(await signIn('Tidak Ada', 'bukan-kuncinya'))).toEqual(wrong);
  });

  it('is refused for a while after five failures, also with the right password, then works', async () => {
    await bench.people.create({ name: 'Ani', roles: ['technician'], password: PASSWORD }, null);
    for (let tried = 1; tried < FREE_FAILURES; tried += 1) await signIn('Ani', 'bukan-kuncinya');
    const last = await signIn('Ani', 'bukan-kuncinya');
    expect(last.json).toEqual({ refused: 'signInRefused', waitMs: 15_000 });
    const early = await signIn('Ani', PASSWORD);
    expect(refusal(early)).toEqual([401, { refused: 'mustWait', waitMs: 15_000 }]);
    expect(early.headers).not.toHaveProperty('set-cookie');
    bench.clock.advance(15_000);
    expect((await signIn('Ani', PASSWORD)).status).toBe(200);
  });

  it('honours no token that was there before it (session fixation)', async () => {
    await bench.people.create({ name: 'Ani', roles: ['technician'], password: PASSWORD }, null);
    const planted = `anjungan_console=${'A'.repeat(43)}`;
    const cookie = bench.cookieOf(await signIn('Ani', PASSWORD, { cookie: planted }));
    expect(cookie).not.toBe(planted);
    const status = (headers: Record<string, string>) =>
      bench.ask('/api/technician/status', { headers });
    expect((await status({ cookie: planted })).status).toBe(401);
    expect((await status({ cookie })).status).toBe(200);
  });

  it('ends the session of whoever signed in on this browser before', async () => {
    const cookieOfAni = await bench.signedIn('Ani', ['technician']);
    await bench.people.create({ name: 'Budi', roles: ['technician'], password: PASSWORD }, null);
    const cookieOfBudi = bench.cookieOf(await signIn('Budi', PASSWORD, { cookie: cookieOfAni }));
    const asWho = async (cookie: string) =>
      (await bench.ask('/api/session', { headers: { cookie } })).json;
    expect(await asWho(cookieOfAni)).toMatchObject({ signedIn: null });
    expect(await asWho(cookieOfBudi)).toMatchObject({ signedIn: { name: 'Budi' } });
  });

  it('is over with sign-out, for the token too', async () => {
    const cookie = await bench.signedIn('Ani', ['technician']);
    const out = await bench.post('/api/sign-out', {}, { cookie });
    expect(out.headers['set-cookie']).toEqual([
      'anjungan_console=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0',
    ]);
    const after = await bench.ask('/api/technician/status', { headers: { cookie } });
    expect(refusal(after)).toEqual([401, { refused: 'notSignedIn' }]);
  });

  it('is recorded with the page that it was on', async () => {
    await bench.people.create({ name: 'Ani', roles: ['technician'], password: PASSWORD }, null);
    await bench.post('/api/sign-in', {
      name: 'Ani',
      password: PASSWORD,
      channel: 'technicianPage',
    });
    await signIn('Ani', PASSWORD);
    const refused = { name: 'Ani', password: PASSWORD, channel: 'commandLine' };
    expect((await bench.post('/api/sign-in', refused)).status).toBe(400);
    const channels = bench
      .events()
      .flatMap((event) => (event.kind === 'staff.signedIn' ? [event.channel] : []));
    expect(channels).toEqual(['technicianPage', 'staffPage']);
  });

  it('is not kept alive by a page that refreshes itself', async () => {
    const cookie = await bench.signedIn('Ani', ['technician']);
    const refresh = () => bench.ask('/api/technician/status', { headers: { cookie } });
    bench.clock.advance(IDLE_LIMIT_MS - 1);
    expect((await refresh()).status).toBe(200);
    await bench.ask('/api/session', { headers: { cookie } });
    bench.clock.advance(1);
    expect((await refresh()).status).toBe(401);
  });

  it('is kept alive by somebody at the page', async () => {
    const cookie = await bench.signedIn('Ani', ['technician']);
    bench.clock.advance(IDLE_LIMIT_MS - 1);
    expect((await bench.post('/api/activity', {}, { cookie })).status).toBe(200);
    bench.clock.advance(IDLE_LIMIT_MS - 1);
    const answer = await bench.ask('/api/technician/status', { headers: { cookie } });
    expect(answer.status).toBe(200);
    bench.clock.advance(IDLE_LIMIT_MS);
    expect((await bench.post('/api/activity', {}, { cookie })).status).toBe(401);
  });
});

describe('roles', () => {
  const routes = [
    ['GET', '/api/technician/status', ['technician', 'administrator']],
    ['POST', '/api/technician/devices/card-printer/self-test', ['technician', 'administrator']],
    ['GET', '/api/people', ['auditor', 'administrator']],
    ['GET', '/api/print-log', ['reviewer', 'supervisor', 'auditor', 'administrator']],
    ['GET', '/api/print-log/ATTEMPT', ['reviewer', 'supervisor', 'auditor', 'administrator']],
    ['POST', '/api/journal/verdict', ['reviewer', 'supervisor', 'auditor', 'administrator']],
  ] as const;
  const roles: readonly Role[] = [
    'administrator',
    'technician',
    'reviewer',
    'supervisor',
    'auditor',
  ];

  it.each(roles)('open to a %s exactly what is theirs', async (role) => {
    const attemptId = await recordAttempt(bench.fixture.journal);
    const cookie = await bench.signedIn('Ani', [role]);
    for (const [method, route, may] of routes) {
      const path = route.replace('ATTEMPT', attemptId);
      const answer =
        method === 'GET'
          ? await bench.ask(path, { headers: { cookie } })
          : await bench.post(path, {}, { cookie });
      const expected = (may as readonly Role[]).includes(role) ? 200 : 403;
      expect([method, path, answer.status]).toEqual([method, path, expected]);
      if (expected === 403) expect(answer.json).toEqual({ refused: 'roleMissing' });
    }
  });

  it('open nothing to who is not signed in', async () => {
    const attemptId = await recordAttempt(bench.fixture.journal);
    for (const [method, route] of [
      ...routes,
      ['POST', '/api/people'],
      ['POST', '/api/people/disable'],
      ['POST', '/api/activity'],
    ] as const) {
      const path = route.replace('ATTEMPT', attemptId);
      const answer = method === 'GET' ? await bench.ask(path) : await bench.post(path);
      expect([path, ...[refusal(answer)].flat()]).toEqual([path, 401, { refused: 'notSignedIn' }]);
    }
    expect(bench.commands).toEqual([]);
  });
});
