import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import { openFileSigner } from '../../src/journal/chain/signer.ts';
import { headIsSignedBy } from '../../src/journal/chain/head.ts';
import { openJournal } from '../../src/journal/open-journal.ts';
import { attemptTimeline, findAttempt, listAttempts } from '../../src/journal/print-log.ts';
import {
  discard,
  openFixture,
  recordAttempt,
  started,
  temporaryFolder,
  TERMINAL,
  touched,
  type OpenedFixture,
} from './fixture.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

const clock = new FakeClock();
let fixture: OpenedFixture;

beforeEach(() => {
  fixture = openFixture(temporaryFolder(), clock);
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

const reopen = (): OpenedFixture => {
  fixture.folder.close();
  fixture = openFixture(fixture.path, clock);
  return fixture;
};

describe('appending', () => {
  it('numbers rows from 1 and keeps time and event', async () => {
    const { journal } = fixture;
    const opened = touched();
    await journal.append({ events: [started] });
    clock.advance(1_500);
    const receipt = await journal.append({ events: [opened, touched()] });
    expect(receipt).toMatchObject({ firstSeq: 2, lastSeq: 3, head: null });
    expect(journal.rows(2, 2)).toEqual([
      { seq: 2, at: clock.now(), mono: clock.monotonicMs(), event: opened },
    ]);
  });

  it('keeps the order of calls that were made at once', async () => {
    const events = Array.from({ length: 20 }, touched);
    await Promise.all(events.map((event) => fixture.journal.append({ events: [event] })));
    expect(fixture.journal.rows(1, 20).map(({ event }) => event)).toEqual(events);
    expect(fixture.journal.verify().firstBreak).toBeNull();
  });

  it('keeps nothing of an append whose other writes fail, and goes on', async () => {
    const { journal } = fixture;
    await journal.append({ events: [started] });
    const failing = journal.append({
      events: [touched()],
      also: () => {
        throw new Error('the other write failed');
      },
    });
    await expect(failing).rejects.toThrow('the other write failed');
    expect((await journal.append({ events: [touched()] })).lastSeq).toBe(2);
    expect(journal.verify()).toMatchObject({ rows: 2, firstBreak: null });
  });

  it('refuses an event outside the catalogue without repeating what it holds', async () => {
    const nik = '9902014501900001';
    const event = { ...touched(), sessionId: nik } as JournalEvent;
    const refused = fixture.journal.append({ events: [event] });
    await expect(refused).rejects.toThrow('sessionId');
    await expect(refused).rejects.not.toThrow(nik);
    expect(fixture.journal.rows(1, 9)).toEqual([]);
  });

  it('refuses every further append once the disk has failed, whatever it then holds', async () => {
    const { journal } = fixture;
    await journal.append({ events: [started] });
    const failing = journal.append({
      events: [touched()],
      also: () => {
        throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
      },
    });
    await expect(failing).rejects.toMatchObject({ kind: 'ioError' });
    await expect(journal.append({ events: [touched()] })).rejects.toMatchObject({
      kind: 'ioError',
    });
    expect(reopen().journal.verify()).toMatchObject({ rows: 1, firstBreak: null });
  });

  it('refuses every append after it was stopped', async () => {
    await fixture.journal.stop('asked');
    await expect(fixture.journal.append({ events: [touched()] })).rejects.toMatchObject({
      kind: 'stopped',
    });
  });

  it('tells listeners after the commit', async () => {
    const seen: number[] = [];
    fixture.journal.onAppended((rows) => seen.push(...rows.map(({ seq }) => seq)));
    await fixture.journal.append({ events: [started, touched()] });
    expect(seen).toEqual([1, 2]);
  });
});

describe('checkpoints', () => {
  it('cover every row that announces a movement or settles an attempt', async () => {
    const { journal } = fixture;
    await journal.append({ events: [started] });
    await recordAttempt(journal);
    const { head } = await journal.append({ events: [touched()] });
    expect(head).toBeNull();
    // started, printIntent and settled
    expect(journal.verify()).toMatchObject({ rows: 9, checkpoints: 3, signedThrough: 8 });
  });

  it('cover at least every hundredth row', async () => {
    for (let row = 1; row < 100; row += 1) await fixture.journal.append({ events: [touched()] });
    expect(fixture.journal.head()).toBeNull();
    const { head } = await fixture.journal.append({ events: [touched()] });
    expect(head?.size).toBe(100);
  });

  it('are signed by the key in the folder, over terminal, size, head, time and algorithm', async () => {
    const { journal, signer } = fixture;
    const { head } = await journal.append({ events: [started] });
    if (head === null) throw new Error('no checkpoint');
    expect(head).toMatchObject({ terminalId: TERMINAL, size: 1, algorithm: 'ed25519' });
    expect(headIsSignedBy(head, signer.publicKey)).toBe(true);
    for (const forged of [{ size: 2 }, { at: head.at + 1 }, { terminalId: 'ADM-9901-02' }]) {
      expect(headIsSignedBy({ ...head, ...forged }, signer.publicKey)).toBe(false);
    }
  });

  it('are made on demand for rows that have none, once', async () => {
    const { journal } = fixture;
    expect(await journal.checkpoint()).toBeNull();
    await journal.append({ events: [touched()] });
    const head = await journal.checkpoint();
    expect(head?.size).toBe(1);
    expect(await journal.checkpoint()).toBe(head);
    expect(journal.verify()).toMatchObject({ signedThrough: 1, firstBreak: null });
  });
});

describe('opening again', () => {
  it('goes on where the chain ended and tells a clean stop from a crash', async () => {
    await fixture.journal.append({ events: [started] });
    const previousStopOf = ({ folder, signer }: OpenedFixture) => {
      const parts = { database: folder.journal, signer, clock, terminalId: TERMINAL };
      const opened = openJournal(parts);
      return opened.ok ? opened.value.previousStop : opened.error;
    };
    expect(previousStopOf(reopen())).toBe('unclean');
    await fixture.journal.stop('asked');
    expect(previousStopOf(reopen())).toBe('clean');
    const { lastSeq } = await fixture.journal.append({ events: [started] });
    expect(lastSeq).toBe(3);
    expect(fixture.journal.verify().firstBreak).toBeNull();
  });

  it('refuses a journal of another terminal, or signed by another key', async () => {
    await fixture.journal.append({ events: [started] });
    const { folder, signer } = reopen();
    const parts = { database: folder.journal, signer, clock, terminalId: TERMINAL };
    expect(openJournal({ ...parts, terminalId: 'ADM-9901-02' })).toMatchObject({
      error: { kind: 'broken', firstBreak: { reason: 'otherTerminal' } },
    });
    const other = openFileSigner(folder.logFolder, { mayCreate: true });
    if (!other.ok) throw new Error(other.error.kind);
    expect(openJournal({ ...parts, signer: other.value })).toMatchObject({
      error: { kind: 'broken', firstBreak: { reason: 'checkpointSignature' } },
    });
  });

  it('makes no new key for a record that lost its own', () => {
    expect(openFileSigner(fixture.folder.logFolder, { mayCreate: false })).toEqual({
      ok: false,
      error: { kind: 'keyMissing' },
    });
  });

  it('refuses a table of attempts that is not what the events say', async () => {
    await fixture.journal.append({ events: [started] });
    const attemptId = await recordAttempt(fixture.journal);
    fixture.folder.journal.run("UPDATE attempts SET outcome = 'notPrinted'");
    const { folder, signer } = fixture;
    const parts = { database: folder.journal, signer, clock, terminalId: TERMINAL };
    expect(openJournal(parts)).toEqual({
      ok: false,
      error: { kind: 'stateMismatch', table: 'attempts', key: attemptId },
    });
    expect(fixture.journal.verify().firstBreak).toMatchObject({ reason: 'stateMismatch' });
    folder.journal.run('DELETE FROM attempts');
    expect(openJournal(parts)).toMatchObject({ error: { kind: 'stateMismatch', key: attemptId } });
  });
});

describe('states folded from events', () => {
  it('show an attempt with its outcome and its timeline, newest first', async () => {
    const { journal } = fixture;
    await journal.append({ events: [started] });
    const first = await recordAttempt(journal);
    const second = await recordAttempt(journal);
    const [newest] = listAttempts(journal.reader, { limit: 1 });
    expect(newest).toMatchObject({ attemptId: second, state: 'confirming', outcome: 'delivered' });
    const [older] = listAttempts(journal.reader, { limit: 1, beforeSeq: newest?.openedSeq ?? 0 });
    expect(older?.attemptId).toBe(first);
    expect(attemptTimeline(journal.reader, first).map(({ event }) => event.kind)).toEqual([
      ...Array.from({ length: 6 }, () => 'attempt.stateEntered'),
      'attempt.settled',
    ]);
    expect(findAttempt(journal.reader, 'att_unknown')).toBeNull();
  });

  it('refuse a step that does not start where the attempt is, and a second settlement', async () => {
    const { journal } = fixture;
    const attemptId = await recordAttempt(journal);
    const [row] = attemptTimeline(journal.reader, attemptId).slice(-1);
    if (row?.event.kind !== 'attempt.settled') throw new Error('not settled');
    const { sessionId, requestId, documentKind } = row.event;
    const which = { attemptId, sessionId, requestId, documentKind } as const;
    const step = { kind: 'attempt.stateEntered', ...which, from: 'printed', to: 'taken' } as const;
    await expect(journal.append({ events: [step] })).rejects.toThrow('is not in state printed');
    await expect(journal.append({ events: [row.event] })).rejects.toThrow('was settled before');
    expect(journal.verify()).toMatchObject({ rows: 7, firstBreak: null });
  });

  it('give every blank one place, refuse a serial twice, and take a returned one back', async () => {
    const { journal } = fixture;
    const range = {
      batch: 'B-1',
      blankKind: 'ktpEl',
      feeder: 'feeder1',
      firstSerial: 'KTP-0099',
      count: 3,
      by: [],
    } as const;
    const load: JournalEvent = { kind: 'blank.loaded', ...range, by: [] };
    const unload: JournalEvent = {
      kind: 'blank.unloaded',
      ...range,
      firstSerial: 'KTP-0100',
      count: 2,
      by: [],
    };
    const move = (
      serial: string,
      to: 'inTransport' | 'issued',
      from: 'inFeeder' | 'inTransport',
    ): JournalEvent => ({
      kind: 'blank.moved',
      blank: { kind: 'ktpEl', batch: 'B-1', serial, source: 'read' },
      from,
      to,
      attemptId: newId('att'),
    });
    await journal.append({ events: [load] });
    await expect(journal.append({ events: [load] })).rejects.toThrow('was loaded before');
    await journal.append({ events: [move('KTP-0099', 'inTransport', 'inFeeder')] });
    await journal.append({ events: [move('KTP-0099', 'issued', 'inTransport')] });
    const again = journal.append({ events: [move('KTP-0099', 'issued', 'inTransport')] });
    await expect(again).rejects.toThrow('is not inTransport');
    await journal.append({ events: [unload] });
    await journal.append({
      events: [{ kind: 'blank.loaded', ...range, firstSerial: 'KTP-0101', count: 1, by: [] }],
    });
    const states = fixture.folder.journal.iterateRaw('SELECT serial, state FROM blanks ORDER BY 1');
    expect([...states]).toEqual([
      ['KTP-0099', 'issued'],
      ['KTP-0100', 'returned'],
      ['KTP-0101', 'inFeeder'],
    ]);
    expect(journal.verify().firstBreak).toBeNull();
  });
});
