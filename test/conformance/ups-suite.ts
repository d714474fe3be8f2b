import { expect } from '@jest/globals';
import type { Driver } from '../../drivers/contract/driver.ts';
import type { UpsCapabilities, UpsStatus } from '../../drivers/contract/ups.ts';
import { allOnOne, withHelp, type Case } from './case.ts';
import { checked, valueOf } from './checked-driver.ts';
import type { EventTape } from './event-tape.ts';

/** A UPS as it stands, in the words of `ups.status`, with figures that a UPS without them leaves out. */
export interface Scene {
  readonly status: string;
  readonly runtimeS: number;
  readonly charge: number;
}

/** A started driver, and somebody who plays the UPS behind it. */
export interface UpsUnderTest {
  readonly driver: Driver<'ups'>;
  readonly events: EventTape;
  /** Completes when whoever is asked would tell so. */
  play(scene: Scene): Promise<void>;
  /** Whoever is asked lost the UPS, or has it again. */
  setLost(lost: boolean): Promise<void>;
  /** Nobody can be asked, or somebody can again. */
  setAway(away: boolean): Promise<void>;
  /** Lets the time pass after which a driver asks by itself, where the test holds the clock. */
  passTime(): void;
  close(): Promise<void>;
}

/** How a UPS stands as each case begins. */
export const MAINS: Scene = { status: 'OL CHRG', runtimeS: 1800, charge: 97 };
const BATTERY: Scene = { status: 'OB DISCHRG', runtimeS: 1234, charge: 80 };
const LOW: Scene = { status: 'OB DISCHRG LB', runtimeS: 61, charge: 9 };
const UNKNOWN = { source: 'unknown', batteryLow: null, runtimeLeftS: null, chargePercent: null };

const sourceIs = (source: string) => (power: unknown) =>
  (power as { source: string }).source === source;

/** On mains, of which nothing is left to be told. */
async function help(ups: UpsUnderTest) {
  const status = async (): Promise<UpsStatus> => valueOf(await checked(ups.driver).getStatus({}));
  await ups.play(MAINS);
  await status();
  ups.events.skip();
  return { ups, status };
}

/** What every driver of a UPS keeps, with the capabilities it claims; the last leaves it stopped. */
export function upsCases(capabilities: UpsCapabilities): readonly Case<UpsUnderTest>[] {
  const figures = ({ runtimeS, charge }: Scene) => ({
    runtimeLeftS: capabilities.runtime ? runtimeS : null,
    chargePercent: capabilities.charge ? charge : null,
  });

  return withHelp(help, [
    {
      title: 'claims the capabilities it is tested for',
      prove: async ({ ups }) => {
        const answer = await checked(ups.driver).getCapabilities({});
        expect(answer).toEqual({ ok: true, value: capabilities });
      },
    },

    {
      title: 'tells mains as mains, with nothing wrong',
      prove: async ({ status }) => {
        expect(await status()).toEqual({
          state: 'online',
          reasons: [],
          requiredAction: 'none',
          power: { source: 'mains', batteryLow: false, ...figures(MAINS) },
        });
      },
    },

    {
      title: 'tells by itself that the mains went, and says so in its status',
      prove: async ({ ups, status }) => {
        await ups.play(BATTERY);
        ups.passTime();
        const power = { source: 'battery', batteryLow: false, ...figures(BATTERY) };
        expect(await ups.events.until('powerChanged')).toEqual(power);
        expect(await status()).toMatchObject({ state: 'online', reasons: ['onBattery'], power });
      },
    },

    {
      title: 'tells a low battery, once',
      prove: async ({ ups, status }) => {
        await ups.play(BATTERY);
        await status();
        await ups.play(LOW);
        await status();
        await status();
        const power = { source: 'battery', batteryLow: true, ...figures(LOW) };
        await ups.events.until('powerChanged');
        expect(await ups.events.until('powerChanged')).toEqual(power);
        await ups.play(MAINS);
        await status();
        expect(await ups.events.until('powerChanged')).toMatchObject({ source: 'mains' });
      },
    },

    {
      title: 'shows other figures in its status and makes no news of them',
      prove: async ({ ups, status }) => {
        const fewer = { ...MAINS, runtimeS: 700, charge: 41 };
        await ups.play(fewer);
        expect((await status()).power).toMatchObject(figures(fewer));
        await ups.play(BATTERY);
        await status();
        expect(await ups.events.until('powerChanged')).toMatchObject({ source: 'battery' });
      },
    },

    {
      title: 'knows nothing of the power while the UPS is lost, and knows again',
      prove: async ({ ups, status }) => {
        await ups.setLost(true);
        ups.passTime();
        expect(await ups.events.until('powerChanged')).toEqual(UNKNOWN);
        expect(await status()).toMatchObject({ state: 'powerOff', power: UNKNOWN });
        await ups.setLost(false);
        ups.passTime();
        expect(await ups.events.until('powerChanged')).toMatchObject({ source: 'mains' });
        expect(await status()).toMatchObject({ state: 'online' });
      },
    },

    {
      title: 'takes a battery for unknown, too, while nobody can be asked, and knows again',
      prove: async ({ ups, status }) => {
        await ups.play(BATTERY);
        await status();
        await ups.events.until('powerChanged');
        await ups.setAway(true);
        expect(await ups.events.until('powerChanged')).toEqual(UNKNOWN);
        expect(await status()).toMatchObject({ state: 'powerOff', power: UNKNOWN });
        await ups.setAway(false);
        ups.passTime();
        expect(await ups.events.until('powerChanged', sourceIs('battery'))).toBeDefined();
      },
    },

    {
      title: 'says nothing more once it was stopped',
      prove: async ({ ups }) => {
        await ups.driver.stop();
        ups.events.skip();
        await ups.play(LOW);
        await ups.setAway(true);
        ups.passTime();
        // A line that still listened would have heard of it by now.
        for (let turn = 0; turn < 20; turn += 1) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        expect(ups.events.unread).toEqual([]);
      },
    },
  ]);
}

export function upsConformance(
  name: string,
  capabilities: UpsCapabilities,
  open: (first: Scene) => Promise<UpsUnderTest>,
): void {
  allOnOne(`${name}, as a UPS`, upsCases(capabilities), () => open(MAINS));
}
