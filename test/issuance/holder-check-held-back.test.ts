import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { simulatedReference } from '../../drivers/biometric/simulated-template.ts';
import { newId } from '../../src/base/ids.ts';
import type { Resolution } from '../../src/domain/attempt.ts';
import { rule, type StateRule } from '../../src/issuance/attempt-rule.ts';
import {
  attemptTables,
  controlledBlankTable,
  type AttemptTables,
} from '../../src/issuance/attempt-table.ts';
import { decisionEntry } from '../../src/issuance/resolution.ts';
import { binRecord } from '../../src/issuance/stock/bin-record.ts';
import { planCorrection } from '../../src/issuance/stock/correcting.ts';
import { planCount } from '../../src/issuance/stock/counting.ts';
import { planBinEmptied } from '../../src/issuance/stock/emptying.ts';
import { checkStates } from '../../src/journal/projections/state-check.ts';
import { staffItems } from '../../src/staff/staff-items.ts';
import { Bench, requestOf, type Core, type CoreOptions } from './bench.ts';
import { decided, FakeFingerSensor } from './fake-finger-sensor.ts';
import { Life } from './mortal.ts';

const ktpEl = requestOf('ktpEl');
const { requestId } = ktpEl;
const serial = 'KTP-0001';
const two = [newId('per'), newId('per')];

let bench: Bench;

beforeEach(async () => {
  bench = await Bench.open();
  expectFinger();
});
afterEach(() => bench.close());

function expectFinger(): void {
  const template = simulatedReference('holder', 'rightIndex', 'iso19794-2');
  bench.registry.fingerprints = [
    { finger: 'rightIndex', format: 'iso19794-2', templateBase64: template.toString('base64') },
  ];
}

/** Every finger that is put there is somebody else's. */
const strangers = (): Pick<CoreOptions, 'fingerSensor'> => ({
  fingerSensor: new FakeFingerSensor(...Array.from({ length: 8 }, () => decided('notMatched')))
    .proxy,
});

/** Somebody else than the holder tries four fingers, and no officer comes. */
const impostor = (core: Core, meanwhile: () => void = () => undefined) =>
  bench.print(core, ktpEl, (progress) => {
    bench.takeWhenPresented(progress);
    if (progress.kind !== 'waiverAwaited') return;
    meanwhile();
    bench.later(180_000);
  });

async function heldBack(options: CoreOptions = {}): Promise<{ core: Core; attemptId: string }> {
  const core = await bench.restart({ ...strangers(), ...options });
  const { settlement } = await impostor(core);
  return { core, attemptId: settlement.attemptId };
}

const entryOf = (core: Core, attemptId: string, choice: Resolution, tables = attemptTables) =>
  decisionEntry(
    { journal: core.journal, clock: bench.clock, book: core.book, stock: core.stock, tables },
    { attemptId, choice, media: 'controlledBlank', by: two, decisionId: newId('prop') },
  );

async function decide(
  core: Core,
  attemptId: string,
  choice: Resolution,
  tables?: AttemptTables,
): Promise<void> {
  const entry = entryOf(core, attemptId, choice, tables);
  if (!entry.ok) throw new Error(entry.error);
  await core.journal.append(entry.value);
  await core.outbox.idle();
}

const atRegistry = () => bench.registry.requests.get(requestId)?.state;
const again = async (core: Core) => (await bench.print(core, ktpEl)).settlement;
/** The same citizen comes back, nobody is to be checked any more, and takes what comes. */
const asHolder = (core: Core) => {
  bench.registry.fingerprints = [];
  return again(core);
};

const changed = (changes: Partial<StateRule>): AttemptTables => ({
  ...attemptTables,
  controlledBlank: {
    ...controlledBlankTable,
    heldBack: { ...rule(''), ...controlledBlankTable.heldBack, ...changes },
  },
});

describe('a card whose holder nobody proved', () => {
  it('holds its request: no code opens it again, and no second blank is spent on it', async () => {
    const core = await bench.restart(strangers());
    const { settlement } = await impostor(core);
    expect(settlement).toMatchObject({
      outcome: 'spoiled',
      problem: 'holderNotMatched',
      codeStillCounts: false,
      mayRetryNow: false,
    });
    expect(atRegistry()).toBe('perluPeriksa');
    expect(bench.registry.reports).toMatchObject([
      { outcome: 'spoiled', faultCode: 'holderNotMatched', blankSerial: serial },
    ]);
    expect(await again(core)).toMatchObject({ outcome: 'notPrinted', problem: 'notReadyAnymore' });
    expect(bench.cabinet.parts.rejectBin).toHaveLength(1);
    expect(core.stock.balance()).toMatchObject({ difference: 0, counts: { void: 1 } });
  });

  it('promises no code where the registry has not answered yet', async () => {
    const core = await bench.restart(strangers());
    bench.registry.answersReports = false;
    // A terminal that stops waits for no answer either.
    const { settlement } = await impostor(core, () => core.issuance.close());
    expect(settlement).toMatchObject({ outcome: 'spoiled', codeStillCounts: false });
  });

  it('waits for two people with the two things they can say, and other cards are printed', async () => {
    const { core, attemptId } = await heldBack();
    expect(staffItems(core.journal, bench.clock)).toMatchObject([
      {
        attemptId,
        requestId,
        state: 'heldBack',
        outcome: 'spoiled',
        faultCode: 'holderNotMatched',
        blank: { serial, place: 'void' },
        closesCardPath: false,
        people: 2,
        choices: ['handedOver', 'destroyed'],
      },
    ]);
    for (const choice of ['foundInBin', 'citizenHolds', 'neverFed', 'recordStands'] as const) {
      expect(entryOf(core, attemptId, choice)).toEqual({ ok: false, error: 'notAChoice' });
    }
    const kia = await bench.print(core, requestOf('kia'));
    expect(kia.settlement.outcome).toBe('delivered');
  });

  it('and that the desk hands over is the one original: the request is closed', async () => {
    const { core, attemptId } = await heldBack();
    await decide(core, attemptId, 'handedOver');
    expect(core.book.read(attemptId)).toMatchObject({
      state: 'resolvedDelivered',
      comesTo: 'delivered',
      evidence: 'staffSaw',
      blank: { place: 'issued' },
    });
    expect(bench.registry.corrections).toMatchObject([
      { attemptId, outcome: 'delivered', blankSerial: serial, decidedBy: two },
    ]);
    expect(atRegistry()).toBe('diserahkan');
    expect(core.stock.balance()).toMatchObject({ difference: 0, counts: { issued: 1, void: 0 } });
    expect(await asHolder(core)).toMatchObject({ outcome: 'notPrinted' });
    expect(bench.cabinet.out).toEqual([]);
    expect(entryOf(core, attemptId, 'destroyed')).toEqual({ ok: false, error: 'notAChoice' });
    expect(staffItems(core.journal, bench.clock)).toEqual([]);
    expect(checkStates(core.journal.reader)).toBeNull();
  });

  it('and that people destroy is a spoiled blank of the Berita Acara, and another is printed', async () => {
    const { core, attemptId } = await heldBack();
    await decide(core, attemptId, 'destroyed');
    expect(core.book.read(attemptId)).toMatchObject({
      state: 'resolvedVoid',
      comesTo: 'spoiled',
      evidence: 'staffSaw',
      blank: { place: 'void' },
    });
    expect(binRecord(core.stock.reader, null)?.blanks).toMatchObject([
      { serial, fate: 'void', reason: 'holderNotMatched', attemptId },
    ]);
    expect(atRegistry()).toBe('siapCetak');
    expect(await asHolder(core)).toMatchObject({ outcome: 'delivered', blankSerial: 'KTP-0002' });
    expect(entryOf(core, attemptId, 'handedOver')).toEqual({ ok: false, error: 'notAChoice' });
    expect(core.stock.balance()).toMatchObject({ difference: 0, counts: { issued: 1, void: 1 } });
    expect(checkStates(core.journal.reader)).toBeNull();
  });

  it('stays in the bin of the ledger until then: neither an emptying nor a correction takes it away', async () => {
    const { core, attemptId } = await heldBack();
    const open = { ok: false, error: { kind: 'outcomeOpen', serial } };
    const emptied = { bin: 'rejectBin', counted: 1 } as const;
    expect(planBinEmptied(core.stock, emptied, two)).toEqual(open);
    const place = { in: 'rejectBin' } as const;
    const count = planCount(core.stock.reader, { place, counted: 0, by: two[0] ?? '' });
    await core.journal.append({ events: count.events });
    const { incidentId } = count;
    const missing = { incidentId: incidentId ?? '', missing: [serial], found: [] };
    expect(planCorrection(core.stock, missing, two)).toEqual(open);
    await decide(core, attemptId, 'destroyed');
    expect(planBinEmptied(core.stock, emptied, two).ok).toBe(true);
    expect(planCorrection(core.stock, missing, two).ok).toBe(true);
  });

  it('that the registry disputes is decided all the same, by people who read the dispute', async () => {
    const core = await bench.restart(strangers());
    const { settlement } = await impostor(core, () => void (bench.registry.denies = true));
    const { attemptId } = settlement;
    expect(staffItems(core.journal, bench.clock)).toMatchObject([
      { state: 'heldBack', dispute: 'unknownReservation', choices: ['handedOver', 'destroyed'] },
    ]);
    bench.registry.denies = false;
    await decide(core, attemptId, 'handedOver');
    expect(core.stock.find(serial)?.place).toBe('issued');
  });
});

describe('core that dies while a card waits for its holder, or goes into the bin for the desk', () => {
  /** Dies at the k-th point, starts anew, and sends what it owes. */
  async function diesAt(k: number): Promise<{ points: readonly string[]; core: Core }> {
    const life = new Life(k);
    const mortal = await bench.start({ ...strangers(), life });
    await mortal.issuance.recover();
    mortal.outbox.start();
    await Promise.race([impostor(mortal), life.ended]);
    await new Promise((resolve) => setImmediate(resolve));
    await bench.kill(mortal);
    const core = await bench.restart(strangers());
    await core.outbox.idle();
    return { points: life.points, core };
  }

  it('holds it back at every point from there on, and gives it and another to nobody', async () => {
    const { points } = await diesAt(Number.POSITIVE_INFINITY);
    const from = points.findIndex((name) => name.startsWith('commit holderCheck'));
    expect(from).toBeGreaterThan(0);
    expect(points.slice(from).join()).toContain('holdingBack,cardPrinter.rejectCard');
    for (let k = from; k < points.length; k += 1) {
      await bench.close();
      bench = await Bench.open();
      expectFinger();
      const { core } = await diesAt(k);
      const where = points[k];
      expect([where, core.book.newest()?.state]).toEqual([where, 'heldBack']);
      expect([where, atRegistry()]).toEqual([where, 'perluPeriksa']);
      expect(bench.cabinet.commands).not.toContain('presentCard');
      expect(bench.cabinet.parts.rejectBin).toHaveLength(1);
      expect((await again(core)).outcome).toBe('notPrinted');
      expect(core.stock.balance()).toMatchObject({ difference: 0, counts: { void: 1 } });
    }
  }, 120_000);
});

describe('a mutant', () => {
  it('whose registry is asked for no hold is caught: the impostor has four more fingers and a blank', async () => {
    const { core } = await heldBack({ parts: { tables: changed({ owes: ['outcomeReport'] }) } });
    expect(atRegistry()).toBe('siapCetak');
    await impostor(core);
    expect(bench.cabinet.parts.rejectBin).toHaveLength(2);
  });

  it('that takes a card handed over at the desk for a destroyed one is caught: a second original comes out', async () => {
    const { decided: ways } = controlledBlankTable.heldBack ?? {};
    const tables = changed({ decided: { ...ways, handedOver: 'resolvedVoid' } });
    const { core, attemptId } = await heldBack({ parts: { tables } });
    await decide(core, attemptId, 'handedOver', tables);
    expect((await asHolder(core)).outcome).toBe('delivered');
    expect(bench.cabinet.out).toHaveLength(1);
  });
});
