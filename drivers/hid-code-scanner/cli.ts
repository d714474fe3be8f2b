import { parseArgs } from 'node:util';
import { joinReport, USAGE_PAGE_SCANNER, USAGE_SCANNER, type Joining } from './protocol.ts';
import { systemHidBus } from './transport.ts';

const USAGE = `Usage: node drivers/hid-code-scanner/cli.ts [--read]
Lists the HID devices and marks the scanners in POS mode. With --read, opens the first of them and shows
one line a read, with its length, never what it says. Ends with Ctrl+C, or with 1 when there is none or
the devices cannot be listed.`;

const { values } = parseArgs({
  options: {
    read: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const hex = (value: number | null): string =>
  value === null ? '----' : value.toString(16).padStart(4, '0');
const listed = await systemHidBus.list();
if (!listed.ok) {
  console.error(`the devices cannot be listed: ${listed.error}`);
  process.exit(1);
}
const devices = listed.value;
const isScanner = (device: (typeof devices)[number]): boolean =>
  device.usagePage === USAGE_PAGE_SCANNER && device.usage === USAGE_SCANNER;
for (const device of devices) {
  const ids = `${hex(device.vendorId)}:${hex(device.productId)}`;
  const usage = `${hex(device.usagePage)}/${hex(device.usage)}`;
  console.log(`${isScanner(device) ? '* ' : '  '}${ids} usage ${usage} ${device.path}`);
}
if (values.read) await read();

async function read(): Promise<void> {
  const scanner = devices.find(isScanner);
  if (scanner === undefined) {
    console.error('no scanner in POS mode');
    process.exit(1);
  }
  let joining: Joining = null;
  const opened = await systemHidBus.open(scanner.path, {
    onReport: (report) => {
      const joined = joinReport(joining, report);
      joining = joined.joining;
      const { outcome } = joined;
      if (outcome === null) return;
      console.log(outcome.ok ? `read: ${outcome.value.length} bytes` : `dropped: ${outcome.error}`);
    },
    onGone: () => {
      console.error('the scanner went away');
      process.exit(1);
    },
  });
  if (!opened.ok) {
    console.error(`${scanner.path} cannot be opened: ${opened.error.kind}`);
    process.exit(1);
  }
  console.log(`listening on ${scanner.path}`);
}
