import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { receiptPrinterCommands } from '../contract/receipt-printer.ts';
import { escposReceiptPrinterFactory } from './driver.ts';
import { escposOptionsSchema } from './options.ts';

const USAGE = `Usage: node drivers/escpos-receipt-printer/cli.ts --options FILE [--print]
Shows how a receipt printer is, as its driver sees it. FILE holds the driver's options as JSON.
  --print   prints a specimen receipt, which says that it is one
Ends with 1 when the printer cannot be reached or does not print, with 64 when the options are refused.`;

/** Says what it is; every way in which a receipt can be set. */
const SPECIMEN = {
  items: [
    { kind: 'text', text: 'SPESIMEN', align: 'center', size: 'double', emphasis: true },
    { kind: 'text', text: 'Bukan dokumen. Percobaan pencetak struk.', align: 'center' },
    { kind: 'rule' },
    { kind: 'text', text: 'kiri' },
    { kind: 'text', text: 'kanan', align: 'right' },
    { kind: 'feed', lines: 1 },
    { kind: 'qr', content: 'SPESIMEN' },
    { kind: 'text', text: 'selesai', align: 'center' },
  ],
};

const { values } = parseArgs({
  options: {
    options: { type: 'string' },
    print: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || values.options === undefined) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 64);
}
const options = escposOptionsSchema.safeParse(JSON.parse(readFileSync(values.options, 'utf8')));
if (!options.success) {
  for (const { path, message } of options.error.issues)
    console.error(`${path.join('.')}: ${message}`);
  process.exit(64);
}
const driver = escposReceiptPrinterFactory.create(options.data, () => undefined);
await driver.start();
const status = await driver.handlers.getStatus({});
console.log(JSON.stringify(status.ok ? status.value : status.error));
let failed = !status.ok || status.value.state === 'powerOff' || status.value.state === 'userError';
if (values.print && !failed) {
  const receipt = receiptPrinterCommands.printReceipt.params.parse(SPECIMEN);
  const printed = await driver.handlers.printReceipt(receipt);
  console.log(JSON.stringify(printed.ok ? printed.value : printed.error));
  failed = !printed.ok;
}
await driver.stop();
process.exit(failed ? 1 : 0);
