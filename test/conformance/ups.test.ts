import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { UpsCapabilities } from '../../drivers/contract/ups.ts';
import { makeUpsFactory, upsFactory } from '../../drivers/ups/driver.ts';
import { upsOptionsSchema } from '../../drivers/ups/options.ts';
import { SimulatedUpsd } from '../../drivers/ups/simulator.ts';
import { openNutLine } from '../../drivers/ups/transport.ts';
import { POLL_MS } from '../../drivers/ups/watch.ts';
import { LAB_UPS, startUpsLab } from '../../scripts/lab/ups-lab.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { EventTape } from './event-tape.ts';
import { upsConformance, type Scene, type UpsUnderTest } from './ups-suite.ts';

const variablesOf = (
  { status, runtimeS, charge }: Scene,
  tells: UpsCapabilities,
): Record<string, string> => ({
  'ups.status': status,
  ...(tells.runtime ? { 'battery.runtime': String(runtimeS) } : {}),
  ...(tells.charge ? { 'battery.charge': String(charge) } : {}),
});

const EVERYTHING = { runtime: true, charge: true };

async function onUpsd(first: Scene): Promise<UpsUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'anj-ups-'));
  const lab = await startUpsLab({ dir, variables: variablesOf(first, EVERYTHING) });
  const events = new EventTape();
  const options = upsOptionsSchema.parse({ ups: LAB_UPS, port: lab.port });
  const driver = upsFactory.create(options, (event, payload) => events.push(event, payload));
  await driver.start();
  return {
    driver,
    events,
    play: (scene) => lab.say(variablesOf(scene, EVERYTHING)),
    setLost: (lost) => lab.setStale(lost),
    setAway: (away) => (away ? lab.killDaemon() : lab.startDaemon()),
    passTime: () => undefined,
    close: async () => {
      await driver.stop();
      await lab.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

async function onSimulator(tells: UpsCapabilities, first: Scene): Promise<UpsUnderTest> {
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

upsConformance('a real upsd with its driver dummy-ups', EVERYTHING, onUpsd);
upsConformance('a simulated upsd', EVERYTHING, (first) => onSimulator(EVERYTHING, first));
const nothing = { runtime: false, charge: false };
upsConformance('a simulated upsd whose UPS measures nothing', nothing, (first) =>
  onSimulator(nothing, first),
);
