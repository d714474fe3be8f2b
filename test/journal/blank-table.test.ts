import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import {
  discard,
  openAgain,
  openFixture,
  temporaryFolder,
  touched,
  type OpenedFixture,
} from './fixture.ts';

// Flushes take long on a machine that others use too.
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

const range = { batch: 'B-1', blankKind: 'ktpEl' } as const;
const blank = { kind: 'ktpEl', batch: 'B-1', source: 'read' } as const;
type Move = Extract<JournalEvent, { kind: 'blank.moved' }>;
const moved = (serial: string, from: Move['from'], to: Move['to'], feeder?: string): Move => ({
  kind: 'blank.moved',
  blank: { ...blank, serial },
  from,
  to,
  attemptId: newId('att'),
  ...(feeder === undefined ? {} : { feeder }),
});

/** Blanks of every story: left alone, issued, lying in another feeder, returned, loaded again, found. */
async function recordBlanks(): Promise<void> {
  const load = { kind: 'blank.loaded', ...range } as const;
  const unload = { kind: 'blank.unloaded', ...range } as const;
  const found: JournalEvent = {
    kind: 'blank.foundAtCount',
    blank: { ...blank, serial: 'KTP-0099' },
    place: { in: 'rejectBin' },
    incidentId: newId('inc'),
    by: [newId('per'), newId('per')],
  };
  await fixture.journal.append({
    events: [
      { ...load, feeder: 'one', firstSerial: 'KTP-0001', count: 6, by: [] },
      moved('KTP-0002', 'inFeeder', 'inTransport'),
      moved('KTP-0002', 'inTransport', 'issued'),
      moved('KTP-0003', 'inFeeder', 'inFeeder', 'two'),
      { ...unload, feeder: 'two', firstSerial: 'KTP-0003', count: 1, by: [] },
      { ...unload, feeder: 'one', firstSerial: 'KTP-0004', count: 2, by: [] },
      { ...load, feeder: 'two', firstSerial: 'KTP-0005', count: 1, by: [] },
      moved('KTP-0006', 'inFeeder', 'inTransport'),
      found,
    ],
  });
}

const start = () => openAgain(fixture, clock);
const refused = (key: string) => ({
  ok: false,
  error: { kind: 'stateMismatch', table: 'blanks', key },
});

describe('a start', () => {
  it('goes on where the table of blanks is what the events say', async () => {
    await recordBlanks();
    expect(fixture.journal.verify().firstBreak).toBeNull();
    expect(start()).toMatchObject({ ok: true });
  });

  it.each([
    ['an issued one lies in the feeder again', 'KTP-0002', "state = 'inFeeder'"],
    ['an issued one lies there as if it had never moved', 'KTP-0002', asLoaded('KTP-0001')],
    ['one in the feeder is issued', 'KTP-0001', "state = 'issued'"],
    ['one lies in another feeder', 'KTP-0001', "feeder = 'two'"],
    ['one was returned from the feeder that it had left', 'KTP-0003', "feeder = 'one'"],
    ['one is of another kind', 'KTP-0005', "kind = 'kia'"],
    ['a returned one lies in the feeder', 'KTP-0004', "state = 'inFeeder'"],
    ['one that a count found is issued', 'KTP-0099', "state = 'issued'"],
  ])('is refused where %s', async (_, serial, change) => {
    await recordBlanks();
    fixture.folder.journal.run(`UPDATE blanks SET ${change} WHERE serial = ?`, serial);
    expect(start()).toEqual(refused(serial));
    expect(fixture.journal.verify().firstBreak).toMatchObject({ reason: 'stateMismatch' });
  });

  it('is refused where one is gone, or one was added', async () => {
    await recordBlanks();
    const database = fixture.folder.journal;
    database.run("UPDATE blanks SET serial = 'KTP-0100' WHERE serial = 'KTP-0001'");
    expect(start()).toEqual(refused('KTP-0100'));
    database.run("DELETE FROM blanks WHERE serial = 'KTP-0100'");
    expect(start()).toEqual(refused('KTP-0001'));
  });

  it('is refused, and no crash, where bits of an old row of a blank are not what they were', async () => {
    await recordBlanks();
    for (let rows = 0; rows < 200; rows += 50) {
      await fixture.journal.append({ events: Array.from({ length: 50 }, touched) });
    }
    const { folder, path } = fixture;
    folder.journal.pragma('wal_checkpoint(TRUNCATE)');
    const copy = `${path}-copy`;
    cpSync(path, copy, { recursive: true });
    // On the disk alone: the indexes still call it a move, which an UPDATE would not leave so.
    const bytes = readFileSync(join(copy, 'journal.db'));
    bytes.write('[', bytes.lastIndexOf('{"at"', bytes.indexOf('"serial":"KTP-0006"')));
    writeFileSync(join(copy, 'journal.db'), bytes);
    const error = { kind: 'stateMismatch', table: 'blanks', key: 'KTP-0006' };
    expect(() => openFixture(copy, clock)).toThrow(`journal: ${JSON.stringify(error)}`);
    discard(copy);
  });
});

/** Every column as the blank beside it has it, which nothing happened to. */
function asLoaded(beside: string): string {
  const columns = 'state, source, attempt_id, loaded_seq, updated_seq';
  return `(${columns}) = (SELECT ${columns} FROM blanks WHERE serial = '${beside}')`;
}
