import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upsFactory } from '../../drivers/ups/driver.ts';
import { upsOptionsSchema } from '../../drivers/ups/options.ts';
import { LAB_UPS, startUpsLab } from '../../scripts/lab/ups-lab.ts';
import { EventTape } from './event-tape.ts';
import { EVERYTHING, onSimulator, variablesOf } from './ups-simulated.ts';
import { upsConformance, type Scene, type UpsUnderTest } from './ups-suite.ts';

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

upsConformance('a real upsd with its driver dummy-ups', EVERYTHING, onUpsd);
upsConformance('a simulated upsd', EVERYTHING, (first) => onSimulator(EVERYTHING, first));
const nothing = { runtime: false, charge: false };
upsConformance('a simulated upsd whose UPS measures nothing', nothing, (first) =>
  onSimulator(nothing, first),
);
