import { describe, expect, it } from '@jest/globals';
import { cabinetIoOptionsSchema } from '../../../drivers/cabinet-io/options.ts';
import { HEARTBEAT_MS, SENDINGS, SILENCE_MS } from '../../../drivers/cabinet-io/link.ts';
import { inQuickTime, wireRig } from './wire-rig.ts';

type Rig = ReturnType<typeof wireRig>;

/** Starts the driver, does what the test is about, and stops it, on the rig's own clock. */
async function run(rig: Rig, proof: (rig: Rig) => Promise<void>): Promise<void> {
  const whole = rig.driver.start().then(() => proof(rig));
  try {
    await inQuickTime(rig.clock, whole);
  } finally {
    await inQuickTime(rig.clock, rig.driver.stop());
    rig.controller.switchOff();
  }
}

const ofVerb = ({ sent }: Rig, verb: string): string[] =>
  sent.filter((body) => body.startsWith(verb));
const LIGHT_ON = { light: 'cardReader', flashRate: 'continuous' } as const;

describe('a request to the controller', () => {
  it('is sent again, the same, when its answer is lost, spoilt or it was not heard', async () => {
    for (const fault of ['loseNext', 'spoilNext', 'missNext'] as const) {
      const rig = wireRig();
      await run(rig, async ({ controller, driver, sent }) => {
        sent.length = 0;
        controller[fault](2);
        expect(await driver.handlers.setLight(LIGHT_ON)).toEqual({ ok: true, value: {} });
        const tries = ofVerb(rig, 'L');
        expect(tries).toHaveLength(3);
        expect(new Set(tries).size).toBe(1);
        expect(controller.light('A')).toBe('4');
      });
    }
  });

  it('that is never answered ends as noAnswer, which is no proof that nothing was done', async () => {
    const rig = wireRig();
    await run(rig, async ({ controller, driver, sent }) => {
      sent.length = 0;
      controller.loseNext(SENDINGS);
      expect(await driver.handlers.setLight(LIGHT_ON)).toEqual({
        ok: false,
        error: { kind: 'noAnswer' },
      });
      expect(ofVerb(rig, 'L')).toHaveLength(SENDINGS);
      expect(controller.light('A')).toBe('4');
    });
  });

  it('has a number that the one before had not, also over a new opening of the line', async () => {
    const rig = wireRig();
    await run(rig, async ({ events, driver, unplug, plug }) => {
      await driver.handlers.setLight(LIGHT_ON);
      events.forget();
      unplug();
      plug();
      await events.heard('statusChanged', ({ state }) => state === 'online');
      const numbers = ofVerb(rig, 'Q').concat(ofVerb(rig, 'P'), ofVerb(rig, 'L'));
      expect(new Set(numbers.map((body) => body.slice(2, 4))).size).toBe(numbers.length);
    });
  });
});

describe('the heartbeat', () => {
  it('goes on while nothing else is asked', async () => {
    const rig = wireRig();
    await run(rig, async ({ clock, sent }) => {
      sent.length = 0;
      const begun = clock.monotonicMs();
      await new Promise<void>((resolve) => void clock.after(10 * HEARTBEAT_MS, resolve));
      const beats = (clock.monotonicMs() - begun) / ofVerb(rig, 'P').length;
      expect(beats).toBeLessThanOrEqual(HEARTBEAT_MS + 100);
    });
  });

  it('misses a silent controller within its deadline', async () => {
    const rig = wireRig();
    await run(rig, async ({ clock, controller, events }) => {
      events.forget();
      const begun = clock.monotonicMs();
      controller.fallSilent();
      await events.heard('statusChanged', ({ reasons }) => reasons.includes('silent'));
      expect(clock.monotonicMs() - begun).toBeLessThanOrEqual(SILENCE_MS + 10);
    });
  });

  it('is not kept up by noise, nor by the echo of what is sent', async () => {
    const rig = wireRig();
    await run(rig, async ({ clock, controller, events, sent }) => {
      events.forget();
      controller.fallSilent();
      let over = false;
      const babble = (): void => {
        if (over) return;
        controller.babble(Buffer.from(`$${sent.at(-1) ?? ''}*0000\r\u0000noise\r`, 'latin1'));
        clock.after(50, babble);
      };
      babble();
      await events.heard('statusChanged', ({ reasons }) => reasons.includes('silent'));
      over = true;
    });
  });

  it('takes no single lost answer for silence', async () => {
    const rig = wireRig();
    await run(rig, async ({ clock, controller, events }) => {
      events.forget();
      controller.loseNext(3);
      await new Promise<void>((resolve) => void clock.after(2 * SILENCE_MS, resolve));
      expect(events.named('statusChanged')).toEqual([]);
    });
  });
});

describe('a change of a contact', () => {
  it('is told by itself, between two heartbeats, and acknowledged', async () => {
    const rig = wireRig();
    await run(rig, async ({ clock, controller, events }) => {
      events.forget();
      const begun = clock.monotonicMs();
      controller.move('K', 'active');
      await events.heard('sensorChanged', ({ sensor }) => sensor === 'serviceKey');
      expect(clock.monotonicMs() - begun).toBeLessThan(HEARTBEAT_MS / 5);
      expect(ofVerb(rig, 'A')).toEqual(['A,01']);
    });
  });

  it('that was lost on the line is told when it is sent again, and once', async () => {
    const rig = wireRig();
    await run(rig, async ({ controller, events }) => {
      events.forget();
      controller.loseNext(1);
      controller.move('D', 'active');
      await events.heard('sensorChanged');
      controller.missNext(3);
      controller.move('D', 'inactive');
      await events.heard('sensorChanged', ({ state }) => state === 'inactive');
      expect(events.named('sensorChanged')).toEqual([
        { sensor: 'cabinetDoor', state: 'active' },
        { sensor: 'cabinetDoor', state: 'inactive' },
      ]);
    });
  });
});

describe('a controller that does not fit', () => {
  const misfits = {
    'speaks another version': [{ version: 2 }, 'protocolVersion'],
    'lacks a sensor of the cabinet': [{ sensors: 'DFKHRC' }, 'notFitted.tamper'],
    'lacks a light of the cabinet': [{ lights: 'ABCDEG' }, 'notFitted.statusBad'],
  } as const;

  it.each(Object.entries(misfits))(
    'because it %s is refused by name, with nothing known',
    async (_name, [controller, reason]) => {
      const rig = wireRig({}, controller);
      await run(rig, async ({ driver }) => {
        const status = await driver.handlers.getStatus({});
        expect(status).toMatchObject({
          value: { state: 'userError', reasons: [reason], requiredAction: 'configuration' },
        });
        const states = status.ok ? status.value.sensors.map(({ state }) => state) : [];
        expect(new Set(states)).toEqual(new Set(['unknown']));
        expect(await driver.handlers.setLight(LIGHT_ON)).toMatchObject({
          error: { kind: 'deviceGone' },
        });
      });
    },
  );

  it('may have more than the cabinet was said to have', async () => {
    const rig = wireRig({ sensors: ['serviceKey'], lights: [] });
    await run(rig, async ({ driver }) => {
      expect(await driver.handlers.getStatus({})).toMatchObject({
        value: { state: 'online', sensors: [{ sensor: 'serviceKey', state: 'inactive' }] },
      });
    });
  });
});

describe('a controller that restarted', () => {
  it('and lost its memory has the doors and the tampering told that nobody saw', async () => {
    const rig = wireRig();
    await run(rig, async ({ controller, driver, events }) => {
      events.forget();
      controller.restart({ memory: 'lost' });
      await events.heard('statusChanged', ({ reasons }) => reasons.includes('restarted'));
      events.forget();
      await events.heard('statusChanged', ({ state }) => state === 'online');
      expect(events.named('sensorChanged')).toEqual(
        expect.arrayContaining([
          { sensor: 'cabinetDoor', state: 'active' },
          { sensor: 'cabinetDoor', state: 'inactive' },
          { sensor: 'tamper', state: 'active' },
        ]),
      );
      expect(events.named('sensorChanged')).not.toContainEqual({
        sensor: 'tamper',
        state: 'inactive',
      });
      expect((await driver.handlers.acknowledgeTamper({})).ok).toBe(true);
    });
  });
});

describe('the lights of a cabinet whose terminal is gone', () => {
  it('go out within five seconds, but for the one that says so', async () => {
    const rig = wireRig();
    await run(rig, async ({ driver, clock, controller }) => {
      await driver.handlers.setLight(LIGHT_ON);
      await driver.stop();
      await new Promise<void>((resolve) => void clock.after(5_010, resolve));
      expect([controller.light('A'), controller.light('X')]).toEqual(['0', '1']);
    });
  });
});

describe('the options of contacts and lights', () => {
  it('refuse the same sensor twice', () => {
    const twice = { path: '/dev/x', sensors: ['tamper', 'tamper'], lights: [] };
    expect(cabinetIoOptionsSchema.safeParse(twice).error?.issues[0]?.path).toEqual(['sensors']);
  });
});
