import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import { newId } from '../../src/base/ids.ts';
import { incidentEndLine, incidentLine } from '../../src/cli/incident-lines.ts';
import { BlankStock } from '../../src/issuance/blank-stock.ts';
import { ledgerFigure } from '../../src/issuance/stock/bins.ts';
import { planClosing } from '../../src/issuance/stock/correcting.ts';
import { openIncidents } from '../../src/issuance/stock/incidents.ts';
import { planTestCard } from '../../src/issuance/stock/test-cards.ts';
import type { IncidentFinding } from '../../src/journal/events/stock.ts';
import { Bench, requestOf, type Core } from './bench.ts';
import { orderTestCard, printTestCard, testCardsOf } from './test-card-bench.ts';

let bench: Bench;
let core: Core;
beforeEach(async () => {
  bench = await Bench.open();
  core = await bench.restart();
});
afterEach(() => bench.close());

const two = [newId('per'), newId('per')];

async function close(finding: IncidentFinding): Promise<void> {
  const [incident] = openIncidents(core.journal.reader);
  const ask = { incidentId: incident?.incidentId ?? '', finding };
  const plan = planClosing(core.stock, ask, two);
  if (!plan.ok) throw new Error(plan.error.kind);
  await core.journal.append({ events: plan.value });
}

describe('a test card', () => {
  it('is printed, falls into the reject bin, and is counted as what it is', async () => {
    const before = core.stock.balance();
    const { settled } = await printTestCard(bench, core, 'ktp');
    expect(settled).toMatchObject({ end: 'printed', evidence: 'sensorSaw', faultCode: null });
    expect(bench.cabinet.commands.filter((name) => !/^(get|last)/.test(name))).toEqual([
      'feedBlank',
      'printSide',
      'rejectCard',
    ]);
    expect(bench.cabinet.parts.rejectBin).toMatchObject([{ serial: 'KTP-0001', front: 'printed' }]);
    expect(bench.cabinet.out).toEqual([]);
    const { inFeeder, test } = before.counts;
    expect(core.stock.balance()).toMatchObject({
      loaded: before.loaded,
      counts: { inFeeder: inFeeder - 1, test: test + 1, inTransport: 0, unresolved: 0 },
      difference: 0,
    });
    expect(ledgerFigure(core.journal.reader, { in: 'rejectBin' })).toBe(1);
    expect(core.issuance.availability().ktpEl.available).toBe(true);
    expect((await bench.print(core, requestOf('ktpEl'))).settlement.outcome).toBe('delivered');
  });

  it('is announced on the disk before each of its three movements', async () => {
    const printer = bench.cabinet.cardPrinter(core.life);
    const announced: unknown[] = [];
    const execute = (name: never, params: never, context: never) => {
      if (/^(feedBlank|printSide|rejectCard)$/.test(name)) {
        const newest = core.journal.rows(core.journal.size(), core.journal.size())[0]?.event;
        announced.push(newest?.kind === 'testCard.commanded' ? newest.command : newest?.kind);
        expect(core.journal.head()?.size).toBe(core.journal.size());
      }
      return printer.execute(name, params, context);
    };
    await printTestCard(bench, core, 'kia', { printer: { ...printer, execute } });
    expect(announced).toEqual(['feedBlank', 'printSide', 'rejectCard']);
  });

  it('whose ribbon ends is spoiled, not a test card', async () => {
    bench.cabinet.strike('print', 'ribbonOut', 'before');
    const { settled } = await printTestCard(bench, core, 'ktp');
    expect(settled).toMatchObject({ end: 'spoiled', faultCode: 'ribbonOut' });
    expect(core.stock.find('KTP-0001')?.place).toBe('void');
  });

  it('that no feeder gave leaves the blank where it was', async () => {
    bench.cabinet.strike('feed', 'feederEmpty', 'before');
    const { settled } = await printTestCard(bench, core, 'ktp');
    expect(settled).toMatchObject({ end: 'notPrinted', faultCode: 'feederEmpty' });
    expect(core.stock.find('KTP-0001')?.place).toBe('inFeeder');
  });

  it('that was fed out of order is the one that was read', async () => {
    const [feeder] = bench.cabinet.parts.feeders;
    feeder?.blanks.reverse();
    const { settled } = await printTestCard(bench, core, 'ktp');
    expect(settled).toMatchObject({ end: 'printed', blank: { serial: 'KTP-0006' } });
    expect(core.stock.find('KTP-0001')?.place).toBe('inFeeder');
    expect(core.stock.find('KTP-0006')?.place).toBe('test');
  });

  it('that turns out a stranger is not printed on, and people look into it', async () => {
    bench.cabinet.strike('feed', 'misreadSerial', 'after');
    const { settled } = await printTestCard(bench, core, 'ktp');
    expect(settled).toMatchObject({ end: 'spoiled', blank: null });
    expect(bench.cabinet.parts.rejectBin).toMatchObject([{ serial: 'KTP-0001', front: 'blank' }]);
    expect(core.stock.find('KTP-0001')?.place).toBe('unresolved');
    expect(core.issuance.availability().ktpEl).toMatchObject({ reason: 'strangeBlank' });
    expect(ledgerFigure(core.journal.reader, { in: 'rejectBin' })).toBe(1);
    await close('binHoldsExpected');
    expect(core.stock.find('KTP-0001')?.place).toBe('void');
    expect(ledgerFigure(core.journal.reader, { in: 'rejectBin' })).toBe(1);
    expect(core.stock.balance().difference).toBe(0);
  });

  it('that turns out a stranger and does not come out of the path again closes it to every card', async () => {
    bench.cabinet.strike('feed', 'misreadSerial', 'after');
    bench.cabinet.strike('reject', 'jam', 'before');
    const { settled } = await printTestCard(bench, core, 'ktp');
    expect(settled).toMatchObject({ end: 'unresolved', blank: null });
    const open = openIncidents(core.journal.reader);
    expect(open.map(({ incident }) => incident.what).sort()).toEqual([
      'strangerFed',
      'testCardUnsettled',
    ]);
    const unsettled = open.find(({ incident }) => incident.what === 'testCardUnsettled');
    if (unsettled === undefined) throw new Error('none');
    expect(incidentLine(unsettled.incident)).toMatch(/where the strange card of feeder ktp is/);
    expect(incidentEndLine(unsettled.incidentId, unsettled.incident)).toMatch(/explained$/);
    bench.cabinet.hands.clearJam();
    await core.issuance.refresh();
    expect(core.issuance.availability().kia).toMatchObject({ reason: 'testCardUnsettled' });
    const { incidentId } = unsettled;
    const plan = (finding: IncidentFinding) =>
      planClosing(core.stock, { incidentId, finding }, two);
    expect(plan('binHoldsExpected')).toMatchObject({ error: { kind: 'findingDoesNotFit' } });
    const closing = plan('explained');
    if (!closing.ok) throw new Error(closing.error.kind);
    await core.journal.append({ events: closing.value });
    await core.issuance.refresh();
    expect(core.issuance.availability()).toMatchObject({
      kia: { available: true },
      ktpEl: { reason: 'strangeBlank' },
    });
  });

  it.each([
    ['binHoldsExpected', 'test'],
    ['feederHoldsExpected', 'inFeeder'],
    ['expectedMissing', 'unresolved'],
  ] as const)(
    'of which nobody knows where it is waits for two people: %s',
    async (finding, place) => {
      bench.cabinet.strike('reject', 'jam', 'before');
      const { settled } = await printTestCard(bench, core, 'ktp');
      expect(settled).toMatchObject({ end: 'unresolved', evidence: 'none' });
      expect(core.stock.find('KTP-0001')?.place).toBe('unresolved');
      await core.issuance.refresh();
      expect(core.issuance.availability()).toMatchObject({
        ktpEl: { reason: 'testCardUnsettled' },
        kia: { reason: 'testCardUnsettled' },
        kk: { available: true },
      });
      const { settlement } = await bench.print(core, requestOf('kia'));
      expect(settlement).toMatchObject({ outcome: 'notPrinted', codeStillCounts: true });
      expect(planTestCard(core.stock, { feeder: 'kia', kind: 'kia' }, two)).toMatchObject({
        error: { kind: 'incidentOpen' },
      });
      await close(finding);
      expect(core.stock.find('KTP-0001')?.place).toBe(place);
      expect(core.stock.balance().difference).toBe(0);
      expect(openIncidents(core.journal.reader)).toEqual([]);
    },
  );
});

describe('no test card is begun', () => {
  const commands = () => bench.cabinet.commands.filter((name) => name === 'feedBlank');

  it('in live mode, whoever asks', () => {
    const live = new BlankStock(core.journal, 'live');
    expect(planTestCard(live, { feeder: 'ktp', kind: 'ktpEl' }, two)).toEqual({
      ok: false,
      error: { kind: 'stateBlankNeverTested' },
    });
  });

  it('while a citizen is served or the power fails, nor while another is under way', async () => {
    for (const why of ['terminalBusy', 'powerFailing'] as const) {
      const refused = await printTestCard(bench, core, 'ktp', { whyNot: () => why });
      expect(refused.settled).toMatchObject({ end: 'notPrinted', faultCode: why });
    }
    expect(commands()).toEqual([]);
    const cards = testCardsOf(bench, core);
    const ids = [await orderTestCard(core, 'ktp'), await orderTestCard(core, 'ktp')];
    await Promise.all(ids.map((id) => cards.print(id)));
    expect(core.stock.balance().counts).toMatchObject({ test: 1, inFeeder: 11 });
    expect(cards.underWay()).toBe(false);
  });

  it('by a printer that has no reject bin, for then it would come within reach', async () => {
    await bench.close();
    bench = await Bench.open(profiles.noRejectBin);
    core = await bench.restart();
    const { settled } = await printTestCard(bench, core, 'ktp');
    expect(settled).toMatchObject({ end: 'notPrinted', faultCode: 'noRejectBin' });
    expect(commands()).toEqual([]);
  });

  it('and no citizen gets a card, while one is under way', async () => {
    await bench.close();
    bench = await Bench.open();
    let isUnderWay = true;
    core = await bench.restart({ deps: { testCardUnderWay: () => isUnderWay } });
    expect(core.issuance.availability().kia).toMatchObject({ reason: 'printerInMaintenance' });
    const refused = await bench.print(core, requestOf('kia'));
    expect(refused.settlement).toMatchObject({ outcome: 'notPrinted', codeStillCounts: true });
    expect(commands()).toEqual([]);
    isUnderWay = false;
    expect(core.issuance.availability().kia.available).toBe(true);
  });
});
