import { describe, expect, it } from '@jest/globals';
import type { CardPrinterRequest } from '../../../drivers/simulated-card-printer/protocol.ts';
import { WatchedClock } from '../cabinet/watched-clock.ts';
import {
  greySide,
  ktpBlanks,
  startCabinet,
  startCardPrinterDriver,
} from '../cabinet/cabinet-rig.ts';

const STEP_MS = 150;
const FEED: CardPrinterRequest = {
  command: 'feedBlank',
  params: { feeder: 'ktp', blankKind: 'ktpEl' },
};
const PRESENT: CardPrinterRequest = { command: 'presentCard', params: {} };

/** A cabinet whose motors run for 150 ms of a clock that the test moves. */
async function slowCabinet(profile: 'full' | 'noCounters' = 'full') {
  const clock = new WatchedClock();
  const rig = await startCabinet({ stepMs: STEP_MS, profile }, clock);
  rig.cabinet.printerHands.load('ktp', ktpBlanks(2));
  /** Sends a movement and completes when its motor runs. */
  const begin = async (request: CardPrinterRequest) => {
    const running = clock.nextTimer();
    const answer = rig.cabinet.printer.handle(request);
    await running;
    return { answer };
  };
  const run = async (request: CardPrinterRequest) => {
    const { answer } = await begin(request);
    clock.advance(STEP_MS);
    return answer;
  };
  const ask = (command: 'getStatus' | 'lastPresentStatus') =>
    rig.cabinet.printer.handle({ command, params: {} });
  const types = () => rig.cabinet.record.since(1).map(({ type }) => type);
  return { ...rig, clock, begin, run, ask, types };
}

describe('a movement that is under way', () => {
  it('is recorded when it has ended and not before', async () => {
    const { begin, clock, types, stop } = await slowCabinet();
    const { answer } = await begin(FEED);
    clock.advance(STEP_MS - 1);
    expect(types()).toEqual([]);
    clock.advance(1);
    await answer;
    expect(types()).toEqual(['blankFed']);
    await stop();
  });

  it('ends although the host that asked for it is gone', async () => {
    const { cabinet, clock, stop } = await slowCabinet();
    const { driver } = await startCardPrinterDriver(cabinet.socketPath);
    const running = clock.nextTimer();
    const answer = driver.handlers.feedBlank({ feeder: 'ktp', blankKind: 'ktpEl' });
    await running;
    await driver.stop();
    expect(await answer).toEqual({ ok: false, error: { kind: 'deviceGone' } });
    const ended = cabinet.record.next(1, ['blankFed'], 60_000);
    clock.advance(STEP_MS);
    expect(await ended).toMatchObject({ serial: 'KTP-000001' });
    await stop();
  });

  it('stops where it is when the power goes: the blank is still in the feeder', async () => {
    const { cabinet, begin, clock, types, stop } = await slowCabinet();
    const { answer } = await begin(FEED);
    await cabinet.cutPower();
    clock.advance(STEP_MS);
    expect(await answer).toBe('silent');
    expect(types()).toEqual(['powerCut']);
    expect(cabinet.world.cardPrinter.feeders[0]?.blanks).toHaveLength(2);
    await stop();
  });

  it('leaves a side partly printed when the power goes', async () => {
    const { cabinet, run, begin, ask, clock, types, stop } = await slowCabinet();
    await run(FEED);
    const { answer } = await begin({ command: 'printSide', params: greySide('front') });
    await cabinet.cutPower();
    clock.advance(STEP_MS);
    expect(await answer).toBe('silent');
    expect(types()).toEqual(['blankFed', 'powerCut', 'sidePartlyPrinted']);
    await cabinet.restorePower();
    expect(await ask('getStatus')).toMatchObject({
      value: { media: 'present', counters: { printedSides: 0 } },
    });
    await stop();
  });

  it('makes the printer unsure of a presentation that the power cut off', async () => {
    const { cabinet, run, begin, ask, clock, stop } = await slowCabinet();
    await run(FEED);
    const { answer } = await begin(PRESENT);
    await cabinet.cutPower();
    clock.advance(STEP_MS);
    await answer;
    await cabinet.restorePower();
    expect(await ask('lastPresentStatus')).toEqual({ ok: true, value: { presented: 'unknown' } });
    await stop();
  });

  it.each([
    { profile: 'full' as const, presented: 'presented' },
    { profile: 'noCounters' as const, presented: 'unknown' },
  ])('after a power cut profile $profile says: $presented', async ({ profile, presented }) => {
    const { cabinet, run, ask, stop } = await slowCabinet(profile);
    await run(FEED);
    await run(PRESENT);
    await cabinet.cutPower();
    await cabinet.restorePower();
    expect(await ask('lastPresentStatus')).toEqual({ ok: true, value: { presented } });
    await stop();
  });
});
