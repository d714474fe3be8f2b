import { parseArgs } from 'node:util';
import { systemClock } from '../../src/base/clock.ts';
import { PrinterLink } from './link.ts';
import { identityOf } from '../usb/device-id.ts';
import { systemUsbPrinterBus } from '../usb/system-usb-printers.ts';

const ANSWER_MS = 5_000;
const USAGE = `Usage: node drivers/evolis-card-printer/cli.ts [--ask SERIAL]
Lists the maker's printers on the USB. With --ask, opens the one of that serial number and shows what it answers to
questions; no card moves. Ends with 1 when it is absent, held by another, or does not answer.`;

const { values } = parseArgs({
  options: { ask: { type: 'string' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const hex = (value: number): string => value.toString(16).padStart(4, '0');
/** USB vendor of Evolis. */
const EVOLIS = 0x0f49;
const listed = await systemUsbPrinterBus.list(EVOLIS);
if (!listed.ok) giveUp(listed.error);
const printers = listed.value;
for (const { id, vendorId, productId, serialNumber } of printers) {
  console.log(`${id} ${hex(vendorId)}:${hex(productId)} serial ${serialNumber ?? '-'}`);
}
if (values.ask !== undefined) await ask(values.ask);

async function ask(serial: string): Promise<void> {
  const found = printers.find(({ serialNumber }) => serialNumber === serial);
  if (found === undefined) giveUp(`no printer with serial ${serial}`);
  const opened = await systemUsbPrinterBus.open(found.id, () => giveUp('it went away'));
  if (!opened.ok) {
    const { kind } = opened.error;
    giveUp(kind === 'heldBy' ? `held by ${opened.error.holder ?? 'another program'}` : kind);
  }
  const printer = opened.value;
  const deviceId = await printer.deviceId();
  const { maker, model } = identityOf(deviceId.ok ? deviceId.value : '');
  console.log(`maker ${maker ?? '-'}, model ${model ?? '-'}`);
  const link = new PrinterLink(printer, systemClock);
  const port = await link.portStatus();
  console.log(`port ${port.ok ? JSON.stringify(port.value) : port.error}`);
  const questions = [['Rfv'], ['Rsn'], ['Rcr'], ['Rlr', 'p'], ['Rco', 'c'], ['Rco', 'p']] as const;
  let silent = 0;
  for (const [name, ...parameters] of questions) {
    link.allow(ANSWER_MS);
    const answer = await link.ask([name, ...parameters], (text) => text);
    if (!answer.ok) silent += 1;
    console.log(`${[name, ...parameters].join(';')}: ${answer.ok ? answer.value : answer.error}`);
  }
  await printer.close();
  if (silent === questions.length) giveUp('it answered nothing');
}

function giveUp(reason: string): never {
  console.error(reason);
  process.exit(1);
}
