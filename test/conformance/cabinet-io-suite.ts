import { describe, expect, it } from '@jest/globals';
import {
  lightSchema,
  type CabinetIoCapabilities,
  type CabinetSensor,
  type FlashRate,
  type Light,
  type SensorState,
} from '../../drivers/contract/cabinet-io.ts';
import type { Driver } from '../../drivers/contract/driver.ts';
import type { EventLog } from '../drivers/cabinet/event-log.ts';
import { applying, type Case } from './case.ts';
import { checked, valueOf } from './checked-driver.ts';

/** Contacts and lights that are plugged in and started, and somebody who stands at the cabinet. */
export interface CabinetIoRig {
  readonly driver: Driver<'cabinetIo'>;
  readonly events: EventLog<'cabinetIo'>;
  /** Opens a door, turns the key, cuts the wire, and the like; every contact begins inactive. */
  move(sensor: CabinetSensor, contact: 'active' | 'inactive' | 'broken'): void;
  /** What a person sees of a light. */
  shown(light: Light): FlashRate;
  /** The controller stays plugged in and says nothing; its contacts still see. */
  fallSilent(): void;
  speakAgain(): void;
  /** The controller loses its supply and comes back; nothing that it counted is lost. */
  restart(): void;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  stop(): Promise<void>;
}

const stateOf = async (rig: CabinetIoRig, sensor: CabinetSensor): Promise<string> => {
  const { sensors } = valueOf(await checked(rig.driver).getStatus({}));
  return sensors.find((one) => one.sensor === sensor)?.state ?? 'missing';
};
const told = (rig: CabinetIoRig, sensor: CabinetSensor, state: SensorState): Promise<void> =>
  rig.events.heard('sensorChanged', (event) => event.sensor === sensor && event.state === state);
const toldOf = (rig: CabinetIoRig, sensor: CabinetSensor): unknown[] =>
  rig.events
    .named('sensorChanged')
    .filter((event) => (event as { sensor: string }).sensor === sensor);
const online = (rig: CabinetIoRig): Promise<void> =>
  rig.events.heard('statusChanged', ({ state }) => state === 'online');
const gone = (rig: CabinetIoRig): Promise<void> =>
  rig.events.heard('statusChanged', ({ state }) => state === 'powerOff');

/** Away and back, with something done in between. */
async function away(rig: CabinetIoRig, meanwhile: () => void): Promise<void> {
  rig.events.forget();
  await rig.unplug();
  await gone(rig);
  meanwhile();
  rig.events.forget();
  await rig.plug();
  await online(rig);
}

/** What contacts and lights with such capabilities keep. */
export function cabinetIoCases(capabilities: CabinetIoCapabilities): readonly Case<CabinetIoRig>[] {
  const { sensors, lights } = capabilities;
  const notFitted = lightSchema.options.filter((one) => !lights.includes(one));
  const tamper = sensors.includes('tamper');
  const scanner = lights.includes('scanner');
  return [
    {
      title: 'claims the capabilities it is tested for',
      prove: async ({ driver }) => {
        expect(valueOf(await checked(driver).getCapabilities({}))).toEqual(capabilities);
      },
    },
    {
      title: 'is online once it was found, and knows each fitted sensor, once',
      prove: async ({ driver }) => {
        const status = valueOf(await checked(driver).getStatus({}));
        expect(status).toMatchObject({ state: 'online', reasons: [] });
        expect(status.sensors).toEqual(sensors.map((sensor) => ({ sensor, state: 'inactive' })));
      },
    },
    {
      title: 'tells when a sensor becomes active, and when it is so no more',
      prove: async (rig) => {
        rig.events.forget();
        for (const sensor of sensors) {
          rig.move(sensor, 'active');
          await told(rig, sensor, 'active');
          expect(await stateOf(rig, sensor)).toBe('active');
          rig.move(sensor, 'inactive');
          if (sensor === 'tamper') continue;
          await told(rig, sensor, 'inactive');
          expect(toldOf(rig, sensor)).toEqual([
            { sensor, state: 'active' },
            { sensor, state: 'inactive' },
          ]);
        }
      },
    },
    {
      title: 'calls a sensor with a broken wire unknown, and never inactive, until it is mended',
      prove: async (rig) => {
        for (const sensor of sensors.filter((one) => one !== 'tamper')) {
          rig.events.forget();
          rig.move(sensor, 'broken');
          await told(rig, sensor, 'unknown');
          expect(toldOf(rig, sensor)).toEqual([{ sensor, state: 'unknown' }]);
          expect(await stateOf(rig, sensor)).toBe('unknown');
          rig.move(sensor, 'inactive');
          await told(rig, sensor, 'inactive');
        }
      },
    },
    {
      title: 'calls a cut wire of the tamper loop unknown, and tampering once it is mended',
      where: tamper,
      prove: async (rig) => {
        rig.events.forget();
        rig.move('tamper', 'broken');
        await told(rig, 'tamper', 'unknown');
        rig.move('tamper', 'inactive');
        await told(rig, 'tamper', 'active');
        expect(toldOf(rig, 'tamper')).not.toContainEqual({ sensor: 'tamper', state: 'inactive' });
      },
    },
    {
      title: 'is powerOff with every sensor unknown when the controller falls silent, and recovers',
      prove: async (rig) => {
        rig.events.forget();
        rig.fallSilent();
        await gone(rig);
        const status = valueOf(await checked(rig.driver).getStatus({}));
        expect(status).toMatchObject({ state: 'powerOff', reasons: ['silent'] });
        expect(status.sensors).toEqual(sensors.map((sensor) => ({ sensor, state: 'unknown' })));
        for (const sensor of sensors) await told(rig, sensor, 'unknown');
        rig.speakAgain();
        await online(rig);
        for (const sensor of sensors) expect(await stateOf(rig, sensor)).toBe('inactive');
      },
    },
    {
      title: 'tells afterwards of a door that was opened and shut while the host was away',
      where: sensors.includes('cabinetDoor') && scanner,
      prove: async (rig) => {
        await away(rig, () => {
          rig.move('cabinetDoor', 'active');
          rig.move('cabinetDoor', 'inactive');
        });
        expect(toldOf(rig, 'cabinetDoor')).toEqual([
          { sensor: 'cabinetDoor', state: 'active' },
          { sensor: 'cabinetDoor', state: 'inactive' },
        ]);
        // An order comes after what the driver had to say to the controller by itself.
        valueOf(await checked(rig.driver).setLight({ light: 'scanner', flashRate: 'off' }));
        await away(rig, () => undefined);
        expect(toldOf(rig, 'cabinetDoor')).toEqual([{ sensor: 'cabinetDoor', state: 'inactive' }]);
      },
    },
    {
      title: 'keeps tampering that came and went while the host was away, until it is acknowledged',
      where: tamper,
      prove: async (rig) => {
        const tampered = (): void => {
          rig.move('tamper', 'active');
          rig.move('tamper', 'inactive');
        };
        await away(rig, tampered);
        expect(await stateOf(rig, 'tamper')).toBe('active');
        await away(rig, () => undefined);
        expect(await stateOf(rig, 'tamper')).toBe('active');
        rig.events.forget();
        valueOf(await checked(rig.driver).acknowledgeTamper({}));
        await told(rig, 'tamper', 'inactive');
        await away(rig, () => undefined);
        expect(await stateOf(rig, 'tamper')).toBe('inactive');
      },
    },
    {
      title: 'keeps tampering through a restart of the controller',
      where: tamper,
      prove: async (rig) => {
        rig.move('tamper', 'active');
        await told(rig, 'tamper', 'active');
        rig.move('tamper', 'inactive');
        rig.events.forget();
        rig.restart();
        await gone(rig);
        await online(rig);
        expect(await stateOf(rig, 'tamper')).toBe('active');
      },
    },
    {
      title: 'does not take an acknowledgement for the end of tampering that goes on',
      where: tamper,
      prove: async (rig) => {
        rig.move('tamper', 'active');
        await told(rig, 'tamper', 'active');
        valueOf(await checked(rig.driver).acknowledgeTamper({}));
        expect(await stateOf(rig, 'tamper')).toBe('active');
        rig.events.forget();
        rig.move('tamper', 'inactive');
        await told(rig, 'tamper', 'inactive');
      },
    },
    {
      title: 'tells tampering again that came after the one that is acknowledged',
      where: tamper && scanner,
      prove: async (rig) => {
        rig.move('tamper', 'active');
        await told(rig, 'tamper', 'active');
        rig.move('tamper', 'inactive');
        rig.move('tamper', 'active');
        rig.move('tamper', 'inactive');
        // By the answer to an order the driver has seen all of it, and told the first alone.
        valueOf(await checked(rig.driver).setLight({ light: 'scanner', flashRate: 'off' }));
        rig.events.forget();
        valueOf(await checked(rig.driver).acknowledgeTamper({}));
        await told(rig, 'tamper', 'active');
        expect(await stateOf(rig, 'tamper')).toBe('active');
        valueOf(await checked(rig.driver).acknowledgeTamper({}));
        await told(rig, 'tamper', 'inactive');
      },
    },
    {
      title: 'shows each light at each rate once it says so, and no other light with it',
      prove: async (rig) => {
        for (const light of lights) {
          for (const flashRate of ['slow', 'medium', 'quick', 'continuous'] as const) {
            valueOf(await checked(rig.driver).setLight({ light, flashRate }));
            expect(lights.map((one) => rig.shown(one))).toEqual(
              lights.map((one) => (one === light ? flashRate : 'off')),
            );
          }
          valueOf(await checked(rig.driver).setLight({ light, flashRate: 'off' }));
        }
      },
    },
    {
      title: 'says notFitted of what is not fitted',
      where: notFitted.length > 0 || !tamper,
      prove: async ({ driver }) => {
        const refused = { error: { kind: 'commandError', errorCode: 'notFitted' } };
        for (const light of notFitted) {
          const answer = await checked(driver).setLight({ light, flashRate: 'slow' });
          expect(answer).toMatchObject(refused);
        }
        if (tamper) return;
        expect(await checked(driver).acknowledgeTamper({})).toMatchObject(refused);
      },
    },
    {
      title:
        'shows the lights as before when the controller comes back, and none that was not asked for',
      where: scanner,
      prove: async (rig) => {
        valueOf(await checked(rig.driver).setLight({ light: 'scanner', flashRate: 'medium' }));
        rig.events.forget();
        rig.restart();
        await gone(rig);
        await online(rig);
        expect(lights.map((light) => rig.shown(light))).toEqual(
          lights.map((light) => (light === 'scanner' ? 'medium' : 'off')),
        );
      },
    },
    {
      title: 'is deviceGone for every order while it is unplugged, and says so by itself',
      prove: async (rig) => {
        rig.events.forget();
        await rig.unplug();
        await gone(rig);
        for (const sensor of sensors) expect(await stateOf(rig, sensor)).toBe('unknown');
        for (const light of lights) {
          const answer = await checked(rig.driver).setLight({ light, flashRate: 'slow' });
          expect(answer).toMatchObject({ error: { kind: 'deviceGone' } });
        }
      },
    },
    {
      title: 'says nothing more once it was stopped',
      prove: async (rig) => {
        await rig.driver.stop();
        rig.events.forget();
        for (const sensor of sensors) rig.move(sensor, 'active');
        await rig.unplug();
        expect(rig.events.all).toEqual([]);
      },
    },
  ];
}

export function cabinetIoConformance(
  name: string,
  capabilities: CabinetIoCapabilities,
  run: (prove: (rig: CabinetIoRig) => Promise<void>) => Promise<void>,
): void {
  describe(`${name} as contacts and lights of a cabinet`, () => {
    for (const { title, prove } of applying(cabinetIoCases(capabilities))) {
      it(title, () => run(prove));
    }
  });
}
