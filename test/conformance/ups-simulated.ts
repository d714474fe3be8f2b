import { expect } from '@jest/globals';
import type { UpsCapabilities } from '../../drivers/contract/ups.ts';
import { makeUpsFactory } from '../../drivers/ups/driver.ts';
import { upsOptionsSchema } from '../../drivers/ups/options.ts';
import { SimulatedUpsd } from '../../drivers/ups/simulator.ts';
import { openNutLine } from '../../drivers/ups/transport.ts';
import { POLL_MS } from '../../drivers/ups/watch.ts';
import { LAB_UPS } from '../../scripts/lab/ups-lab.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { EventTape } from './event-tape.ts';
import type { Scene, UpsUnderTest } from './ups-suite.ts';

export const variablesOf = (
  { status, runtimeS, charge }: Scene,
  tells: UpsCapabilities,
): Record<string, string> => ({
  'ups.status': status,
  ...(tells.runtime ? { 'battery.runtime': String(runtimeS) } : {}),
  ...(tells.charge ? { 'battery.charge': String(charge) } : {}),
});

export const EVERYTHING = { runtime: true, charge: true };

/** The driver over TCP on an upsd that is none, on a clock that the test moves. */
export async function onSimulator(tells: UpsCapabilities, first: Scene): Promise<UpsUnderTest> {
  const clock = new FakeClock();
  const upsd = new SimulatedUpsd(LAB_UPS);
  upsd.say(variablesOf(first, tells));
  await upsd.listen();
  const events = new EventTape();
  const options = upsOptionsSchema.parse({ ups: LAB_UPS, port: upsd.port });
  const driver = makeUpsFactory({ clock, openLine: openNutLine }).create(
    options,
    (event, payload) => events.push(event, payload),
  );
  await driver.start();
  return {
    driver,
    events,
    play: (scene) => {
      upsd.say(variablesOf(scene, tells));
      return Promise.resolve();
    },
    setLost: (lost) => {
      upsd.setFault(lost ? 'dataStale' : null);
      return Promise.resolve();
    },
    setAway: (away) => (away ? upsd.stop() : upsd.listen()),
    passTime: () => clock.advance(POLL_MS),
    close: async () => {
      await driver.stop();
      await upsd.stop();
      expect(upsd.violations).toEqual([]);
    },
  };
}
