import { describe, expect, it } from '@jest/globals';
import { KeptOpen, type KeptOpenParts } from '../../../drivers/contract/kept-open.ts';
import { away, ONLINE } from '../../../drivers/contract/status-teller.ts';
import type { CommonStatus } from '../../../drivers/contract/words.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { err, ok } from '../../../src/base/result.ts';

const GONE = away('unplugged');

/** A device that is opened as `open` says, and what was told of it. */
function kept(open: KeptOpenParts['open']) {
  const clock = new FakeClock();
  const told: CommonStatus[] = [];
  const made = { opened: 0, closed: 0 };
  const device = new KeptOpen({
    clock,
    open: (lost) => {
      made.opened += 1;
      return open(lost);
    },
    say: (status) => void told.push(status),
  });
  const closing = () => {
    made.closed += 1;
    return Promise.resolve();
  };
  return { clock, told, made, device, closing };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a device that is kept open', () => {
  it('that is lost while it is being opened, and then refused, is looked for once and not twice', async () => {
    const { device, clock, made, told } = kept((lost) => {
      lost(GONE);
      return Promise.resolve(err(away('silent')));
    });
    await device.start();
    expect([made.opened, told.length]).toEqual([1, 1]);
    clock.advance(250);
    await settled();
    expect([made.opened, told.length]).toEqual([2, 2]);
    await device.stop();
  });

  it('that is lost while it is being opened, and opens all the same, is closed and looked for again', async () => {
    const rig = kept((lost) => {
      lost(GONE);
      return Promise.resolve(ok({ close: rig.closing }));
    });
    await rig.device.start();
    expect([rig.made.opened, rig.made.closed]).toEqual([1, 1]);
    expect(rig.told).toEqual([GONE]);
    rig.clock.advance(250);
    await settled();
    expect(rig.made.opened).toBe(2);
    await rig.device.stop();
  });

  it('that is lost is closed before it is opened again, which waits for that', async () => {
    let lose = (): void => undefined;
    let closed = (): void => undefined;
    const rig = kept((lost) => {
      lose = () => lost(GONE);
      const close = () => new Promise<void>((resolve) => (closed = resolve));
      return Promise.resolve(ok({ close }));
    });
    await rig.device.start();
    lose();
    rig.clock.advance(250);
    await settled();
    expect(rig.made.opened).toBe(1);
    closed();
    await settled();
    expect(rig.made.opened).toBe(2);
    const stopped = rig.device.stop();
    await settled();
    closed();
    await stopped;
  });

  it('that is lost twice is looked for once', async () => {
    let loseAll = (): void => undefined;
    const rig = kept((lost) => {
      loseAll = () => {
        lost(GONE);
        lost(GONE);
      };
      return Promise.resolve(ok({ close: rig.closing }));
    });
    await rig.device.start();
    loseAll();
    expect(rig.told).toEqual([ONLINE, GONE]);
    rig.clock.advance(250);
    await settled();
    expect(rig.made.opened).toBe(2);
    await rig.device.stop();
    // The one that was lost, and the one that was opened after it.
    expect(rig.made.closed).toBe(2);
  });
});
