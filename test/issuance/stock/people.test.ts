import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/base/ids.ts';
import type { Result } from '../../../src/base/result.ts';
import { BlankStock } from '../../../src/issuance/blank-stock.ts';
import { binRecord, emptyings } from '../../../src/issuance/stock/bin-record.ts';
import { ledgerFigure } from '../../../src/issuance/stock/bins.ts';
import { planClosing, planCorrection } from '../../../src/issuance/stock/correcting.ts';
import { planCount } from '../../../src/issuance/stock/counting.ts';
import { planBinEmptied } from '../../../src/issuance/stock/emptying.ts';
import { listIncidents, openIncidents } from '../../../src/issuance/stock/incidents.ts';
import { planLoad, planUnload, type BlankRange } from '../../../src/issuance/stock/loading.ts';
import type { StockRefusal } from '../../../src/issuance/stock/refusals.ts';
import { planTestCard } from '../../../src/issuance/stock/test-cards.ts';
import type { JournalEvent } from '../../../src/journal/catalogue.ts';
import type { BlankState, CountedPlace } from '../../../src/journal/events/stock.ts';
import {
  discard,
  openFixture,
  temporaryFolder,
  type OpenedFixture,
} from '../../journal/fixture.ts';

const ani = newId('per');
const budi = newId('per');
const two = [ani, budi];
const feeder = { in: 'feeder', feeder: 'ktp' } as const;
const range: BlankRange = {
  feeder: 'ktp',
  kind: 'ktpEl',
  batch: 'B-1',
  firstSerial: 'KTP-0001',
  count: 6,
};

let fixture: OpenedFixture;
let stock: BlankStock;
beforeEach(async () => {
  fixture = openFixture(temporaryFolder());
  stock = new BlankStock(fixture.journal, 'specimen');
  await done(planLoad(stock, range, two));
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

async function done(plan: Result<readonly JournalEvent[], StockRefusal>): Promise<void> {
  if (!plan.ok) throw new Error(plan.error.kind);
  await fixture.journal.append({ events: plan.value });
}

/** One person counts; the incident's identifier where the figures differ. */
async function count(place: CountedPlace, counted: number): Promise<string | null> {
  const plan = planCount(stock.reader, { place, counted, by: ani });
  await fixture.journal.append({ events: plan.events });
  return plan.incidentId;
}

async function differing(place: CountedPlace, counted: number): Promise<string> {
  const incidentId = await count(place, counted);
  if (incidentId === null) throw new Error('the count agrees');
  return incidentId;
}

async function move(serial: string, ...states: readonly BlankState[]): Promise<void> {
  let from: BlankState = 'inFeeder';
  const blank = { kind: 'ktpEl', batch: 'B-1', serial, source: 'read' } as const;
  for (const to of states) {
    const attemptId = newId('att');
    await fixture.journal.append({
      events: [{ kind: 'blank.moved', blank, from, to, attemptId, reason: 'mediaJammed' }],
    });
    from = to;
  }
}

const refused = (kind: StockRefusal['kind'], facts: object = {}) => ({
  ok: false,
  error: { kind, ...facts },
});

describe('every act on the stock that takes two people', () => {
  it.each([
    ['nobody in live mode', []],
    ['one person', [ani]],
    ['the same person twice', [ani, ani]],
    ['three people', [ani, budi, newId('per')]],
  ])('is refused to %s', async (_, by) => {
    const live = new BlankStock(fixture.journal, 'live');
    const incidentId = await differing(feeder, 5);
    const alone = refused('twoPeopleNeeded');
    expect(planLoad(live, { ...range, firstSerial: 'KTP-0101' }, by)).toEqual(alone);
    expect(planUnload(live, range, by)).toEqual(alone);
    expect(planBinEmptied(live, { bin: 'rejectBin', counted: 0 }, by)).toEqual(alone);
    expect(planCorrection(live, { incidentId, missing: ['KTP-0001'], found: [] }, by)).toEqual(
      alone,
    );
    expect(planClosing(live, { incidentId, finding: 'recountAgreed' }, by)).toEqual(alone);
  });
});

describe('unloading', () => {
  it('returns blanks of a feeder, and such a blank may be loaded again', async () => {
    await done(planUnload(stock, { ...range, firstSerial: 'KTP-0003', count: 4 }, two));
    expect(stock.balance()).toMatchObject({
      loaded: 6,
      counts: { inFeeder: 2, returned: 4 },
      difference: 0,
    });
    await done(planLoad(stock, { ...range, firstSerial: 'KTP-0004', count: 1 }, two));
    expect(stock.balance()).toMatchObject({
      loaded: 7,
      counts: { inFeeder: 3, returned: 4 },
      difference: 0,
    });
  });

  it.each<[string, Partial<BlankRange>]>([
    ['another feeder', { feeder: 'kia' }],
    ['another batch', { batch: 'B-2' }],
    ['another kind', { kind: 'kia' }],
    ['more than there are', { count: 7 }],
  ])('refuses blanks of %s', (_, wrong) => {
    expect(planUnload(stock, { ...range, ...wrong }, two)).toMatchObject({
      error: { kind: 'notInPlace' },
    });
  });

  it('refuses a blank that was issued', async () => {
    await move('KTP-0001', 'inTransport', 'issued');
    expect(planUnload(stock, range, two)).toEqual(refused('notInPlace', { serial: 'KTP-0001' }));
  });
});

describe('a count by hand', () => {
  it('that agrees is on record and no incident', async () => {
    expect(await count(feeder, 6)).toBeNull();
    expect(openIncidents(stock.reader)).toEqual([]);
  });

  it('that differs is an incident with both figures and who counted, and corrects nothing', async () => {
    const before = stock.balance();
    const incidentId = await differing(feeder, 4);
    expect(openIncidents(stock.reader)).toMatchObject([
      {
        incidentId,
        incident: { what: 'countDifference', ledger: 6, counted: 4, by: ani },
        closed: null,
      },
    ]);
    expect(stock.balance()).toEqual(before);
  });
});

describe('a correction', () => {
  it('calls what is missing unresolved, closes the incident and leaves the sum whole', async () => {
    const incidentId = await differing(feeder, 4);
    const missing = ['KTP-0002', 'KTP-0005'];
    await done(planCorrection(stock, { incidentId, missing, found: [] }, two));
    expect(stock.balance()).toMatchObject({
      loaded: 6,
      corrected: 0,
      counts: { inFeeder: 4, unresolved: 2 },
      difference: 0,
    });
    expect(listIncidents(stock.reader, { limit: 9 })).toMatchObject([
      { incidentId, closed: { finding: 'corrected' } },
    ]);
    expect(await count(feeder, 4)).toBeNull();
  });

  it('enters a blank nobody loaded as corrected and unresolved, never to be fed', async () => {
    const incidentId = await differing(feeder, 7);
    const found = [{ serial: 'KTP-9999', kind: 'ktpEl' as const, batch: 'B-9' }];
    await done(planCorrection(stock, { incidentId, missing: [], found }, two));
    expect(stock.balance()).toMatchObject({
      loaded: 6,
      corrected: 1,
      counts: { inFeeder: 6, unresolved: 1 },
      difference: 0,
    });
    expect(stock.find('KTP-9999')?.place).toBe('unresolved');
    const taken = { ...range, firstSerial: 'KTP-9999', batch: 'B-9', count: 1 };
    await done(planUnload(stock, taken, two));
    expect(stock.balance()).toMatchObject({
      counts: { returned: 1, unresolved: 0 },
      difference: 0,
    });
  });

  it('puts a missing blank back where it is found again', async () => {
    const lost = await differing(feeder, 5);
    await done(planCorrection(stock, { incidentId: lost, missing: ['KTP-0002'], found: [] }, two));
    const again = await differing(feeder, 6);
    const found = [{ serial: 'KTP-0002', kind: 'ktpEl' as const, batch: 'B-1' }];
    await done(planCorrection(stock, { incidentId: again, missing: [], found }, two));
    expect(stock.balance()).toMatchObject({
      counts: { inFeeder: 6, unresolved: 0 },
      difference: 0,
    });
  });

  it('calls a feeder blank that lies in the reject bin void', async () => {
    const incidentId = await differing({ in: 'rejectBin' }, 1);
    const found = [{ serial: 'KTP-0006', kind: 'ktpEl' as const, batch: 'B-1' }];
    await done(planCorrection(stock, { incidentId, missing: [], found }, two));
    expect(stock.find('KTP-0006')?.place).toBe('void');
    expect(await count({ in: 'rejectBin' }, 1)).toBeNull();
  });

  it('never gives a card that was issued back to a feeder', async () => {
    await move('KTP-0001', 'inTransport', 'issued');
    const incidentId = await differing(feeder, 6);
    const found = [{ serial: 'KTP-0001', kind: 'ktpEl' as const, batch: 'B-1' }];
    await done(planCorrection(stock, { incidentId, missing: [], found }, two));
    expect(stock.find('KTP-0001')?.place).toBe('unresolved');
  });

  it('is refused where the serials do not make up what was counted', async () => {
    const incidentId = await differing(feeder, 4);
    const one = { incidentId, missing: ['KTP-0002'], found: [] };
    expect(planCorrection(stock, one, two)).toEqual(
      refused('figuresDisagree', { difference: -2, named: -1 }),
    );
    expect(planCorrection(stock, { ...one, missing: ['KTP-0002', 'KTP-0002'] }, two)).toEqual(
      refused('namedTwice', { serial: 'KTP-0002' }),
    );
    expect(planCorrection(stock, { ...one, missing: ['KTP-0002', 'KTP-7777'] }, two)).toEqual(
      refused('notInPlace', { serial: 'KTP-7777' }),
    );
  });

  it('happens once for an incident', async () => {
    const incidentId = await differing(feeder, 5);
    const correction = { incidentId, missing: ['KTP-0001'], found: [] };
    await done(planCorrection(stock, correction, two));
    expect(planCorrection(stock, correction, two)).toEqual(refused('incidentClosed'));
    expect(planCorrection(stock, { ...correction, incidentId: newId('inc') }, two)).toEqual(
      refused('noSuchIncident'),
    );
  });
});

describe('closing a count without a correction', () => {
  it('needs a later count that agrees', async () => {
    const incidentId = await differing(feeder, 5);
    const closing = { incidentId, finding: 'recountAgreed' } as const;
    expect(planClosing(stock, closing, two)).toEqual(refused('recountNeeded'));
    expect(planClosing(stock, { incidentId, finding: 'explained' }, two)).toEqual(
      refused('recountNeeded'),
    );
    await count(feeder, 6);
    await done(planClosing(stock, closing, two));
    expect(openIncidents(stock.reader)).toEqual([]);
  });
});

describe('a test card', () => {
  it('is the next blank of the feeder, by the word of two people', () => {
    const ask = { feeder: 'ktp', kind: 'ktpEl' } as const;
    expect(planTestCard(stock, ask, two)).toMatchObject({
      ok: true,
      value: { serial: 'KTP-0001' },
    });
    expect(planTestCard(stock, ask, [ani])).toEqual(refused('twoPeopleNeeded'));
    expect(planTestCard(stock, { feeder: 'kia', kind: 'kia' }, two)).toEqual(
      refused('feederEmpty'),
    );
  });

  it('is never made of a state blank', () => {
    const live = new BlankStock(fixture.journal, 'live');
    expect(planTestCard(live, { feeder: 'ktp', kind: 'ktpEl' }, two)).toEqual(
      refused('stateBlankNeverTested'),
    );
  });

  it('counts in the reject bin until two people empty it, and is in their Berita Acara', async () => {
    await move('KTP-0001', 'inTransport', 'test');
    expect(ledgerFigure(stock.reader, { in: 'rejectBin' })).toBe(1);
    expect(binRecord(stock.reader, null)).toMatchObject({
      blanks: [{ serial: 'KTP-0001', fate: 'test' }],
      foreignCards: 0,
    });
    await done(planBinEmptied(stock, { bin: 'rejectBin', counted: 1 }, two));
    expect(openIncidents(stock.reader)).toEqual([]);
    expect(ledgerFigure(stock.reader, { in: 'rejectBin' })).toBe(0);
  });
});

describe('the reject bin', () => {
  it('that is emptied of fewer cards than the ledger has leaves an incident which no recount closes', async () => {
    await move('KTP-0001', 'inTransport', 'void');
    await move('KTP-0002', 'inTransport', 'void');
    await done(planBinEmptied(stock, { bin: 'rejectBin', counted: 1 }, two));
    const [open] = openIncidents(stock.reader);
    const incidentId = open?.incidentId ?? '';
    expect(open?.incident).toMatchObject({ what: 'countDifference', ledger: 2, counted: 1 });
    const [emptied = 0] = emptyings(stock.reader, 1);
    expect(binRecord(stock.reader, emptied)).toMatchObject({ ledger: 2, counted: 1 });
    expect(await count({ in: 'rejectBin' }, 0)).toBeNull();
    expect(planClosing(stock, { incidentId, finding: 'recountAgreed' }, two)).toEqual(
      refused('recountNeeded'),
    );
    await done(planCorrection(stock, { incidentId, missing: ['KTP-0002'], found: [] }, two));
    expect(stock.find('KTP-0002')?.place).toBe('unresolved');
    expect(openIncidents(stock.reader)).toEqual([]);
  });

  it('holds what fell in since it was emptied, and each emptying keeps its own list', async () => {
    await move('KTP-0001', 'inTransport', 'void');
    await move('KTP-0002', 'inTransport', 'retracted');
    expect(ledgerFigure(stock.reader, { in: 'rejectBin' })).toBe(2);
    await done(planBinEmptied(stock, { bin: 'rejectBin', counted: 2 }, two));
    expect(ledgerFigure(stock.reader, { in: 'rejectBin' })).toBe(0);
    await move('KTP-0003', 'inTransport', 'void');

    const [emptied = 0] = emptyings(stock.reader, 5);
    expect(binRecord(stock.reader, emptied)).toMatchObject({
      since: null,
      by: two,
      foreignCards: 0,
      blanks: [
        { serial: 'KTP-0001', fate: 'void', reason: 'mediaJammed' },
        { serial: 'KTP-0002', fate: 'retracted' },
      ],
    });
    const open = binRecord(stock.reader, null);
    expect(open).toMatchObject({ until: null, by: null, blanks: [{ serial: 'KTP-0003' }] });
    const { counts } = stock.balance();
    expect(counts.void + counts.retracted).toBe(3);
    expect(binRecord(stock.reader, emptied + 1)).toBeNull();
  });

  it('does not list a spoiled blank that a count proved to be elsewhere', async () => {
    await move('KTP-0001', 'inTransport', 'void');
    const incidentId = await differing({ in: 'rejectBin' }, 0);
    await done(planCorrection(stock, { incidentId, missing: ['KTP-0001'], found: [] }, two));
    expect(binRecord(stock.reader, null)?.blanks).toEqual([]);
    expect(stock.balance()).toMatchObject({ counts: { void: 0, unresolved: 1 }, difference: 0 });
  });
});
