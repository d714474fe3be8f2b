import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Clock } from '../../src/base/clock.ts';
import { Latch } from '../../src/issuance/attempt-run.ts';
import { Bench, requestOf } from './bench.ts';

describe('an attempt on a controlled blank', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('prints a KTP-el, sees it taken and settles with the sensor as evidence', async () => {
    const core = await bench.restart();
    const { settlement, seen } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement).toMatchObject({
      outcome: 'delivered',
      evidence: 'sensorSaw',
      problem: null,
      blankSerial: 'KTP-0001',
      codeStillCounts: false,
      oldCard: 'notConcerned',
      mayRetryNow: false,
    });
    expect(seen).toEqual([
      'reserving',
      'checking',
      'feeding',
      'encoding',
      'printing',
      'verifying',
      'presenting',
      'presented',
    ]);
    expect(bench.cabinet.out).toEqual(['KTP-0001']);
    expect(core.stock.balance()).toMatchObject({
      difference: 0,
      counts: { issued: 1, inFeeder: 11 },
    });
    expect(core.book.read(settlement.attemptId)?.state).toBe('confirmed');
    expect(bench.registry.requests.get('REQ-ktpEl')?.state).toBe('diserahkan');
  });

  it('prints a KIA without writing a chip', async () => {
    const core = await bench.restart();
    const { settlement, seen } = await bench.print(core, requestOf('kia'));
    expect(settlement).toMatchObject({ outcome: 'delivered', blankSerial: 'KIA-0001' });
    expect(seen).not.toContain('encoding');
    expect(bench.cabinet.moves.map(({ type }) => type)).not.toContain('chipWritten');
  });

  it('commits every intent before its command, and under a signature', async () => {
    const core = await bench.restart();
    await bench.print(core, requestOf('ktpEl'));
    const rows = core.journal.rows(1, 10_000).map(({ event }) => event);
    const given = rows.map((event) =>
      event.kind === 'attempt.stateEntered' ? (event.command?.command ?? null) : null,
    );
    const moving = bench.cabinet.commands.filter((name) => /^(feed|print|present)/.test(name));
    expect(given.filter((command) => command !== null)).toEqual(moving);
    const signed = core.journal.reader
      .all(z.strictObject({ size: z.number() }), 'SELECT size FROM checkpoints')
      .map(({ size }) => size);
    const announced = given.flatMap((command, index) => (command === null ? [] : [index]));
    for (const index of announced) {
      const next = rows.findIndex(({ kind }, at) => at > index && kind === 'attempt.stateEntered');
      expect(signed.some((size) => size > index && size <= next)).toBe(true);
    }
    expect(core.journal.verify().firstBreak).toBeNull();
  });

  it('reminds after 30 s and draws an uncollected card back after 60 s', async () => {
    const core = await bench.restart();
    const { settlement, seen } = await bench.print(core, requestOf('kia'), ({ kind }) => {
      if (kind === 'presented' || kind === 'takeReminder') bench.later(30_000);
    });
    expect(seen.slice(-2)).toEqual(['presented', 'takeReminder']);
    expect(settlement).toMatchObject({
      outcome: 'retracted',
      evidence: 'sensorSaw',
      problem: 'notCollected',
      codeStillCounts: false,
      mayRetryNow: false,
    });
    expect(bench.cabinet.parts.retractBin.map(({ serial }) => serial)).toEqual(['KIA-0001']);
    expect(core.stock.balance().counts.retracted).toBe(1);
  });

  it('believes a hand that takes the card while the rollers start to draw it back', async () => {
    const core = await bench.restart();
    core.journal.onAppended((rows) => {
      const draws = rows.some(
        ({ event }) => event.kind === 'attempt.stateEntered' && event.to === 'retracting',
      );
      if (draws) bench.cabinet.hands.takeCard();
    });
    const { settlement } = await bench.print(core, requestOf('kia'), ({ kind }) => {
      if (kind === 'presented' || kind === 'takeReminder') bench.later(30_000);
    });
    expect(settlement).toMatchObject({
      outcome: 'delivered',
      evidence: 'sensorSaw',
      problem: null,
    });
  });

  it('spoils a card whose ribbon ended, and the same code prints the next', async () => {
    const core = await bench.restart();
    bench.cabinet.strike('print', 'ribbonOut', 'before');
    const first = await bench.print(core, requestOf('ktpEl'));
    expect(first.settlement).toMatchObject({
      outcome: 'spoiled',
      evidence: 'sensorSaw',
      problem: 'printFailedCardKept',
      codeStillCounts: true,
      mayRetryNow: true,
    });
    const second = await bench.print(core, requestOf('ktpEl'));
    expect(second.settlement).toMatchObject({ outcome: 'delivered', blankSerial: 'KTP-0002' });
    expect(core.stock.balance()).toMatchObject({ difference: 0, counts: { void: 1, issued: 1 } });
  });

  it('ends the retries by itself after the third spoiled blank', async () => {
    const core = await bench.restart();
    const settlements = [];
    for (let tried = 0; tried < 4; tried += 1) {
      bench.cabinet.strike('print', 'ribbonOut', 'before');
      bench.cabinet.parts.ribbonPanelsLeft = 500;
      settlements.push((await bench.print(core, requestOf('kia'))).settlement);
    }
    expect(settlements.map(({ outcome, mayRetryNow }) => [outcome, mayRetryNow])).toEqual([
      ['spoiled', true],
      ['spoiled', true],
      ['spoiled', false],
      ['notPrinted', false],
    ]);
    expect(settlements[3]).toMatchObject({ problem: 'limitReached', codeStillCounts: false });
  });

  it('promises no code once the registry keeps the request for people after the second blank', async () => {
    const core = await bench.restart();
    bench.registry.spoiledLimit = 2;
    const settlements = [];
    for (let tried = 0; tried < 2; tried += 1) {
      bench.cabinet.strike('encode', 'chipSilent', 'before');
      settlements.push((await bench.print(core, requestOf('ktpEl'))).settlement);
    }
    expect(settlements).toMatchObject([
      { outcome: 'spoiled', codeStillCounts: true, mayRetryNow: true },
      { outcome: 'spoiled', codeStillCounts: false, mayRetryNow: false },
    ]);
    expect(bench.registry.requests.get('REQ-ktpEl')?.state).toBe('gagalCetak');
  });

  it('offers no retry while the registry has not heard of the spoiled blank', async () => {
    const waits = new Latch();
    const reportMs = 10_001;
    const clock: Clock = {
      now: () => bench.clock.now(),
      monotonicMs: () => bench.clock.monotonicMs(),
      after: (delayMs, fire) => {
        const timer = bench.clock.after(delayMs, fire);
        if (delayMs === reportMs) waits.set();
        return timer;
      },
    };
    const core = await bench.restart({ deps: { clock, limits: { reportMs, jamClearMs: 0 } } });
    bench.cabinet.strike('encode', 'chipSilent', 'before');
    bench.registry.answersReports = false;
    const attempt = core.issuance.start(bench.order(requestOf('ktpEl')));
    await waits.happened;
    bench.clock.advance(reportMs);
    expect(await attempt.settled).toMatchObject({
      outcome: 'spoiled',
      codeStillCounts: true,
      mayRetryNow: false,
    });
  });

  it('takes nothing for moved when the feeder is empty, and gives the request back', async () => {
    const core = await bench.restart();
    bench.cabinet.strike('feed', 'feederEmpty', 'before');
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement).toMatchObject({
      outcome: 'notPrinted',
      problem: 'blanksOut',
      blankSerial: null,
      codeStillCounts: true,
    });
    expect(bench.registry.requests.get('REQ-kia')).toMatchObject({
      state: 'siapCetak',
      holder: null,
    });
    expect(core.stock.balance().counts.inFeeder).toBe(12);
  });

  it('does not believe "feeder empty" when a blank lies in the transport', async () => {
    const core = await bench.restart();
    bench.cabinet.strike('feed', 'feederEmpty', 'after');
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement).toMatchObject({ outcome: 'spoiled', blankSerial: 'KIA-0001' });
    expect(bench.cabinet.parts.rejectBin.map(({ serial }) => serial)).toEqual(['KIA-0001']);
  });

  it('rejects a blank whose chip holds something already', async () => {
    const core = await bench.restart();
    const [first] = bench.cabinet.parts.feeders.find(({ name }) => name === 'ktp')?.blanks ?? [];
    if (first?.chip) first.chip.files['0101'] = '01'.repeat(4096);
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement.outcome).toBe('spoiled');
    expect(core.book.read(settlement.attemptId)?.faultCode).toBe('chip.notBlank');
  });

  it('leaves a jammed card to people: uncertain, held at the registry, card path closed', async () => {
    const core = await bench.restart();
    bench.cabinet.strike('print', 'jam', 'before');
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement).toMatchObject({
      outcome: 'uncertain',
      evidence: 'none',
      codeStillCounts: false,
      mayRetryNow: false,
    });
    expect(bench.registry.requests.get('REQ-ktpEl')?.state).toBe('perluPeriksa');
    expect(core.issuance.availability().kia).toEqual({
      available: false,
      reason: 'outcomeUnresolved',
    });
    expect(core.issuance.availability().kk).toEqual({ available: true });
    const next = await bench.print(core, requestOf('kia'));
    expect(next.settlement).toMatchObject({ outcome: 'notPrinted', problem: 'printerTrouble' });
    expect(core.stock.balance()).toMatchObject({ difference: 0, counts: { unresolved: 1 } });
  });

  it('lets the citizen cancel until the first blank is about to move', async () => {
    const core = await bench.restart();
    const attempt = core.issuance.start(bench.order(requestOf('kia')));
    attempt.cancelBeforeMotion();
    expect(await attempt.settled).toMatchObject({ outcome: 'notPrinted', problem: 'cancelled' });
    expect(bench.cabinet.moves).toEqual([]);
  });

  it('offers what the feeders hold and says which kind is out', async () => {
    const core = await bench.restart();
    const feeder = bench.cabinet.parts.feeders.find(({ name }) => name === 'kia');
    feeder?.blanks.splice(0);
    await core.issuance.refresh();
    expect(core.issuance.availability()).toEqual({
      ktpEl: { available: true, without: ['ktpElWna'] },
      kia: { available: false, reason: 'blanksOut' },
      kk: { available: true },
    });
  });
});
