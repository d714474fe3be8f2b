import { deepEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import {
  hidCodeScannerFactory,
  hidCodeScannerOptionsSchema,
} from '../../../drivers/hid-code-scanner/driver.ts';
import { reportsOf } from '../../../drivers/hid-code-scanner/simulator.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { lab } from './cases.ts';
import { Gadget } from './gadget.ts';

const VENDOR = 0x05e0;
const PRODUCT = 0x1200;
const DEVICE = 'HID POS code scanner';

/** HID 1.11 §6.2.2: one input report with id 2, of 63 bytes on the bar code scanner page. */
const POS_DESCRIPTOR = Buffer.from(
  '058c0902a1018502150026ff007508950109fb8102953d09fe8102950109ff8102c0',
  'hex',
);
/** HID 1.11 appendix E.6: a boot keyboard. */
const KEYBOARD_DESCRIPTOR = Buffer.from(
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
  const events = new EventLog<'codeScanner'>();
  const options = hidCodeScannerOptionsSchema.parse({ vendorId: VENDOR, productId: PRODUCT });
  const driver = hidCodeScannerFactory.create(options, events.emit);
  const online = () => events.heard('statusChanged', ({ state }) => state === 'online');
  const scan = (code: string): void => {
    for (const report of reportsOf(code)) writeFileSync('/dev/hidg1', report);
  };
  const readCode = async (code: string): Promise<void> => {
    events.forget();
    scan(code);
    await events.heard('codeRead', ({ payload }) => payload === code);
  };

  await lab(DEVICE, 'is away while it is not plugged in', async () => {
    await driver.start();
    deepEqual(events.named('statusChanged'), [
      { state: 'powerOff', reasons: ['absent'], requiredAction: 'maintenance' },
    ]);
  });
  await lab(DEVICE, 'is found when it is plugged in, beside its own keyboard', async () => {
    gadget.plug();
    await online();
  });
  await lab(DEVICE, 'reads a code of one report', () => readCode('990101-ABCDEF'));
  await lab(DEVICE, 'reads a code of many reports', () => readCode('9'.repeat(300)));
  await lab(DEVICE, 'is missed at once when it is pulled out in the middle of a code', async () => {
    events.forget();
    const [first] = reportsOf('9'.repeat(200));
    if (first !== undefined) writeFileSync('/dev/hidg1', first);
    gadget.unplug();
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('unplugged'));
  });
  await lab(
    DEVICE,
    'reads again once it is plugged in again, and nothing of the half code',
    async () => {
      gadget.plug();
      await online();
      await readCode('990102-GHIJKL');
      deepEqual(events.named('codeRead'), [{ payload: '990102-GHIJKL' }]);
    },
  );
  await driver.stop();
  gadget.unplug();
}
