import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { csv } from '../../src/cli/csv.ts';
import { dayRange, momentIn } from '../../src/cli/day-range.ts';
import { openRecord } from '../../src/core/foundation.ts';
import { readStaffNote } from '../../src/journal/staff-note.ts';
import { openCase } from '../../src/journal/vault/open-case.ts';
import { Vault } from '../../src/journal/vault/vault.ts';
import { nikSchema } from '../../src/domain/nik.ts';
import { openDataFolder } from '../../src/store/data-folder.ts';
import { started } from '../journal/fixture.ts';
import { anjungan } from './support/run.ts';
import { TERMINAL_ID, TerminalFolder } from './support/terminal-folder.ts';

// Processes and flushes, on a machine that others use too.
jest.setTimeout(120_000);

describe('a table for a spreadsheet', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '|cmd', '%0A'])(
    'gives %j as text and not as a formula',
    (cell) => {
      expect(csv([[cell]]).startsWith(`"'`)).toBe(true);
    },
  );

  it('quotes every cell, doubles quotes, and ends each line by CR LF', () => {
    expect(
      csv([
        ['a', null],
        ['D\'ARC "X", Y', 'b\nc'],
      ]),
    ).toBe('"a",""\r\n"D\'ARC ""X"", Y","b\nc"\r\n');
  });
});

describe('a time as people give it', () => {
  it('is a whole day of the terminal’s zone, the last one included', () => {
    const range = dayRange('2026-01-05', '2026-01-06', 'Asia/Jayapura');
    expect(range).toEqual({
      ok: true,
      value: {
        fromMs: Date.parse('2026-01-04T15:00:00Z'),
        toMs: Date.parse('2026-01-06T15:00:00Z'),
      },
    });
    expect(momentIn(Date.parse('2026-01-04T15:00:00Z'), 'Asia/Jayapura')).toBe(
      '2026-01-05T00:00:00+09:00',
    );
  });

  it.each([
    ['5 Jan', '2026-01-06', 'notATime'],
    ['2026-13-05', '2026-01-06', 'notATime'],
    ['2026-01-05T08:00:00', '2026-01-06', 'notATime'],
    ['2026-01-06', '2026-01-05', 'endsBeforeItBegins'],
    ['2026-01-05T08:00:00Z', '2026-01-05T08:00:00Z', 'endsBeforeItBegins'],
  ])('is refused where it is from %s to %s', (from, to, error) => {
    expect(dayRange(from, to, 'Asia/Jakarta')).toEqual({ ok: false, error });
  });
});

describe('anjungan journal visitors', () => {
  let folder: TerminalFolder;
  const requestId = newId('req');
  const subjectName = '=HYPERLINK("http://x","SITI")';
  beforeEach(async () => {
    folder = await TerminalFolder.make();
    const opened = openRecord(folder.data, {
      reserveBytes: 0,
      terminalId: TERMINAL_ID,
      clock: systemClock,
    });
    if (!opened.ok) throw new Error(opened.error.kind);
    const { journal, folder: data } = opened.value;
    await journal.append({ events: [started] });
    await openCase(
      new Vault({ journal, keys: data.keys, clock: systemClock }),
      newId('ses'),
      { requestId, subjectName, authority: 'self' },
      { name: 'S*** A*****', nik: nikSchema.parse('9902014501900001') },
    );
    data.close();
  });
  afterEach(() => folder.remove());

  const today = momentIn(Date.now(), 'Asia/Jakarta').slice(0, 10);
  const tomorrow = momentIn(Date.now() + 86_400_000, 'Asia/Jakarta').slice(0, 10);
  const who = ['--by', 'BUDI PETUGAS', '--reason', 'letter 12/2026 of the ombudsman'];
  const journal = (...args: string[]) => anjungan('--data', folder.data, 'journal', ...args);
  const visitors = (...more: string[]) =>
    journal('visitors', '--from', today, '--to', tomorrow, ...who, ...more);

  it('names who was here as a formula-safe table, then only the request, each look on record', async () => {
    const before = await visitors('--csv');
    expect(before.stderr).toBe('');
    const [headings, line] = before.stdout.split('\r\n');
    expect(headings).toBe(
      '"at","terminal","request","document","outcome","claimant","NIK","subject","authority","personal fields","session","case"',
    );
    expect(line).toContain(`"${TERMINAL_ID}","${requestId}"`);
    expect(line).toContain('"S*** A*****","990201******0001"');
    expect(line).toContain(`"'=HYPERLINK(""http://x"",""SITI"")"`);
    const erased = await journal('erase', '--request', requestId, ...who);
    expect(erased).toMatchObject({
      status: 0,
      stdout: 'Erased the personal fields of 1 case for good.\n',
    });
    const after = await visitors('--csv');
    expect(after.stdout).not.toContain('SITI');
    expect(after.stdout).toContain(requestId);
    expect(after.stdout).toMatch(/"erased at \S+; the registry knows by the request"/);
    const opened = openRecord(folder.data, {
      reserveBytes: 0,
      terminalId: TERMINAL_ID,
      clock: systemClock,
    });
    if (!opened.ok) throw new Error(opened.error.kind);
    const { journal: record, folder: data } = opened.value;
    const looks = record
      .rows(1, record.size())
      .filter(({ event }) => event.kind === 'visitors.exported');
    expect(looks.map(({ event }) => event)).toMatchObject([
      { cases: 1, named: 1, personId: null, osUid: process.getuid?.() },
      { cases: 1, named: 0 },
    ]);
    expect(readStaffNote(record.reader, looks[0]?.seq ?? 0)).toEqual({
      name: 'BUDI PETUGAS',
      reason: 'letter 12/2026 of the ombudsman',
    });
    expect(record.verify().firstBreak).toBeNull();
    data.close();
  });

  it('tells nobody who gives no reason, and nothing while core runs', async () => {
    const none = await journal('visitors', '--from', today, '--to', today, '--by', 'BUDI');
    expect(none).toMatchObject({ status: 2, stdout: '' });
    const running = openDataFolder(folder.data, { reserveBytes: 0 });
    if (!running.ok) throw new Error(running.error.kind);
    const during = await visitors();
    running.value.close();
    expect(during).toMatchObject({ status: 2 });
    expect(during.stdout).toMatch(/Another core already runs/);
  });
});
