import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cabinetIoFactory } from '../../drivers/cabinet-io/driver.ts';
import { cabinetIoOptionsSchema } from '../../drivers/cabinet-io/options.ts';
import { FLASH_RATES, LIGHT_LETTERS, SENSOR_LETTERS } from '../../drivers/cabinet-io/protocol.ts';
import { SimulatedCabinetController } from '../../drivers/cabinet-io/simulator.ts';
import type { CabinetIoCapabilities } from '../../drivers/contract/cabinet-io.ts';
import type { Clock } from '../../src/base/clock.ts';
import { EventLog } from '../drivers/cabinet/event-log.ts';
import { ControllerCable } from '../drivers/cabinet-io/controller-cable.ts';
import { EVERYTHING, inQuickTime, wireRig } from '../drivers/cabinet-io/wire-rig.ts';
import { cabinetIoCases, cabinetIoConformance, type CabinetIoRig } from './cabinet-io-suite.ts';

const SMALL: CabinetIoCapabilities = { sensors: ['serviceKey', 'headset'], lights: ['cardReader'] };

/** What a rig does with a simulated controller, whatever carries its bytes. */
const handsOn = (controller: SimulatedCabinetController) =>
  ({
    move: (sensor, contact) => controller.move(SENSOR_LETTERS[sensor], contact),
    shown: (light) => FLASH_RATES[Number(controller.light(LIGHT_LETTERS[light]))] ?? 'off',
    fallSilent: () => controller.fallSilent(),
    speakAgain: () => controller.speakAgain(),
    restart: () => controller.restart({ memory: 'kept' }),
  }) satisfies Partial<CabinetIoRig>;

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

type MakeController =
  ConstructorParameters<typeof SimulatedCabinetController> extends [Clock, infer Send, ...unknown[]]
    ? (clock: Clock, send: Send) => SimulatedCabinetController
    : never;

async function inMemory(
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

cabinetIoConformance('a whole cabinet on a wire in memory', EVERYTHING, (proof) =>
  inMemory(EVERYTHING, proof),
);

cabinetIoConformance('a small cabinet on a wire in memory', SMALL, (proof) =>
  inMemory(SMALL, proof),
);

type Contact = Parameters<SimulatedCabinetController['contactText']>[1];

describe('the suite of contacts and lights', () => {
  /** Controllers that are wrong in one thing, and the case that is there to see it. */
  const mutants: Readonly<Record<string, [typeof SimulatedCabinetController, string]>> = {
    'calls a broken wire inactive': [
      class extends SimulatedCabinetController {
        override contactText(letter: string, contact: Contact): string {
          const wire = contact.wire === 'broken' ? 'inactive' : contact.wire;
          return super.contactText(letter, { ...contact, wire });
        }
      },
      'calls a sensor with a broken wire unknown',
    ],
    'does not count': [
      class extends SimulatedCabinetController {
        override contactText(letter: string, contact: Contact): string {
          return super.contactText(letter, { ...contact, count: 0, acknowledged: 0 });
        }
      },
      'keeps tampering that came and went',
    ],
    'counts nothing while nobody listens': [
      class extends SimulatedCabinetController {
        override contactText(letter: string, contact: Contact): string {
          return super.contactText(letter, { ...contact, acknowledged: contact.count });
        }
      },
      'tells afterwards of a door',
    ],
    'acknowledges whatever it counted': [
      class extends SimulatedCabinetController {
        override acknowledge(): string | null {
          return super.acknowledge({ verb: 'C', sequence: '00', letter: 'T', value: 'FF' });
        }
      },
      'keeps tampering that came and went',
    ],
    'confirms a light that it does not show': [
      class extends SimulatedCabinetController {
        override light(letter: string): string {
          return letter === 'C' ? '0' : super.light(letter);
        }
      },
      'shows each light at each rate',
    ],
    'shows two lights for one': [
      class extends SimulatedCabinetController {
        override setLight(request: Parameters<SimulatedCabinetController['setLight']>[0]) {
          super.setLight({ ...request, letter: 'G' });
          return super.setLight(request);
        }
      },
      'shows each light at each rate',
    ],
    'tells no change': [
      class extends SimulatedCabinetController {
        override move(letter: string): void {
          super.move(letter, 'inactive');
        }
      },
      'tells when a sensor becomes active',
    ],
    'cannot be silenced': [
      class extends SimulatedCabinetController {
        override fallSilent(): void {
          this.speakAgain();
        }
      },
      'is powerOff with every sensor unknown',
    ],
    'forgets its counts when it restarts': [
      class extends SimulatedCabinetController {
        #restarted = false;
        override restart(memory: Parameters<SimulatedCabinetController['restart']>[0]): void {
          this.#restarted = true;
          super.restart(memory);
        }
        override contactText(letter: string, contact: Contact): string {
          const forgotten = { ...contact, count: 0, acknowledged: 0 };
          return super.contactText(letter, this.#restarted ? forgotten : contact);
        }
      },
      'keeps tampering through a restart',
    ],
  };

  it.each(Object.entries(mutants))('catches a controller that %s', async (_name, [Mutant, by]) => {
    const proofs = cabinetIoCases.filter(({ name }) => name.startsWith(by));
    expect(proofs).toHaveLength(1);
    for (const { proof } of proofs) {
      const run = (make: MakeController) =>
        inMemory(EVERYTHING, (rig) => proof(rig, EVERYTHING), make);
      await run((clock, send) => new SimulatedCabinetController(clock, send));
      await expect(run((clock, send) => new Mutant(clock, send))).rejects.toThrow();
    }
  });
});
