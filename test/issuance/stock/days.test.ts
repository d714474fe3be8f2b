import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { newId } from '../../../src/base/ids.ts';
import { BlankStock } from '../../../src/issuance/blank-stock.ts';
import { dayBalance } from '../../../src/issuance/stock/day-balance.ts';
import { forecast } from '../../../src/issuance/stock/forecast.ts';
import { startOfDay } from '../../../src/issuance/stock/local-days.ts';
import type { BlankState } from '../../../src/journal/events/stock.ts';
import {
  discard,
  openFixture,
  temporaryFolder,
  touched,
  type OpenedFixture,
} from '../../journal/fixture.ts';

const HOUR = 3_600_000;
const timeZone = 'Asia/Jakarta';
const kind = 'ktpEl' as const;

let clock: FakeClock;
let fixture: OpenedFixture;
let stock: BlankStock;
let issued: number;
beforeEach(async () => {
  clock = new FakeClock();
  // Nine in the morning of some day there, so that a test is not about midnight by accident.
  clock.advance(startOfDay(timeZone, clock.now()) + 33 * HOUR - clock.now());
  fixture = openFixture(temporaryFolder(), clock);
  stock = new BlankStock(fixture.journal, 'specimen');
  issued = 0;
  const range = { feeder: 'ktp', kind, batch: 'B-1', firstSerial: 'KTP-0001', count: 60 };
  await stock.load({ ...range, by: [newId('per'), newId('per')] });
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

async function print(fate: BlankState): Promise<void> {
  issued += 1;
  const serial = `KTP-${String(issued).padStart(4, '0')}`;
  const blank = { kind, batch: 'B-1', serial, source: 'read' as const };
  const attemptId = newId('att');
  await fixture.journal.append({
    events: [
      { kind: 'blank.moved', blank, from: 'inFeeder', to: 'inTransport', attemptId },
      { kind: 'blank.moved', blank, from: 'inTransport', to: fate, attemptId },
    ],
  });
}

/** A day on which somebody came, and that many cards were used. */
async function openDay(...fates: readonly BlankState[]): Promise<void> {
  await fixture.journal.append({ events: [touched()] });
  for (const fate of fates) await print(fate);
  clock.advance(24 * HOUR);
}

const told = () => forecast(stock.reader, { kind, now: clock.now(), timeZone });

describe('the forecast of days left', () => {
  it('is unknown on fewer than five open days', async () => {
    for (let day = 0; day < 4; day += 1) await openDay('issued', 'issued');
    expect(told()).toEqual({
      ...{ kind: 'unknown', why: 'tooFewOpenDays' },
      ...{ remaining: 52, used: 8, openDays: 4 },
    });
  });

  it('is unknown where nothing was used', async () => {
    for (let day = 0; day < 6; day += 1) await openDay();
    expect(told()).toMatchObject({ kind: 'unknown', why: 'nothingUsed', openDays: 6 });
  });

  it('goes by what was issued, spoiled and drawn back a day that was open, and rounds down', async () => {
    for (let day = 0; day < 5; day += 1) await openDay('issued', 'void');
    await openDay('retracted', 'issued', 'unresolved');
    clock.advance(7 * 24 * HOUR);
    expect(told()).toEqual({
      ...{ kind: 'known', usedPerOpenDay: 2, openDaysLeft: 23 },
      ...{ remaining: 47, used: 12, openDays: 6 },
    });
  });

  it('counts a card once that lay in the bin and was handed over later', async () => {
    for (let day = 0; day < 5; day += 1) await openDay('void');
    const blank = { kind, batch: 'B-1', serial: 'KTP-0001', source: 'read' as const };
    await fixture.journal.append({
      events: [{ kind: 'blank.moved', blank, from: 'void', to: 'issued', attemptId: newId('att') }],
    });
    clock.advance(24 * HOUR);
    expect(told()).toMatchObject({ used: 5 });
  });

  it('leaves the day that still runs out, and what is older than thirty days', async () => {
    for (let day = 0; day < 5; day += 1) await openDay('issued');
    clock.advance(20 * 24 * HOUR);
    await fixture.journal.append({ events: [touched()] });
    for (let n = 0; n < 9; n += 1) await print('issued');
    expect(told()).toMatchObject({ kind: 'known', used: 5, openDays: 5 });
    clock.advance(7 * 24 * HOUR);
    expect(told()).toMatchObject({ kind: 'unknown', openDays: 4, used: 12 });
  });
});

describe('the balance of a day', () => {
  it('leads from what lay in the feeders to what lies there, fate by fate', async () => {
    await openDay('issued', 'void');
    const second = clock.now();
    await openDay('issued', 'retracted', 'unresolved');
    await openDay('test');
    const day = dayBalance(stock.reader, { kind, at: second, timeZone });
    expect(day).toEqual({
      kind,
      dayStart: startOfDay(timeZone, second),
      opening: 58,
      loaded: 0,
      corrected: 0,
      fates: { issued: 1, void: 0, retracted: 1, test: 0, returned: 0, unresolved: 1 },
      closing: 55,
      difference: 0,
    });
    const first = dayBalance(stock.reader, { kind, at: second - 24 * HOUR, timeZone });
    expect(first).toMatchObject({ opening: 0, loaded: 60, closing: 58, difference: 0 });
  });

  it('shows a blank that vanished from the ledger', async () => {
    await openDay('issued');
    fixture.folder.journal.run("DELETE FROM blanks WHERE serial = 'KTP-0040'");
    expect(dayBalance(stock.reader, { kind, at: clock.now(), timeZone })).toMatchObject({
      opening: 59,
      closing: 58,
      difference: 1,
    });
  });

  it('begins at midnight of the terminal, not of UTC', () => {
    const at = Date.UTC(2026, 0, 5, 16, 30);
    expect(startOfDay('Asia/Jakarta', at)).toBe(Date.UTC(2026, 0, 4, 17));
    expect(startOfDay('Asia/Jayapura', at)).toBe(Date.UTC(2026, 0, 5, 15));
  });
});
