import { writeFileSync } from 'node:fs';
import {
  serialCodeScannerFactory,
  serialCodeScannerOptionsSchema,
} from '../../../drivers/serial-code-scanner/driver.ts';
import { encodeFrame } from '../../../drivers/serial-code-scanner/protocol.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { Gadget } from './gadget.ts';
import { scannerCases } from './scanner-cases.ts';

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
  const send = (bytes: Uint8Array): void => writeFileSync(FAR_END, bytes);
  await scannerCases({
    device: 'CDC-ACM code scanner',
    gadget,
    driver,
    events,
    found: 'under the name that udev gives it',
    scan: (code) => send(encodeFrame(code)),
    scanHalf: () => send(encodeFrame('990101-ABCDEF').subarray(0, 6)),
    codes: { 'a framed code': '990101-ABCDEF' },
  });
}
