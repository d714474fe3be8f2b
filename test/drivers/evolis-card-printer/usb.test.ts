import { describe, expect, it } from '@jest/globals';
import { evolisRig, ktp, notReady, started } from './evolis-rig.ts';

const UNPLUGGED = { state: 'powerOff', reasons: ['unplugged'], requiredAction: 'maintenance' };

/** Puts it back, and waits until the driver has found it. */
async function putBack({ bus, printer, events }: ReturnType<typeof evolisRig>): Promise<void> {
  events.forget();
  bus.plug({ printer });
  await events.heard('statusChanged', ({ state }) => state === 'online');
}

describe('an Evolis printer that leaves the USB', () => {
  it('is away, and works again when it was put back', async () => {
    const rig = await started();
    const { driver, bus, events } = rig;
    bus.unplug();
    expect(events.named('statusChanged').at(-1)).toEqual(UNPLUGGED);
    expect(await driver.handlers.feedBlank(ktp)).toEqual(notReady('unplugged'));
    await putBack(rig);
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    await driver.stop();
    expect(bus.isOpen()).toBe(false);
  });

  it('is looked for again where the bus said nothing, once a question found it gone', async () => {
    const rig = await started();
    const { driver, bus, events } = rig;
    bus.vanish();
    expect(await driver.handlers.getStatus({})).toMatchObject({ value: UNPLUGGED });
    expect(events.named('statusChanged').at(-1)).toEqual(UNPLUGGED);
    await putBack(rig);
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    await driver.stop();
  });

  it('is looked for again where the bus said nothing, once a movement found it gone', async () => {
    const rig = await started();
    const { driver, bus, printer } = rig;
    const sent = printer.commands.length;
    bus.vanish();
    expect(await driver.handlers.feedBlank(ktp)).toEqual(notReady('unplugged'));
    expect(printer.commands).toHaveLength(sent);
    await putBack(rig);
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    await driver.stop();
  });

  it('between the claim and the first transfer is let go of, and found when it is back', async () => {
    const rig = evolisRig();
    const { driver, bus, events } = rig;
    bus.unplugOnFirstTransfer();
    await driver.start();
    expect(events.named('statusChanged')).toEqual([UNPLUGGED]);
    expect(bus.isOpen()).toBe(false);
    await putBack(rig);
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    await driver.stop();
  });
});

describe('a halted pipe of an Evolis printer', () => {
  it('is cleared when the driver comes', async () => {
    const rig = evolisRig();
    rig.bus.halt('in');
    rig.bus.halt('out');
    await rig.driver.start();
    expect(rig.events.named('statusChanged')).toMatchObject([{ state: 'online' }]);
    await rig.driver.stop();
  });

  it.each(['in', 'out'] as const)(
    'fails the command that met it, %s, and is cleared for the next',
    async (pipe) => {
      const { driver, bus } = await started();
      bus.halt(pipe);
      expect(await driver.handlers.feedBlank(ktp)).toEqual(notReady('stalled'));
      expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
      await driver.stop();
    },
  );
});
