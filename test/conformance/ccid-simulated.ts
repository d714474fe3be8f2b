import { expect } from '@jest/globals';
import type { SimulatedReaderOptions } from '../../drivers/ccid-card-reader/simulator.ts';
import { SimulatedSam } from '../../drivers/ektp/simulated-sam.ts';
import { SimulatedEKtp } from '../../drivers/ektp/simulator.ts';
import { makeCcidEKtpReaderFactory } from '../../drivers/host/ccid-ektp-reader.ts';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { ccidRig } from '../drivers/ccid-card-reader/ccid-rig.ts';
import type { CardReaderUnderTest } from './card-reader-suite.ts';
import { checked } from './checked-driver.ts';
import { EventTape } from './event-tape.ts';

const CARD_SLOT = 0;
const SAM_SLOT = 1;

/** A driver in this process on a simulated bus; the SAM lies in the second slot of the same reader. */
export async function openOnSimulatedBus(
  sam: boolean,
  made: SimulatedReaderOptions,
  clock: Clock = systemClock,
): Promise<CardReaderUnderTest> {
  const { bus, reader } = ccidRig({ reader: { slots: 2, ...made }, clock });
  const secureModule = new SimulatedSam();
  reader.put(SAM_SLOT, secureModule);
  const events = new EventTape();
  const factory = makeCcidEKtpReaderFactory({ clock, bus });
  const options = factory.options.parse({ reader: {}, sam: sam ? { slot: SAM_SLOT } : null });
  const driver = factory.create(options, (event, payload) => events.push(event, payload));
  await driver.start();
  const handlers = checked(driver) as unknown as Readonly<
    Record<
      string,
      CardReaderUnderTest['call'] extends (c: string, p: infer P) => infer R ? (p: P) => R : never
    >
  >;
  const cards: SimulatedEKtp[] = [];
  return {
    events,
    brokenState: 'powerOff',
    call: (command, params) => {
      const handler = handlers[command];
      if (handler === undefined) throw new Error(`there is no ${command}`);
      return handler(params);
    },
    tap: (card, fault) => {
      const tapped = new SimulatedEKtp({ ...card, fault });
      cards.push(tapped);
      reader.put(CARD_SLOT, tapped);
      return Promise.resolve();
    },
    untap: () => {
      reader.put(CARD_SLOT, null);
      return Promise.resolve();
    },
    breakDown: () => {
      bus.unplug();
      return Promise.resolve();
    },
    mend: () => {
      bus.plug({ reader });
      return Promise.resolve();
    },
    async close() {
      await driver.stop();
      expect(bus.isOpen()).toBe(false);
      const inChips = [...cards, secureModule].flatMap(({ violations }) => violations);
      expect([...reader.violations, ...inChips]).toEqual([]);
    },
  };
}
