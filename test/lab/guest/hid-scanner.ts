import { unlinkSync, writeFileSync } from 'node:fs';
import {
  hidCodeScannerFactory,
  hidCodeScannerOptionsSchema,
} from '../../../drivers/hid-code-scanner/driver.ts';
import { reportsOf } from '../../../drivers/hid-code-scanner/simulator.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { lab } from './cases.ts';
import { Gadget } from './gadget.ts';
import { scannerCases, scannerSuite } from './scanner-cases.ts';

const DEVICE = 'HID POS code scanner';
const VENDOR = 0x05e0;
const PRODUCT = 0x1200;
/** By which the gadget's configuration has its first function, the keyboard (Linux usb-gadget configfs). */
const KEYBOARD_LINK = '/sys/kernel/config/usb_gadget/scan/configs/c.1/hid.scan0';

/** HID 1.11 §6.2.2: one input report with id 2, of 63 bytes on the bar code scanner page. */
const POS_DESCRIPTOR = Buffer.from(
  '058c0902a1018502150026ff007508950109fb8102953d09fe8102950109ff8102c0',
  'hex',
);
/** HID 1.11 appendix E.6: a boot keyboard. */
export const KEYBOARD_DESCRIPTOR = Buffer.from(
  '05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508150025650507190029658100c0',
  'hex',
);

export async function hidScanner(slot: number): Promise<void> {
  const gadget = new Gadget(
    {
      name: 'scan',
      vendorId: VENDOR,
      productId: PRODUCT,
      product: 'Code scanner',
      serialNumber: 'SPESIMEN-HID',
    },
    [
      {
        kind: 'hid',
        attributes: {
          protocol: '1',
          subclass: '1',
          report_length: '8',
          report_desc: KEYBOARD_DESCRIPTOR,
        },
      },
      {
        kind: 'hid',
        attributes: {
          protocol: '0',
          subclass: '0',
          report_length: '64',
          report_desc: POS_DESCRIPTOR,
        },
      },
    ],
    slot,
  );
  const options = hidCodeScannerOptionsSchema.parse({ vendorId: VENDOR, productId: PRODUCT });
  const make = () => {
    const events = new EventLog<'codeScanner'>();
    return { events, driver: hidCodeScannerFactory.create(options, events.emit) };
  };
  const send = (reports: readonly Uint8Array[]): void => {
    for (const report of reports) writeFileSync('/dev/hidg1', report);
  };
  await lab(DEVICE, 'is refused while it keeps a keyboard beside it', async () => {
    const { driver, events } = make();
    gadget.plug();
    await driver.start();
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('keyboardMode'));
    await driver.stop();
    gadget.unplug();
    await gadget.whenGone();
  });
  // The function stays where it was made: the numbers of the ends count it, and a kernel has only four.
  unlinkSync(KEYBOARD_LINK);
  await scannerCases({
    device: DEVICE,
    gadget,
    ...make(),
    found: 'when it is plugged in',
    scan: (code) => send(reportsOf(code)),
    scanHalf: () => send(reportsOf('9'.repeat(200)).slice(0, 1)),
    codes: { 'a code of one report': '990101-ABCDEF', 'a code of many reports': '9'.repeat(300) },
  });
  await lab(DEVICE, 'can be let go of the moment it was found, again and again', async () => {
    gadget.plug();
    for (let time = 0; time < 20; time += 1) {
      const { driver, events } = make();
      const letGo = events.heard('statusChanged', ({ state }) => state === 'online');
      await Promise.all([driver.start(), letGo.then(() => driver.stop())]);
    }
    gadget.unplug();
    await gadget.whenGone();
  });
  await scannerSuite(
    DEVICE,
    { switchable: false, framed: false },
    { gadget, make, scan: (code) => send(reportsOf(code)) },
  );
}
