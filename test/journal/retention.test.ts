import { readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import * as z from 'zod';
import { verifyFile } from '../../scripts/verify-journal.mjs';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import { nikSchema } from '../../src/domain/nik.ts';
import { eraseOnRequest } from '../../src/journal/retention/erase-on-request.ts';
import { RetentionJob } from '../../src/journal/retention/retention.ts';
import { rowsBefore } from '../../src/journal/retention/rows-before.ts';
import { readStaffNote, type DecidedBy } from '../../src/journal/staff-note.ts';
import { openCase } from '../../src/journal/vault/open-case.ts';
import { Vault } from '../../src/journal/vault/vault.ts';
import { lookUpVisitors } from '../../src/journal/visitors.ts';
import {
  discard,
  openFixture,
  started,
  temporaryFolder,
  touched,
  type OpenedFixture,
} from './fixture.ts';
import { attemptFor } from './attempt-for.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const nik = nikSchema.parse('9902014501900001');
const by: DecidedBy = {
  name: 'BUDI PETUGAS',
  reason: 'asked for by the person',
  personId: newId('per'),
  osUid: null,
};

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

const canary = (index: number): string => `SITI AMINAH CANARY ${index}`;

async function putCase(
  index: number,
  ref: { readonly requestId?: string; readonly sessionId?: string } = {},
): Promise<{ caseId: string; requestId: string; sessionId: string }> {
  const { sessionId = newId('ses'), requestId = newId('req') } = ref;
  const request = {
    requestId,
    subjectName: `CHILD OF ${canary(index)}`,
    authority: 'parent',
  } as const;
  const claimant = { name: canary(index), nik };
  return { caseId: await openCase(vault, sessionId, request, claimant), sessionId, requestId };
}

const keyRow = z.strictObject({ key: z.instanceof(Uint8Array) });
const keysNow = (): Buffer[] =>
  fixture.folder.keys
    .all(keyRow, 'SELECT key FROM case_keys ORDER BY case_id')
    .map(({ key }) => Buffer.from(key));

/** All bytes of all files below the data folder, WAL and shared memory included. */
const onDisk = (): Buffer =>
  Buffer.concat(
    readdirSync(fixture.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  );

const eventsOf = (): readonly string[] =>
  fixture.journal.rows(1, fixture.journal.size()).map(({ event }) => event.kind);

/** Both verifiers, which must find it whole. */
function expectWhole(): void {
  const { journal, path } = fixture;
  expect(journal.verify().firstBreak).toBeNull();
  const key = createPublicKey(readFileSync(join(path, 'keys/journal.pub.pem')));
  expect(verifyFile(join(path, 'journal.db'), key)).toMatchObject({ verdict: 'valid' });
}

function job(mayRun: () => boolean = () => true): RetentionJob {
  return new RetentionJob({
    journal: fixture.journal,
    vault,
    clock,
    logFolder: fixture.folder.logFolder,
    times: { personalFieldsDays: 30, logDays: 90, journalYears: 5 },
    clockIsConfirmed: mayRun,
    fatal: (cause) => {
      throw cause;
    },
  });
}

describe('erasing', () => {
  it('leaves no byte of any key and no plaintext in any file, of 150 cases among 300', async () => {
    const refs = [];
    for (let index = 0; index < 300; index += 1) refs.push(await putCase(index));
    const before = keysNow();
    expect(before).toHaveLength(300);
    const gone = refs.filter((_, index) => index % 2 === 0).map(({ caseId }) => caseId);
    await vault.erase(gone, 'retention');
    const kept = keysNow();
    expect(kept).toHaveLength(150);
    const destroyed = before.filter((key) => !kept.some((other) => other.equals(key)));
    const disk = onDisk();
    expect(destroyed).toHaveLength(150);
    expect(destroyed.filter((key) => disk.includes(key))).toEqual([]);
    // Not even the half of one: a torn page would show so.
    expect(destroyed.filter((key) => disk.includes(key.subarray(0, 16)))).toEqual([]);
    expect(kept.every((key) => disk.includes(key))).toBe(true);
    expect(disk.includes('AMINAH')).toBe(false);
    expect(disk.includes('990201')).toBe(false);
    expectWhole();
  });

  it('one person takes at most a second among hundreds of cases', async () => {
    const mine = [];
    for (let index = 0; index < 200; index += 1) await putCase(index);
    const requestId = newId('req');
    for (let index = 0; index < 3; index += 1) mine.push(await putCase(index, { requestId }));
    const [first] = mine;
    const began = performance.now();
    expect(await eraseOnRequest({ ...fixture, vault }, { requestId }, by)).toBe(3);
    const ofRequestMs = performance.now() - began;
    const again = performance.now();
    expect(await eraseOnRequest({ ...fixture, vault }, { nik }, by)).toBe(200);
    const ofPersonMs = performance.now() - again;
    process.stdout.write(
      `erasure: 3 cases of a request ${ofRequestMs.toFixed(0)} ms, 200 cases of a person ${ofPersonMs.toFixed(0)} ms\n`,
    );
    // The goal is one second; three leave room for a machine that others use too.
    expect(ofRequestMs).toBeLessThan(3_000);
    expect(ofPersonMs).toBeLessThan(3_000);
    expect(vault.read(first?.caseId ?? '')).toMatchObject({ error: { kind: 'erased' } });
    expect(keysNow()).toEqual([]);
    expectWhole();
  });

  it('on request is on record with who and why, and with no case where there was none', async () => {
    const { caseId } = await putCase(1);
    expect(await eraseOnRequest({ ...fixture, vault }, { caseId: newId('case') }, by)).toBe(0);
    expect(await eraseOnRequest({ ...fixture, vault }, { caseId }, by)).toBe(1);
    const [none, one] = fixture.journal
      .rows(1, fixture.journal.size())
      .filter(({ event }) => event.kind === 'case.erasureAsked');
    expect(none?.event).toMatchObject({ cases: 0, personId: by.personId });
    expect(one?.event).toMatchObject({ cases: 1 });
    expect(readStaffNote(fixture.journal.reader, one?.seq ?? 0)).toEqual({
      name: by.name,
      reason: by.reason,
    });
    expect(fixture.journal.rows(1, 99).some(({ event }) => 'name' in event)).toBe(false);
  });

  it('that a crash cut short is ended at the next start, and is no lost key', async () => {
    const { caseId } = await putCase(1);
    const failing = new Vault({
      journal: new Proxy(fixture.journal, {
        get: (target, name) =>
          name === 'append'
            ? () => Promise.reject(new Error('killed here'))
            : (Reflect.get(target, name, target) as unknown),
      }),
      keys: fixture.folder.keys,
      clock,
    });
    await expect(failing.erase([caseId], 'request')).rejects.toThrow('killed here');
    expect(vault.read(caseId)).toMatchObject({ error: { kind: 'erased' } });
    expect(vault.casesWithoutKey()).toEqual([]);
    expect(eventsOf()).not.toContain('case.erased');
    await vault.finishErasures();
    expect(eventsOf()).toContain('case.erased');
    expect(vault.isSealed(caseId)).toBe(false);
    expectWhole();
  });

  it('tells a key that nobody erased from one that was', async () => {
    const { caseId } = await putCase(1);
    fixture.folder.keys.run('DELETE FROM case_keys');
    expect(vault.read(caseId)).toMatchObject({ error: { kind: 'keyMissing' } });
    expect(vault.casesWithoutKey()).toEqual([caseId]);
  });

  it('drops a key whose sealed text a crash kept from being written', async () => {
    await putCase(1);
    fixture.folder.keys.run(
      `INSERT INTO case_keys VALUES ('case_AAAAAAAAAAAAAAAA', randomblob(32), 0)`,
    );
    expect(vault.dropIdleKeys()).toBe(1);
    expect(keysNow()).toHaveLength(1);
  });
});

describe('retention', () => {
  it('erases a case 30 days after its last attempt ended, not a moment before', async () => {
    const of = await putCase(1);
    clock.advance(10 * DAY_MS);
    await attemptFor(fixture.journal, of, 'delivered');
    clock.advance(30 * DAY_MS);
    const early = job();
    early.start();
    await early.stop();
    expect(vault.read(of.caseId).ok).toBe(true);
    clock.advance(1);
    const due = job();
    due.start();
    await due.stop();
    expect(vault.read(of.caseId)).toMatchObject({ error: { kind: 'erased' } });
    expectWhole();
  });

  it('keeps a case whose attempt is open or waits for people, and says how many', async () => {
    const open = await putCase(1);
    const uncertain = await putCase(2);
    const heldBack = await putCase(3);
    const forgotten = await putCase(4);
    await attemptFor(fixture.journal, open, 'open');
    await attemptFor(fixture.journal, uncertain, 'uncertain');
    await attemptFor(fixture.journal, heldBack, 'heldBack');
    clock.advance(400 * DAY_MS);
    const one = job();
    one.start();
    await one.idle();
    expect(vault.read(open.caseId).ok).toBe(true);
    expect(vault.read(uncertain.caseId).ok).toBe(true);
    expect(vault.read(heldBack.caseId).ok).toBe(true);
    expect(vault.read(forgotten.caseId).ok).toBe(false);
    const [row] = fixture.journal
      .rows(1, fixture.journal.size())
      .filter(({ event }) => event.kind === 'retention.applied');
    expect(row?.event).toMatchObject({ casesErased: 1, casesKept: 3, filesRemoved: 0 });
    await one.stop();
  });

  it('runs again each day, in steps between which others get their turn', async () => {
    for (let index = 0; index < 45; index += 1) await putCase(index);
    clock.advance(31 * DAY_MS);
    const daily = job();
    daily.start();
    const others = fixture.journal.append({ events: [touched()] });
    await daily.idle();
    const touchedAt = eventsOf().indexOf('session.opened');
    expect(touchedAt).toBeLessThan(eventsOf().lastIndexOf('case.erased'));
    expect(await others).toBeDefined();
    clock.advance(DAY_MS);
    await daily.idle();
    expect(eventsOf().filter((kind) => kind === 'retention.applied')).toHaveLength(2);
    await daily.stop();
    clock.advance(10 * DAY_MS);
    await daily.idle();
    expect(eventsOf().filter((kind) => kind === 'retention.applied')).toHaveLength(2);
  });

  it('removes nothing while the clock is not believed: set ahead, everything would look old', async () => {
    const { caseId } = await putCase(1);
    clock.setWallClock(clock.now() + 4_000 * DAY_MS);
    const parked = job(() => false);
    parked.start();
    await parked.stop();
    expect(vault.read(caseId).ok).toBe(true);
    expect(eventsOf()).not.toContain('retention.applied');
  });

  it('waits for the clock to be confirmed, and then does not wait for the next day', async () => {
    const { caseId } = await putCase(1);
    clock.advance(31 * DAY_MS);
    let isConfirmed = false;
    const one = job(() => isConfirmed);
    one.start();
    await one.idle();
    expect(vault.read(caseId).ok).toBe(true);
    isConfirmed = true;
    clock.advance(60_000);
    await one.idle();
    expect(vault.read(caseId)).toMatchObject({ error: { kind: 'erased' } });
    await one.stop();
  });

  it('removes logs 90 days after they were written, and nothing but plain files', async () => {
    const { logFolder } = fixture.folder;
    const age = (name: string, days: number): void => {
      const at = (clock.now() - days * DAY_MS) / 1000;
      utimesSync(join(logFolder, name), at, at);
    };
    for (const [name, days] of [
      ['old.log', 91],
      ['new.log', 89],
    ] as const) {
      writeFileSync(join(logFolder, name), 'x');
      age(name, days);
    }
    symlinkSync(join(fixture.path, 'journal.db'), join(logFolder, 'link.log'));
    const one = job();
    one.start();
    await one.stop();
    expect(readdirSync(logFolder).sort()).toEqual(['link.log', 'new.log']);
  });

  it('counts the rows that are past their years, and keeps them', async () => {
    await fixture.journal.append({ events: [touched(), touched()] });
    clock.advance(6 * 366 * DAY_MS);
    await fixture.journal.append({ events: [touched()] });
    const { journal } = fixture;
    expect(rowsBefore(journal.reader, clock.now(), journal.size())).toBe(3);
    expect(rowsBefore(journal.reader, clock.now() + 1, journal.size())).toBe(4);
    expect(rowsBefore(journal.reader, 0, journal.size())).toBe(0);
  });
});

describe('who was here', () => {
  it('is told by name before erasure, and by request and time of erasure after it', async () => {
    const first = await putCase(1);
    await attemptFor(fixture.journal, first, 'delivered');
    clock.advance(3_600_000);
    const second = await putCase(2);
    const fromMs = clock.now() - DAY_MS;
    const ask = { fromMs, toMs: clock.now() + 1, by };
    const before = await lookUpVisitors({ ...fixture, vault }, ask);
    expect(before).toMatchObject([
      {
        claimantName: canary(1),
        requestId: first.requestId,
        documentKind: 'kk',
        outcome: 'delivered',
        fields: 'sealed',
        erasedAt: null,
      },
      { claimantName: canary(2), requestId: second.requestId, documentKind: null, outcome: null },
    ]);
    clock.advance(31 * DAY_MS);
    const retention = job();
    retention.start();
    await retention.stop();
    const erasedAt = clock.now();
    clock.advance(5_000);
    const after = await lookUpVisitors({ ...fixture, vault }, ask);
    expect(after).toMatchObject([
      { claimantName: null, requestId: first.requestId, fields: 'erased', erasedAt },
      { claimantName: null, requestId: second.requestId, fields: 'erased', erasedAt },
    ]);
    expect(JSON.stringify(after)).not.toContain('CANARY');
    const looks = fixture.journal
      .rows(1, fixture.journal.size())
      .filter(({ event }) => event.kind === 'visitors.exported');
    expect(looks.map(({ event }) => event)).toMatchObject([
      { cases: 2, named: 2, fromMs, personId: by.personId },
      { cases: 2, named: 0 },
    ]);
    expect(readStaffNote(fixture.journal.reader, looks[0]?.seq ?? 0)?.name).toBe(by.name);
    expectWhole();
  });

  it('is of the time that was asked for alone, its end not included', async () => {
    await putCase(1);
    const at = clock.now();
    const look = (fromMs: number, toMs: number) =>
      lookUpVisitors({ ...fixture, vault }, { fromMs, toMs, by });
    expect(await look(at, at)).toEqual([]);
    expect(await look(at, at + 1)).toHaveLength(1);
    expect(await look(at + 1, at + DAY_MS)).toEqual([]);
  });

  it('is told by nobody without a name and a reason', async () => {
    // Half a character would be stored as another than was hashed.
    for (const reason of [' ', 'letter \ud800']) {
      const ask = { fromMs: 0, toMs: 1, by: { ...by, reason } };
      await expect(lookUpVisitors({ ...fixture, vault }, ask)).rejects.toThrow();
    }
    expect(eventsOf()).not.toContain('visitors.exported');
  });
});
