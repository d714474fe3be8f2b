/**
 * The far end of a printer gadget, as a program: reads what the host sends, carries it to a simulated printer,
 * and sends back what that says. `node printer-gadget.mjs DEVICE`; takes `jam`, `ribbonBreaks`, `clear` and
 * `empty` as lines on standard input, answers each with a line. The bits of the port go to the kernel by ioctl.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { SimulatedEvolisPrinter } from '../../../drivers/evolis-card-printer/simulator.ts';
import { openGadget } from './open-gadget.ts';

/** linux/usb/g_printer.h: GADGET_SET_PRINTER_STATUS, _IOWR('g', 0x22, unsigned char). */
const SET_STATUS = 0xc0016722;
const CHUNK = 16 * 1024;

const device = process.argv[2] ?? '/dev/g_printer0';
const printer = new SimulatedEvolisPrinter();
const blanks = (blankKind: string, from: number) =>
  Array.from({ length: 3 }, (_, index) => ({ serial: `SP${from + index}`, blankKind }));
printer.load(1, blanks('ktpEl', 1));
printer.load(2, blanks('kia', 101));

const file = await openGadget(device, 'r+');
let told = -1;
/** Node has no ioctl; Perl, which every Debian has, does it on the same open file. */
function tellStatus(): void {
  if (told === printer.portStatus) return;
  told = printer.portStatus;
  const code = `ioctl(STDIN, ${SET_STATUS}, ${told}) // die $!`;
  const done = spawnSync('perl', ['-e', code], { stdio: [file, 'ignore', 'inherit'] });
  if (done.status !== 0) throw new Error('the gadget took no status');
}
tellStatus();

createReadStream('', { fd: file, highWaterMark: CHUNK, autoClose: false }).on('data', (chunk) => {
  const said = printer.receive(Buffer.from(chunk));
  tellStatus();
  if (said.length > 0) writeSync(file, said);
});

createInterface({ input: process.stdin }).on('line', (order) => {
  switch (order) {
    case 'jam':
    case 'ribbonBreaks':
      printer.strike(order);
      break;
    case 'clear':
      printer.clear();
      break;
    case 'empty':
      printer.emptyFeeder(1);
      break;
    default:
      throw new Error(`what is ${order}?`);
  }
  tellStatus();
  process.stdout.write(
    `${JSON.stringify({ exit: printer.exit.length, rejected: printer.rejectBox.length })}\n`,
  );
});
process.stdout.write('ready\n');
