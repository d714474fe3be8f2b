import { afterEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/base/ids.ts';
import type { Resolution } from '../../src/domain/attempt.ts';
import { attemptTables } from '../../src/issuance/attempt-table.ts';
import { choicesOf, decisionEntry } from '../../src/issuance/resolution.ts';
import { planCorrection } from '../../src/issuance/stock/correcting.ts';
import { planCount } from '../../src/issuance/stock/counting.ts';
import { planBinEmptied } from '../../src/issuance/stock/emptying.ts';
import { openIncidents } from '../../src/issuance/stock/incidents.ts';
import { planUnload } from '../../src/issuance/stock/loading.ts';
import { checkStates } from '../../src/journal/projections/state-check.ts';
import { Bench, requestOf, type Core } from './bench.ts';
import { Life } from './mortal.ts';

let bench: Bench;
afterEach(() => bench.close());

const kia = requestOf('kia');
const two = [newId('per'), newId('per')];

/** A KIA that jams at the exit: nobody knows whether the citizen could reach it. */
async function jammedAtExit(): Promise<{ core: Core; attemptId: string }> {
  bench = await Bench.open();
  const core = await bench.restart();
  bench.cabinet.strike('present', 'jam', 'after');
  const { settlement } = await bench.print(core, kia);
  expect(settlement.outcome).toBe('uncertain');
  return { core, attemptId: settlement.attemptId };
}

const entryOf = (core: Core, attemptId: string, choice: Resolution, by = two) =>
  decisionEntry(
    {
      journal: core.journal,
      clock: bench.clock,
      book: core.book,
      stock: core.stock,
      tables: attemptTables,
    },
    { attemptId, choice, media: 'controlledBlank', by, decisionId: newId('prop') },
  );

async function decide(core: Core, attemptId: string, choice: Resolution): Promise<void> {
  const entry = entryOf(core, attemptId, choice);
  if (!entry.ok) throw new Error(entry.error);
  await core.journal.append(entry.value);
  await core.outbox.idle();
}

describe('an uncertain card', () => {
  it.each<[Resolution, string, string, string]>([
    ['foundInBin', 'spoiled', 'void', 'siapCetak'],
    ['foundRetracted', 'retracted', 'retracted', 'takDiambil'],
    ['citizenHolds', 'delivered', 'issued', 'diserahkan'],
    ['neverFed', 'notPrinted', 'inFeeder', 'siapCetak'],
  ])(
    'that people say is %s becomes %s, its blank %s, its request %s, and cards are printed again',
    async (choice, outcome, place, state) => {
      const { core, attemptId } = await jammedAtExit();
      bench.cabinet.hands.clearJam();
      await core.issuance.refresh();
      expect(core.issuance.availability().kia).toEqual({
        available: false,
        reason: 'outcomeUnresolved',
      });
      await decide(core, attemptId, choice);
      expect(core.book.read(attemptId)).toMatchObject({
        comesTo: outcome,
        evidence: 'staffSaw',
        settled: true,
        blank: { place },
      });
      expect(core.stock.find('KIA-0001')?.place).toBe(place);
      expect(core.stock.balance().difference).toBe(0);
      expect(bench.registry.requests.get(kia.requestId)?.state).toBe(state);
      expect(bench.registry.corrections).toMatchObject([{ attemptId, outcome, decidedBy: two }]);
      expect(core.issuance.availability().kia).toEqual({ available: true });
      const resolved = core.journal
        .rows(1, 9_999)
        .find(({ event }) => event.kind === 'attempt.resolved');
      expect(resolved?.event).toMatchObject({ by: two, choice, outcome, evidence: 'staffSaw' });
      expect(checkStates(core.journal.reader)).toBeNull();
    },
  );

  it('that nobody can account for stays unresolved and frozen, and cards are printed again', async () => {
    const { core, attemptId } = await jammedAtExit();
    bench.cabinet.hands.clearJam();
    await core.issuance.refresh();
    await decide(core, attemptId, 'cannotBeKnown');
    expect(core.stock.find('KIA-0001')?.place).toBe('unresolved');
    expect(bench.registry.requests.get(kia.requestId)?.state).toBe('perluPeriksa');
    expect(bench.registry.corrections).toEqual([]);
    expect(core.issuance.availability().kia).toEqual({ available: true });
    // It turns up after all.
    await decide(core, attemptId, 'foundInBin');
    expect(core.stock.find('KIA-0001')?.place).toBe('void');
    expect(bench.registry.requests.get(kia.requestId)?.state).toBe('siapCetak');
  });

  it('that nobody can account for is not printed again here, though an officer made it ready: nobody is accused', async () => {
    const { core, attemptId } = await jammedAtExit();
    bench.cabinet.hands.clearJam();
    await core.issuance.refresh();
    await decide(core, attemptId, 'cannotBeKnown');
    const request = bench.registry.requests.get(kia.requestId);
    if (request === undefined) throw new Error('no such request');
    Object.assign(request, { state: 'siapCetak', holder: null });
    const again = await bench.print(core, kia);
    expect(again.settlement).toMatchObject({ outcome: 'notPrinted', problem: 'notReadyAnymore' });
    expect(core.book.read(again.settlement.attemptId)?.faultCode).toBe('outcomeNeverKnown');
    expect(request.state).toBe('siapCetak');
    expect(openIncidents(core.journal.reader)).toEqual([]);
    expect(core.issuance.availability()).toMatchObject({
      ktpEl: { available: true },
      kia: { available: true },
    });
    // Once it is found, it is no second original any more.
    await decide(core, attemptId, 'foundInBin');
    expect((await bench.print(core, kia)).settlement.outcome).toBe('delivered');
  });

  it('is decided once: a second decision of the same is refused', async () => {
    const { core, attemptId } = await jammedAtExit();
    await decide(core, attemptId, 'citizenHolds');
    expect(entryOf(core, attemptId, 'neverFed')).toEqual({ ok: false, error: 'notAChoice' });
    expect(entryOf(core, attemptId, 'citizenHolds')).toEqual({ ok: false, error: 'notAChoice' });
  });

  it('does not take what could not be said of it', async () => {
    const { core, attemptId } = await jammedAtExit();
    expect(entryOf(core, attemptId, 'recordStands')).toEqual({ ok: false, error: 'notAChoice' });
    expect(entryOf(core, newId('att'), 'neverFed')).toEqual({ ok: false, error: 'unknownAttempt' });
    await core.journal.append({
      events: [
        {
          kind: 'blank.moved',
          blank: { kind: 'kia', batch: 'B-2', serial: 'KIA-0001', source: 'expected' },
          from: 'unresolved',
          to: 'void',
          attemptId: null,
        },
      ],
    });
    expect(entryOf(core, attemptId, 'foundInBin')).toEqual({
      ok: false,
      error: 'blankIsElsewhere',
    });
  });

  it('whose report the registry disputes closes the path all the same, until people decide', async () => {
    const { core, attemptId } = await jammedAtExit();
    await core.journal.append({ events: core.issuance.conflictEvents(attemptId, 'conflict') });
    expect(core.book.read(attemptId)?.state).toBe('needsReview');
    bench.cabinet.hands.clearJam();
    await core.issuance.refresh();
    expect(core.issuance.availability().kia).toMatchObject({ reason: 'outcomeUnresolved' });
    await decide(core, attemptId, 'foundInBin');
    expect(core.issuance.availability().kia).toEqual({ available: true });
  });

  it.each<['needsReview' | 'resolvedUnknown']>([['needsReview'], ['resolvedUnknown']])(
    'in %s keeps its blank from corrections and unloading, so that a choice of people always succeeds',
    async (state) => {
      const { core, attemptId } = await jammedAtExit();
      if (state === 'resolvedUnknown') await decide(core, attemptId, 'cannotBeKnown');
      else {
        await core.journal.append({ events: core.issuance.conflictEvents(attemptId, 'conflict') });
      }
      expect(core.book.read(attemptId)?.state).toBe(state);
      const blank = { kind: 'kia', batch: 'B-2' } as const;
      const serial = 'KIA-0001';
      const open = { ok: false, error: { kind: 'outcomeOpen', serial } };
      const range = { ...blank, feeder: 'kia', firstSerial: serial, count: 1 };
      expect(planUnload(core.stock, range, two)).toEqual(open);
      // Nobody finds it any more where people already said so: the bin may be emptied then.
      const emptying = planBinEmptied(core.stock, { bin: 'rejectBin', counted: 0 }, two);
      if (state === 'needsReview') expect(emptying).toEqual(open);
      else expect(emptying.ok).toBe(true);
      const counted = { place: { in: 'rejectBin' }, counted: 1, by: two[0] ?? '' } as const;
      const count = planCount(core.stock.reader, counted);
      await core.journal.append({ events: count.events });
      const found = [{ ...blank, serial }];
      const correction = { incidentId: count.incidentId ?? '', missing: [], found };
      expect(planCorrection(core.stock, correction, two)).toEqual(open);
      for (const item of core.book.forPeople()) {
        const choices = choicesOf(attemptTables, item).filter(
          (choice) => entryOf(core, item.attemptId, choice).ok,
        );
        expect(choices).toContain('foundInBin');
      }
    },
  );

  it('keeps its decision over a restart, and recovery leaves it alone', async () => {
    const { core, attemptId } = await jammedAtExit();
    await decide(core, attemptId, 'citizenHolds');
    await bench.kill(core);
    const again = await bench.restart();
    expect(again.recovery.visited).toBe(0);
    expect(again.book.read(attemptId)).toMatchObject({
      state: 'resolvedDelivered',
      comesTo: 'delivered',
    });
    expect(bench.registry.corrections).toHaveLength(1);
  });
});

describe('core that dies with the commit of a decision', () => {
  it('finds it whole at the next start, and the registry hears of it once', async () => {
    const { core, attemptId } = await jammedAtExit();
    await bench.kill(core);
    const mortal = await bench.start({ life: new Life(0) });
    await mortal.issuance.recover();
    const entry = entryOf(mortal, attemptId, 'citizenHolds');
    if (!entry.ok) throw new Error(entry.error);
    const { life, journal } = mortal;
    void life.step('decision', () => journal.append(entry.value));
    await life.ended;
    await bench.kill(mortal);
    expect(bench.registry.corrections).toEqual([]);
    const again = await bench.restart();
    await again.outbox.idle();
    expect(again.book.read(attemptId)?.state).toBe('resolvedDelivered');
    expect(again.stock.find('KIA-0001')?.place).toBe('issued');
    expect(bench.registry.corrections).toHaveLength(1);
    expect(checkStates(again.journal.reader)).toBeNull();
  });
});

describe('paper under review', () => {
  it('is confirmed by one person as the record has it', async () => {
    bench = await Bench.open();
    const core = await bench.restart();
    const { settlement } = await bench.print(core, requestOf('kk'));
    const { attemptId } = settlement;
    bench.registry.answersReports = false;
    expect(settlement.outcome).toBe('delivered');
    await core.journal.append({
      events: [
        {
          kind: 'attempt.stateEntered',
          attemptId,
          sessionId: core.book.read(attemptId)?.sessionId ?? '',
          requestId: 'REQ-kk',
          documentKind: 'kk',
          from: 'confirmed',
          to: 'needsReview',
        },
      ],
    });
    const entry = decisionEntry(
      {
        journal: core.journal,
        clock: bench.clock,
        book: core.book,
        stock: core.stock,
        tables: attemptTables,
      },
      {
        attemptId,
        choice: 'recordStands',
        media: 'plainPaper',
        by: two.slice(0, 1),
        decisionId: null,
      },
    );
    if (!entry.ok) throw new Error(entry.error);
    await core.journal.append(entry.value);
    expect(core.book.read(attemptId)).toMatchObject({
      state: 'resolvedAsRecorded',
      comesTo: 'delivered',
      evidence: 'staffSaw',
    });
  });
});
