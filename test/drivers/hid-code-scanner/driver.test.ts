import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import {
  hidCodeScannerOptionsSchema,
  makeHidCodeScannerFactory,
  MAX_PART_GAP_MS,
} from '../../../drivers/hid-code-scanner/driver.ts';
import {
  reportsOf,
  SIMULATED_SCANNER,
  SimulatedHidBus,
} from '../../../drivers/hid-code-scanner/simulator.ts';
import { EventLog } from '../cabinet/event-log.ts';

const KEYBOARD = { ...SIMULATED_SCANNER, path: 'simulated-keyboard', usagePage: 1, usage: 6 };
const NAMED = { vendorId: 0x05e0, productId: 0x1200 };

function make(options: object = {}) {
  const clock = new FakeClock();
  const bus = new SimulatedHidBus();
  const events = new EventLog<'codeScanner'>();
  const driver = makeHidCodeScannerFactory({ clock, bus }).create(
    hidCodeScannerOptionsSchema.parse(options),
    events.emit,
  );
  return { clock, bus, events, driver };
}

describe('the HID scanner driver', () => {
  it('never opens a keyboard, and asks for another mode where that is the scanner', async () => {
    const { bus, driver, events } = make(NAMED);
    bus.plug(KEYBOARD);
    await driver.start();
    expect(bus.isOpen(KEYBOARD.path)).toBe(false);
    expect(events.named('statusChanged')).toEqual([
      { state: 'userError', reasons: ['keyboardMode'], requiredAction: 'configuration' },
    ]);
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

  it('opens the scanner of the configured ids and no other', async () => {
    const { bus, driver } = make({ vendorId: 0x1234, productId: 0x0001 });
    const named = { ...SIMULATED_SCANNER, path: 'b', vendorId: 0x1234, productId: 0x0001 };
    bus.plug();
    bus.plug(named);
    await driver.start();
    expect([bus.isOpen(), bus.isOpen('b')]).toEqual([false, true]);
    await driver.stop();
    expect(bus.isOpen('b')).toBe(false);
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
