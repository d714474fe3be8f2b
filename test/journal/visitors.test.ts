import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import { nikSchema } from '../../src/domain/nik.ts';
import { eraseOnRequest } from '../../src/journal/retention/erase-on-request.ts';
import type { DecidedBy } from '../../src/journal/staff-note.ts';
import { openCase } from '../../src/journal/vault/open-case.ts';
import { Vault } from '../../src/journal/vault/vault.ts';
import { lookUpVisitors, type Visit } from '../../src/journal/visitors.ts';
import { discard, openFixture, started, temporaryFolder, type OpenedFixture } from './fixture.ts';

const MINUTE_MS = 60_000;
const nik = nikSchema.parse('9902014501900001');
const request = { requestId: newId('req'), subjectName: 'B*** S***', authority: 'parent' } as const;
const by: DecidedBy = { name: 'BUDI', reason: 'letter 12', personId: newId('per'), osUid: null };

let clock: FakeClock;
let fixture: OpenedFixture;
let vault: Vault;
beforeEach(async () => {
  clock = new FakeClock();
  fixture = openFixture(temporaryFolder(), clock);
  vault = new Vault({ journal: fixture.journal, keys: fixture.folder.keys, clock });
  await fixture.journal.append({ events: [started] });
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

const lookUp = (fromMs: number, toMs: number): Promise<readonly Visit[]> =>
  lookUpVisitors({ ...fixture, vault }, { fromMs, toMs, by });

/** Somebody comes, and is let in where two factors are accepted. */
async function comes({ accepted }: { readonly accepted: boolean }): Promise<string> {
  const sessionId = newId('ses');
  await fixture.journal.append({
    events: [{ kind: 'session.opened', sessionId, trigger: 'touch' }],
  });
  clock.advance(MINUTE_MS);
  const factors = { sessionId, presented: 'nik', known: 'pin' } as const;
  await fixture.journal.append({
    events: [
      accepted
        ? { kind: 'session.identified', ...factors }
        : { kind: 'session.identificationRefused', ...factors, reason: 'refused' },
    ],
  });
  return sessionId;
}

describe('who was at the terminal', () => {
  it('is whoever was let in, also where no document was begun, and nobody who was refused', async () => {
    const from = clock.now();
    const looked = await comes({ accepted: true });
    await comes({ accepted: false });
    const printed = await comes({ accepted: true });
    const caseId = await openCase(vault, printed, request, { name: 'S*** A*****', nik });
    expect(await lookUp(from, clock.now() + 1)).toEqual([
      {
        at: from,
        caseId: null,
        sessionId: looked,
        requestId: null,
        documentKind: null,
        outcome: null,
        claimantName: null,
        maskedNik: null,
        subjectName: null,
        authority: null,
        erasedAt: null,
        fields: 'notKept',
      },
      {
        at: clock.now(),
        caseId,
        sessionId: printed,
        requestId: request.requestId,
        documentKind: null,
        outcome: null,
        claimantName: 'S*** A*****',
        maskedNik: '990201******0001',
        subjectName: 'B*** S***',
        authority: 'parent',
        erasedAt: null,
        fields: 'sealed',
      },
    ]);
    const { event } = fixture.journal.rows(1, fixture.journal.size()).at(-1) ?? {};
    expect(event).toMatchObject({ kind: 'visitors.exported', cases: 1, named: 1 });
    expect(await lookUp(from + 1, from + 1 + MINUTE_MS)).toEqual([]);
  });

  it('is erased for a person everywhere at once, and for nobody else', async () => {
    const [mine, other, byCode] = [newId('ses'), newId('ses'), newId('ses')];
    const stranger = nikSchema.parse('9902014501900002');
    await openCase(vault, mine, request, { name: 'S***', nik });
    await openCase(vault, mine, { ...request, requestId: newId('req') }, { name: 'S***', nik });
    await openCase(vault, other, request, { name: 'T***', nik: stranger });
    await openCase(vault, byCode, request, { name: 'U***', nik: null });
    expect(await eraseOnRequest({ ...fixture, vault }, { nik }, by)).toBe(2);
    const visits = await lookUp(0, clock.now() + 1);
    expect(visits.map(({ claimantName, fields }) => [claimantName, fields])).toEqual([
      [null, 'erased'],
      [null, 'erased'],
      ['T***', 'sealed'],
      ['U***', 'sealed'],
    ]);
    expect(fixture.journal.verify().firstBreak).toBeNull();
  });

  it('is told under a name that is cut where the registry gives one without end', async () => {
    await openCase(vault, newId('ses'), request, { name: 'S'.repeat(5_000), nik });
    expect(await lookUp(0, clock.now() + 1)).toMatchObject([{ claimantName: 'S'.repeat(200) }]);
  });
});
