import { deepEqual, notDeepEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { MAX_KEY_GAP_MS } from '../../../drivers/hid-code-scanner/code-reader.ts';
import {
  hidCodeScannerFactory,
  hidCodeScannerOptionsSchema,
} from '../../../drivers/hid-code-scanner/driver.ts';
import { keystrokes } from '../../../drivers/hid-code-scanner/keyboard-simulator.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { lab } from './cases.ts';
import { Gadget, type GadgetFunction } from './gadget.ts';
import { KEYBOARD_DESCRIPTOR } from './hid-scanner.ts';
import { scannerCases } from './scanner-cases.ts';

const IDS = { vendorId: 0x05e1, productId: 0x1300 };
/** The gadget's end of its boot keyboard; the scanner in POS mode had the two before. */
const FAR_END = '/dev/hidg2';

const keyboard = (subclass: string, protocol: string): GadgetFunction => ({
  kind: 'hid',
  attributes: { protocol, subclass, report_length: '8', report_desc: KEYBOARD_DESCRIPTOR },
});

/** The input devices that the kernel made of the scanner, by which it types (Linux, /proc/bus/input/devices). */
function inputDevices(): string[] {
  return readFileSync('/proc/bus/input/devices', 'utf8')
    .split('\n\n')
    .filter((device) => device.includes('Vendor=05e1 Product=1300'))
    .map((device) => /^H: Handlers=(.*?) *$/m.exec(device)?.[1] ?? 'no handler');
}

function makeDriver(grabKeyboard: boolean) {
  const events = new EventLog<'codeScanner'>();
  const options = hidCodeScannerOptionsSchema.parse({ ...IDS, grabKeyboard });
  return { events, driver: hidCodeScannerFactory.create(options, events.emit) };
}

/** A scanner with two keyboards: one of the boot kind, and one that is none. */
export async function keyboardScanner(slot: number): Promise<void> {
  const device = 'HID code scanner that types';
  const gadget = new Gadget(
    { name: 'typist', ...IDS, product: 'Typing scanner', serialNumber: 'SPESIMEN-KEYS' },
    [keyboard('1', '1'), keyboard('0', '0')],
    slot,
  );
  const write = async (text: string): Promise<void> => {
    for (const report of keystrokes(text)) await writeFile(FAR_END, report);
  };

  await lab(
    device,
    'is refused unless it may be grabbed, while the kernel lets it type',
    async () => {
      const { driver, events } = makeDriver(false);
      gadget.plug();
      await driver.start();
      await events.heard('statusChanged', ({ reasons }) => reasons.includes('keyboardMode'));
      notDeepEqual(inputDevices(), []);
      await driver.stop();
      gadget.unplug();
    },
  );
  await scannerCases({
    device,
    gadget,
    ...makeDriver(true),
    found: 'and grabbed when it is plugged in',
    scan: async (code) => {
      // What is typed in the moment that it is taken belongs to nobody.
      await delay(MAX_KEY_GAP_MS + 100);
      await write(`${code}\n`);
    },
    scanHalf: () => write('9901'),
    codes: { 'a code': '990101-ABCDEF', 'a code of every kind of key': 'aZ0)~`"\\|{}<>? _' },
  });
  await lab(device, 'types nowhere once it was grabbed, nor after it was let go', async () => {
    const { driver, events } = makeDriver(true);
    gadget.plug();
    await driver.start();
    await events.heard('statusChanged', ({ state }) => state === 'online');
    deepEqual(inputDevices(), []);
    await driver.stop();
    deepEqual(inputDevices(), []);
  });
  await lab(device, 'is found again by a driver that starts anew', async () => {
    const { driver, events } = makeDriver(true);
    await driver.start();
    await events.heard('statusChanged', ({ state }) => state === 'online');
    await delay(MAX_KEY_GAP_MS + 100);
    await write('990103-MNOPQR\n');
    await events.heard('codeRead', ({ payload }) => payload === '990103-MNOPQR');
    await driver.stop();
  });
  gadget.unplug();
}
