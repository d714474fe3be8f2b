import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { cabinetIoFactory } from '../../drivers/cabinet-io/driver.ts';
import { cabinetIoOptionsSchema } from '../../drivers/cabinet-io/options.ts';
import type { CabinetIoCapabilities } from '../../drivers/contract/cabinet-io.ts';
import { EventLog } from '../drivers/cabinet/event-log.ts';
import { ControllerCable } from '../drivers/cabinet-io/controller-cable.ts';
import { EVERYTHING } from '../drivers/cabinet-io/wire-rig.ts';
import { handsOn, inMemory } from './cabinet-io-in-memory.ts';
import { cabinetIoConformance, type CabinetIoRig } from './cabinet-io-suite.ts';

const SMALL: CabinetIoCapabilities = { sensors: ['serviceKey', 'headset'], lights: ['cardReader'] };

async function onPty(
  capabilities: CabinetIoCapabilities,
  proof: (rig: CabinetIoRig) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'anjungan-cabinet-io-'));
  const cable = new ControllerCable(join(dir, 'tty'));
  const events = new EventLog<'cabinetIo'>();
  const options = cabinetIoOptionsSchema.parse({ path: cable.ttyPath, ...capabilities });
  const driver = cabinetIoFactory.create(options, events.emit);
  const stop = async (): Promise<void> => {
    await driver.stop();
    cable.controller.switchOff();
    await cable.unplug();
    rmSync(dir, { recursive: true });
  };
  try {
    await cable.plug();
    await driver.start();
    await proof({
      driver,
      events,
      ...handsOn(cable.controller),
      unplug: () => cable.unplug(),
      plug: () => cable.plug(),
      stop,
    });
    expect(cable.controller.violations).toEqual([]);
  } finally {
    await stop();
  }
}

cabinetIoConformance('the serial controller on a pseudo-terminal', EVERYTHING, (proof) =>
  onPty(EVERYTHING, proof),
);

cabinetIoConformance('a whole cabinet on a wire in memory', EVERYTHING, (proof) =>
  inMemory(EVERYTHING, proof),
);

cabinetIoConformance('a small cabinet on a wire in memory', SMALL, (proof) =>
  inMemory(SMALL, proof),
);
