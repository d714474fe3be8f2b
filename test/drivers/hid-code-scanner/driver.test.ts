import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { MAX_KEY_GAP_MS, MAX_PART_GAP_MS } from '../../../drivers/hid-code-scanner/code-reader.ts';
import {
  ALL_SHOWN_MS,
  hidCodeScannerOptionsSchema,
  makeHidCodeScannerFactory,
} from '../../../drivers/hid-code-scanner/driver.ts';
import {
  keyReport,
  keystrokes,
  SimulatedUsbKeyboards,
} from '../../../drivers/hid-code-scanner/keyboard-simulator.ts';
import {
  reportsOf,
  SIMULATED_SCANNER,
  SimulatedHidBus,
} from '../../../drivers/hid-code-scanner/simulator.ts';
import { hidDevices } from '../../../drivers/hid-code-scanner/transport.ts';
import { EventLog } from '../cabinet/event-log.ts';

const KEYBOARD = { ...SIMULATED_SCANNER, path: 'simulated-keyboard', usagePage: 1, usage: 6 };
const KEYBOARD_MODE = {
  state: 'userError',
  reasons: ['keyboardMode'],
  requiredAction: 'configuration',
};
const NAMED = { vendorId: 0x05e0, productId: 0x1200 };

function make(options: object = {}) {
  const clock = new FakeClock();
  const bus = new SimulatedHidBus();
  const keyboards = new SimulatedUsbKeyboards(NAMED);
  const events = new EventLog<'codeScanner'>();
  const driver = makeHidCodeScannerFactory({ clock, bus, keyboards }).create(
    hidCodeScannerOptionsSchema.parse(options),
    events.emit,
  );
  return { clock, bus, keyboards, events, driver };
}

describe('the HID scanner driver', () => {
  it('never opens a keyboard, and asks for another mode where that is the scanner', async () => {
    const { bus, driver, events, keyboards } = make(NAMED);
    bus.plug(KEYBOARD);
    keyboards.plug();
    await driver.start();
    expect(bus.isOpen(KEYBOARD.path)).toBe(false);
    expect(keyboards.grabbed).toBe(false);
    expect(events.named('statusChanged')).toEqual([KEYBOARD_MODE]);
    await driver.stop();
  });

  it.each([{}, NAMED])('refuses one in POS mode that keeps a keyboard: %o', async (options) => {
    const { bus, driver, events, clock } = make(options);
    bus.plug();
    bus.plug(KEYBOARD);
    await driver.start();
    expect([bus.isOpen(), bus.isOpen(KEYBOARD.path)]).toEqual([false, false]);
    expect(events.named('statusChanged')).toEqual([KEYBOARD_MODE]);
    bus.unplug(KEYBOARD.path);
    clock.advance(250);
    await events.heard('statusChanged', ({ state }) => state === 'online');
    expect(bus.isOpen()).toBe(true);
    await driver.stop();
  });

  it('lets go of a scanner whose keyboard shows after it, and stays away from it', async () => {
    const { bus, driver, events, clock } = make();
    bus.plug();
    await driver.start();
    bus.plug(KEYBOARD);
    clock.advance(ALL_SHOWN_MS);
    await events.heard('statusChanged', ({ reasons }) => reasons[0] === 'keyboardMode');
    expect(bus.isOpen()).toBe(false);
    clock.advance(10_000);
    await driver.stop();
    expect(events.named('statusChanged')).toMatchObject([{ state: 'online' }, KEYBOARD_MODE]);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['the keyboard is another device', false],
    ['the devices cannot be listed any more', true],
  ])('reads on where %s', async (_what, cannotList) => {
    const { bus, driver, events, clock } = make();
    bus.plug();
    bus.plug({ ...KEYBOARD, port: '1-2' });
    await driver.start();
    bus.cannotList = cannotList;
    clock.advance(ALL_SHOWN_MS);
    await turn();
    bus.send(reportsOf('whole'));
    expect(events.named('codeRead')).toEqual([{ payload: 'whole' }]);
    expect(events.named('statusChanged')).toMatchObject([{ state: 'online' }]);
    await driver.stop();
  });

  it('takes no notice of the keyboard of a person', async () => {
    const { bus, driver, events } = make();
    bus.plug(KEYBOARD);
    await driver.start();
    expect(bus.isOpen(KEYBOARD.path)).toBe(false);
    expect(events.named('statusChanged')).toEqual([
      { state: 'powerOff', reasons: ['absent'], requiredAction: 'maintenance' },
    ]);
    await driver.stop();
  });

  it('says that the devices cannot be listed, then or when they are looked for again, and goes on looking', async () => {
    const { bus, driver, events, clock } = make();
    await driver.start();
    bus.cannotList = true;
    clock.advance(250);
    await events.heard('statusChanged', ({ reasons }) => reasons[0] === 'usbFailed');
    expect(events.named('statusChanged')).toMatchObject([
      { reasons: ['absent'] },
      { reasons: ['usbFailed'] },
    ]);
    bus.cannotList = false;
    bus.plug();
    clock.advance(500);
    await events.heard('statusChanged', ({ state }) => state === 'online');
    await driver.stop();
  });

  it('opens the scanner of the configured ids and no other', async () => {
    const { bus, driver, clock } = make({ vendorId: 0x1234, productId: 0x0001 });
    const named = { ...SIMULATED_SCANNER, path: 'b', vendorId: 0x1234, productId: 0x0001 };
    bus.plug();
    bus.plug(named);
    await driver.start();
    expect([bus.isOpen(), bus.isOpen('b')]).toEqual([false, true]);
    await driver.stop();
    expect(bus.isOpen('b')).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('takes neither of two alike, and the one whose port is configured; two collections of one are one', async () => {
    const other = { ...SIMULATED_SCANNER, path: 'b', port: '1-2' };
    const unsure = make();
    unsure.bus.plug();
    unsure.bus.plug(other);
    await unsure.driver.start();
    expect(unsure.events.named('statusChanged')).toEqual([
      { state: 'userError', reasons: ['twoAlike'], requiredAction: 'configuration' },
    ]);
    expect([unsure.bus.isOpen(), unsure.bus.isOpen('b')]).toEqual([false, false]);
    await unsure.driver.stop();
    const sure = make({ port: '1-2' });
    sure.bus.plug();
    sure.bus.plug(other);
    await sure.driver.start();
    expect([sure.bus.isOpen(), sure.bus.isOpen('b')]).toEqual([false, true]);
    await sure.driver.stop();
    const one = make();
    one.bus.plug();
    one.bus.plug({ ...SIMULATED_SCANNER, path: 'b' });
    await one.driver.start();
    expect(one.bus.isOpen()).toBe(true);
    await one.driver.stop();
  });

  it('never joins half a code to one that was scanned later', async () => {
    const { bus, driver, events, clock } = make();
    bus.plug();
    await driver.start();
    bus.send(reportsOf('x'.repeat(100)).slice(0, 1));
    clock.advance(MAX_PART_GAP_MS + 1);
    bus.send(reportsOf('whole'));
    expect(events.named('codeRead')).toEqual([{ payload: 'whole' }]);
    await driver.stop();
  });

  it('forgets half a code when the scanner is unplugged', async () => {
    const { bus, driver, events, clock } = make();
    bus.plug();
    await driver.start();
    bus.send(reportsOf('x'.repeat(100)).slice(0, 1));
    bus.unplug();
    bus.plug();
    events.forget();
    clock.advance(250);
    await events.heard('statusChanged', ({ state }) => state === 'online');
    bus.send(reportsOf('whole'));
    expect(events.named('codeRead')).toEqual([{ payload: 'whole' }]);
    await driver.stop();
  });
});

describe('the HID scanner driver that may grab a keyboard', () => {
  const GRAB = { ...NAMED, grabKeyboard: true };
  const QUIET_MS = MAX_KEY_GAP_MS + 1;

  it('is told which, for it takes no other', () => {
    for (const ids of [{}, { vendorId: 1 }, { productId: 1 }]) {
      const options = hidCodeScannerOptionsSchema.safeParse({ ...ids, grabKeyboard: true });
      expect(options.error?.issues[0]?.path).toEqual(['grabKeyboard']);
    }
  });

  it('reads what it types', async () => {
    const { clock, driver, events, keyboards } = make(GRAB);
    keyboards.plug();
    await driver.start();
    clock.advance(QUIET_MS);
    keyboards.send(keystrokes('ANJ1.ab-CD_9\n'));
    expect(events.named('codeRead')).toEqual([{ payload: 'ANJ1.ab-CD_9' }]);
    await driver.stop();
    expect(keyboards.grabbed).toBe(false);
  });

  it('takes none of two alike', async () => {
    const { driver, events, keyboards } = make(GRAB);
    keyboards.plug();
    keyboards.plug();
    await driver.start();
    expect(events.named('statusChanged')).toEqual([
      { state: 'userError', reasons: ['twoAlike'], requiredAction: 'configuration' },
    ]);
    expect(keyboards.grabbed).toBe(false);
    await driver.stop();
  });

  it.each([
    [{ kind: 'heldBy', holder: 'scan-tool' }, 'userError', 'heldBy.scan-tool', 'configuration'],
    [{ kind: 'forbidden' }, 'userError', 'forbidden', 'configuration'],
    [{ kind: 'noBootKeyboard' }, 'userError', 'noBootKeyboard', 'configuration'],
    [{ kind: 'usbFailed' }, 'powerOff', 'usbFailed', 'maintenance'],
    [{ kind: 'noBus' }, 'powerOff', 'noBus', 'maintenance'],
  ] as const)('says why it could not be taken: %o', async (fault, state, reason, action) => {
    const { driver, events, keyboards } = make(GRAB);
    keyboards.plug();
    keyboards.refuse(fault);
    await driver.start();
    expect(events.named('statusChanged')).toEqual([
      { state, reasons: [reason], requiredAction: action },
    ]);
    await driver.stop();
  });

  it('takes the rest of what was typed elsewhere for no code', async () => {
    const { clock, driver, events, keyboards } = make(GRAB);
    keyboards.plug();
    await driver.start();
    keyboards.send(keystrokes('half\nwhole\n'));
    expect(events.named('codeRead')).toEqual([{ payload: 'whole' }]);
    clock.advance(QUIET_MS);
    await driver.stop();
  });

  it('drops a code that is interrupted, whole, and does not take its rest for another', async () => {
    const { clock, driver, events, keyboards } = make(GRAB);
    keyboards.plug();
    await driver.start();
    clock.advance(QUIET_MS);
    keyboards.send(keystrokes('first'));
    clock.advance(QUIET_MS);
    keyboards.send(keystrokes('rest\n'));
    expect(events.named('codeRead')).toEqual([]);
    keyboards.send(keystrokes('second\n'));
    expect(events.named('codeRead')).toEqual([{ payload: 'second' }]);
    await driver.stop();
  });

  it('reads the first code of a device that repeats reports though nothing changed', async () => {
    const { clock, driver, events, keyboards } = make(GRAB);
    keyboards.plug();
    await driver.start();
    for (let passedMs = 0; passedMs <= QUIET_MS; passedMs += 500) {
      keyboards.send([keyReport(0)]);
      clock.advance(500);
    }
    keyboards.send(keystrokes('whole\n'));
    expect(events.named('codeRead')).toEqual([{ payload: 'whole' }]);
    await driver.stop();
  });

  it('never joins half a code to the next where reports are repeated in between', async () => {
    const { clock, driver, events, keyboards } = make(GRAB);
    keyboards.plug();
    await driver.start();
    clock.advance(QUIET_MS);
    keyboards.send(keystrokes('half'));
    for (let passedMs = 0; passedMs <= QUIET_MS; passedMs += 500) {
      clock.advance(500);
      keyboards.send([keyReport(0)]);
    }
    keyboards.send(keystrokes('next\n'));
    expect(events.named('codeRead')).toEqual([]);
    expect(events.named('statusChanged').at(-1)).toMatchObject({
      reasons: ['readDropped.partMissing'],
    });
    await driver.stop();
  });

  it('drops what was typed with keys of an attack, and says so', async () => {
    const { clock, driver, events, keyboards } = make(GRAB);
    keyboards.plug();
    await driver.start();
    clock.advance(QUIET_MS);
    const CONTROL_ALT_F1 = keyReport(0x05, 0x3a);
    keyboards.send([...keystrokes('ab'), CONTROL_ALT_F1, ...keystrokes('cd\n')]);
    expect(events.named('codeRead')).toEqual([]);
    expect(events.named('statusChanged').at(-1)).toMatchObject({
      reasons: ['readDropped.notPrintable'],
    });
    await driver.stop();
  });
});

describe('the HID devices of a machine', () => {
  const getHidapiVersion = () => '0.15.0';
  const device = { vendorId: 1, productId: 2, release: 0, interface: 0 };

  it('are those with a path, an empty serial number being none', async () => {
    const listed = await hidDevices(() =>
      Promise.resolve({
        getHidapiVersion,
        devicesAsync: () =>
          Promise.resolve([device, { ...device, path: '/dev/absent', serialNumber: '' }]),
      }),
    );
    expect(listed).toMatchObject({
      ok: true,
      value: [{ path: '/dev/absent', serialNumber: null }],
    });
  });

  it('that cannot be listed are a fault of the bus, and not the end of the process', async () => {
    const listed = await hidDevices(() =>
      Promise.resolve({
        getHidapiVersion,
        devicesAsync: () => Promise.reject(new Error('could not list')),
      }),
    );
    expect(listed).toEqual({ ok: false, error: 'usbFailed' });
  });

  it('are not listed where a library is missing, which is told apart from that', async () => {
    const missing = new Error('libudev.so.1: cannot open shared object file');
    const listing = hidDevices(() =>
      Promise.resolve({
        getHidapiVersion: () => {
          throw missing;
        },
        devicesAsync: () => Promise.resolve([]),
      }),
    );
    await expect(listing).rejects.toBe(missing);
  });
});
