import { parseArgs } from 'node:util';
import { systemClock } from '../../src/base/clock.ts';
import { FrameDecoder, LineDecoder } from './protocol.ts';
import { openSerialLine } from '../serial-line/serial-line.ts';
import { usbPorts } from '../serial-line/usb-ports.ts';

const USAGE = `Usage: node drivers/serial-code-scanner/cli.ts (--path DEVICE [--baud N] [--cr] | --list)
Shows that a serial scanner works: one line a read, with its length and its check, never what it says.
  --path DEVICE   such as /dev/serial/by-id/usb-...
  --baud N        default 115200; a USB scanner ignores it
  --list          tells the serial ports of USB devices, by what each says of itself, and opens none
  --cr            the scanner sends bare text ended by CR instead of frames
Ends with Ctrl+C, or with 1 when the device is absent or goes away.`;

const { values } = parseArgs({
  options: {
    path: { type: 'string' },
    baud: { type: 'string', default: '115200' },
    cr: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.list) {
  const hex = (id: number): string => `0x${id.toString(16).padStart(4, '0')}`;
  for (const { path, vendorId, productId, serialNumber } of await usbPorts()) {
    const serial = serialNumber === null ? 'no serial number' : JSON.stringify(serialNumber);
    console.log(`${path} vendorId ${hex(vendorId)} productId ${hex(productId)} ${serial}`);
  }
  process.exit(0);
}
if (values.help || values.path === undefined) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 64);
}

const decoder = values.cr ? new LineDecoder(systemClock) : new FrameDecoder();
const line = await openSerialLine(values.path, Number(values.baud), {
  onBytes: (bytes) => {
    for (const event of decoder.push(bytes)) {
      if (event.kind === 'fault') console.log(`dropped: ${event.fault}`);
      else
        console.log(`read: ${event.payload.length} bytes, ${values.cr ? 'unchecked' : 'check ok'}`);
    }
  },
  onGone: () => {
    console.error(`${values.path ?? ''} went away`);
    process.exit(1);
  },
});
if (!line.ok) {
  console.error(`${values.path} cannot be opened: ${line.error.kind}`);
  process.exit(1);
}
console.log(`listening on ${values.path}`);
