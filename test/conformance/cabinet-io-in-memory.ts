import { expect } from '@jest/globals';
import { FLASH_RATES, LIGHT_LETTERS, SENSOR_LETTERS } from '../../drivers/cabinet-io/protocol.ts';
import type { SimulatedCabinetController } from '../../drivers/cabinet-io/simulator.ts';
import type { CabinetIoCapabilities } from '../../drivers/contract/cabinet-io.ts';
import { inQuickTime, wireRig } from '../drivers/cabinet-io/wire-rig.ts';
import type { CabinetIoRig } from './cabinet-io-suite.ts';

/** What a rig does with a simulated controller, whatever carries its bytes. */
export const handsOn = (controller: SimulatedCabinetController) =>
  ({
    move: (sensor, contact) => controller.move(SENSOR_LETTERS[sensor], contact),
    shown: (light) => FLASH_RATES[Number(controller.light(LIGHT_LETTERS[light]))] ?? 'off',
    fallSilent: () => controller.fallSilent(),
    speakAgain: () => controller.speakAgain(),
    restart: () => controller.restart({ memory: 'kept' }),
  }) satisfies Partial<CabinetIoRig>;

export type MakeController = NonNullable<Parameters<typeof wireRig>[2]>;

/** A driver and a simulated controller on a wire that takes no time, while as much time passes as is waited for. */
export async function inMemory(
  capabilities: CabinetIoCapabilities,
  proof: (rig: CabinetIoRig) => Promise<void>,
  make?: MakeController,
): Promise<void> {
  const { clock, controller, driver, events, plug, unplug } = wireRig(capabilities, {}, make);
  const stop = (): Promise<void> => driver.stop();
  const rig: CabinetIoRig = {
    driver,
    events,
    ...handsOn(controller),
    unplug: () => {
      unplug();
      return Promise.resolve();
    },
    plug: () => {
      plug();
      return Promise.resolve();
    },
    stop,
  };
  try {
    await inQuickTime(
      clock,
      driver.start().then(() => proof(rig)),
    );
    expect(controller.violations).toEqual([]);
  } finally {
    await inQuickTime(clock, stop());
  }
}
