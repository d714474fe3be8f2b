import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { balanceOf } from '../../src/issuance/stock/balance.ts';
import { ledgerFigure } from '../../src/issuance/stock/bins.ts';
import { checkStates } from '../../src/journal/projections/state-check.ts';
import { Bench, requestOf, type Core } from '../issuance/bench.ts';
import { Life } from '../issuance/mortal.ts';

/** The point right after the commit of a state, as the harness names it. */
async function dieAfter(bench: Bench, point: string): Promise<void> {
  await bench.kill(await bench.start());
  const rehearsal = new Life();
  const other = await Bench.open();
  const dry = await other.start({ life: rehearsal });
  await dry.issuance.recover();
  await other.print(dry, requestOf('kia'));
  await other.close();
  const life = new Life(rehearsal.points.findIndex((name) => name.includes(point)));
  const core = await bench.start({ life });
  await core.issuance.recover();
  void bench.print(core, requestOf('kia'));
  await life.ended;
  await new Promise((resolve) => setImmediate(resolve));
  await bench.kill(core);
}

describe('recovery at start', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  const visits = (core: Core): unknown[] =>
    core.journal
      .rows(1, 1_000)
      .flatMap(({ event }) =>
        event.kind === 'recovery.attemptVisited' ? [[event.found, event.action]] : [],
      );

  it('gives a request back whose blank never moved, and says that nothing was printed', async () => {
    await dieAfter(bench, 'feedIntent');
    const core = await bench.restart();
    await core.outbox.idle();
    expect(core.recovery).toMatchObject({
      visited: 1,
      byOutcome: { notPrinted: 1 },
      unresolved: [],
    });
    expect(visits(core)).toEqual([['feedIntent', 'wasBlankFed']]);
    expect(bench.registry.requests.get('REQ-kia')?.state).toBe('siapCetak');
  });

  it('puts a blank that is inside into the reject bin', async () => {
    await dieAfter(bench, 'cardPrinter.feedBlank');
    const core = await bench.restart();
    expect(core.recovery).toMatchObject({ byOutcome: { spoiled: 1 } });
    expect(bench.cabinet.parts.rejectBin).toHaveLength(1);
  });

  it('draws a card back that still lies at the exit, and presents it to nobody', async () => {
    await dieAfter(bench, 'cardPrinter.presentCard');
    expect(bench.cabinet.parts.exit).not.toBeNull();
    const core = await bench.restart();
    expect(core.recovery).toMatchObject({ byOutcome: { retracted: 1 } });
    expect(bench.cabinet.out).toEqual([]);
  });

  it('counts a card as delivered that was taken while core was down', async () => {
    await dieAfter(bench, 'cardPrinter.presentCard');
    bench.cabinet.hands.takeCard();
    const core = await bench.restart();
    expect(core.recovery).toMatchObject({ byOutcome: { delivered: 1 } });
  });

  it('leaves to people what a silent printer cannot tell, and keeps the card path closed', async () => {
    await dieAfter(bench, 'cardPrinter.printSide');
    bench.cabinet.interfere({
      device: 'cardPrinter',
      command: 'getStatus',
      what: 'unreachable',
      times: 3,
    });
    const core = await bench.restart();
    await core.outbox.idle();
    expect(core.recovery).toMatchObject({ byOutcome: { uncertain: 1 } });
    expect(core.recovery.unresolved).toHaveLength(1);
    expect(core.issuance.availability().ktpEl).toEqual({
      available: false,
      reason: 'outcomeUnresolved',
    });
    expect(bench.registry.requests.get('REQ-kia')?.state).toBe('perluPeriksa');
  });

  it('does not call delivered what a printer presented that has not told since what it can sense', async () => {
    await dieAfter(bench, 'commit presented');
    expect(bench.cabinet.parts.exit).not.toBeNull();
    for (const command of ['getStatus', 'getCapabilities']) {
      bench.cabinet.interfere({ device: 'cardPrinter', command, what: 'unreachable', times: 9 });
    }
    const core = await bench.restart();
    expect(core.recovery).toMatchObject({ byOutcome: { uncertain: 1 } });
    expect(core.recovery.unresolved).toHaveLength(1);
  });

  it('does not repeat itself at the next start', async () => {
    await dieAfter(bench, 'cardPrinter.feedBlank');
    const first = await bench.restart();
    await bench.kill(first);
    const core = await bench.restart();
    expect(core.recovery.visited).toBe(0);
  });

  it('keeps an old card that stands in the reader for the desk', async () => {
    await bench.kill(await bench.start());
    bench.cabinet.oldCards.held = true;
    const core = await bench.restart();
    expect(core.recovery.oldCardCaptured).toBe(true);
    expect(bench.cabinet.oldCards).toMatchObject({ held: false, captured: 1 });
    const told = core.journal.rows(1, 100).map(({ event }) => event.kind);
    expect(told.indexOf('oldCard.foundAtStart')).toBeLessThan(told.indexOf('oldCard.keptForDesk'));
    const { reader } = core.journal;
    expect(ledgerFigure(reader, { in: 'captureBin' })).toBe(1);
    expect(balanceOf(reader).oldCards).toBe(1);
    expect(checkStates(reader)).toBeNull();
  });

  it('says of a card whose fall it announced, and died over, that nobody proved where it is', async () => {
    await bench.kill(await bench.start());
    bench.cabinet.oldCards.held = true;
    const rehearsal = await Bench.open();
    rehearsal.cabinet.oldCards.held = true;
    const { life: lived } = await rehearsal.restart();
    await rehearsal.close();
    const life = new Life(lived.points.indexOf('cardReader.captureCard'));
    const dying = await bench.start({ life });
    void dying.issuance.recover();
    await life.ended;
    await bench.kill(dying);
    expect(bench.cabinet.oldCards).toMatchObject({ held: false, captured: 1 });

    const core = await bench.restart();
    const kept = () =>
      core.journal
        .rows(1, 1_000)
        .flatMap(({ event }) => (event.kind === 'oldCard.keptForDesk' ? [event] : []));
    expect(kept()).toMatchObject([{ captured: false, capturedCount: 1 }]);
    await bench.kill(core);
    // Said once.
    const again = await bench.restart();
    const told = again.journal.rows(1, 1_000).map(({ event }) => event.kind);
    expect(told.filter((kind) => kind === 'oldCard.keptForDesk')).toHaveLength(1);
  });

  it('must have run before anything is printed', async () => {
    const core = await bench.start();
    expect(() => core.issuance.start(bench.order(requestOf('kia')))).toThrow(/recovery/);
  });
});
