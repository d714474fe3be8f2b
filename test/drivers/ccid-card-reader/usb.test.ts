import { describe, expect, it } from '@jest/globals';
import type { CcidPairState } from '../../../drivers/ccid-card-reader/reader-pair.ts';
import { FlowingClock } from '../flowing-clock.ts';
import { ccidRig } from './ccid-rig.ts';

/** A driver that is not started, and what it told of its reader. */
function rigOf() {
  const clock = new FlowingClock();
  const rig = ccidRig({ clock });
  const states: CcidPairState[] = [];
  rig.pair.events.on('changed', (state) => states.push(state));
  const reasons = (): string[] => states.flatMap(({ trouble }) => trouble?.reasons ?? []);
  /** Completes when the reader is in use and nothing is wrong with it. */
  const inUse = async (): Promise<void> => {
    while (states.at(-1)?.trouble !== null)
      await new Promise((resolve) => clock.after(20, () => resolve(null)));
  };
  return { ...rig, states, reasons, inUse };
}

describe('a halted pipe of a raw CCID reader', () => {
  it.each(['in', 'out'] as const)('is cleared when the driver comes: %s', async (pipe) => {
    const { bus, pair, states, reasons } = rigOf();
    bus.halt(pipe);
    await pair.start();
    expect([states.at(-1)?.trouble, reasons()]).toEqual([null, []]);
    await pair.stop();
  });

  it.each(['in', 'out'] as const)(
    'takes the reader out of service, which is opened anew: %s',
    async (pipe) => {
      const { bus, pair, states, reasons, inUse } = rigOf();
      await pair.start();
      bus.halt(pipe);
      while (reasons().length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(reasons()).toContain('readerFailed.stalled');
      await inUse();
      expect(states.at(-1)?.trouble).toBeNull();
      await pair.stop();
    },
  );
});

describe('a raw CCID reader', () => {
  it('that leaves between the claim and the first transfer is let go of, and found when it is back', async () => {
    const { bus, reader, pair, reasons, inUse } = rigOf();
    bus.unplugOnFirstTransfer();
    await pair.start();
    expect(reasons()).toContain('unplugged');
    expect(bus.isOpen()).toBe(false);
    bus.plug({ reader });
    await inUse();
    expect(bus.isOpen()).toBe(true);
    await pair.stop();
  });
});
