import { deepEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import {
  serialCodeScannerFactory,
  serialCodeScannerOptionsSchema,
} from '../../../drivers/serial-code-scanner/driver.ts';
import { encodeFrame } from '../../../drivers/serial-code-scanner/protocol.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { lab } from './cases.ts';
import { Gadget } from './gadget.ts';

const DEVICE = 'CDC-ACM code scanner';
/** The gadget's end of the line. */
const FAR_END = '/dev/ttyGS0';
/** udev's name of it, made of maker, product and serial number: it outlives the order of plugging. */
const PATH = '/dev/serial/by-id/usb-SPESIMEN_lab_Serial_scanner_SPESIMEN-ACM-if00';

export async function serialScanner(slot: number): Promise<void> {
  const gadget = new Gadget(
    {
      name: 'acm',
      vendorId: 0x0525,
      productId: 0xa4a7,
      product: 'Serial scanner',
      serialNumber: 'SPESIMEN-ACM',
    },
    [{ kind: 'acm', attributes: {} }],
    slot,
  );
  const events = new EventLog<'codeScanner'>();
  const options = serialCodeScannerOptionsSchema.parse({ path: PATH });
  const driver = serialCodeScannerFactory.create(options, events.emit);
  const online = () => events.heard('statusChanged', ({ state }) => state === 'online');
  const readCode = async (code: string): Promise<void> => {
    events.forget();
    writeFileSync(FAR_END, encodeFrame(code));
    await events.heard('codeRead', ({ payload }) => payload === code);
  };

  await lab(DEVICE, 'is away while it is not plugged in', async () => {
    await driver.start();
    deepEqual(events.named('statusChanged'), [
      { state: 'powerOff', reasons: ['absent'], requiredAction: 'maintenance' },
    ]);
  });
  await lab(DEVICE, 'is found under the name that udev gives it', async () => {
    gadget.plug();
    await online();
  });
  await lab(DEVICE, 'reads a framed code', () => readCode('990101-ABCDEF'));
  await lab(DEVICE, 'is missed at once when it is pulled out in the middle of a code', async () => {
    events.forget();
    writeFileSync(FAR_END, encodeFrame('990101-ABCDEF').subarray(0, 6));
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
