/**
 * The far end of a printer gadget, as a program: reads what the host sends, carries it to a simulated printer,
 * and sends back what that says. `node printer-gadget.mjs DEVICE`; told on standard input what hands do at it. The bits
 * of the port go to the kernel by ioctl.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, writeSync } from 'node:fs';
import { SimulatedEvolisPrinter } from '../../../drivers/evolis-card-printer/simulator.ts';
import { evolisCameOut } from '../../conformance/evolis-came-out.ts';
import { obey } from './obey.ts';
import { openGadget } from './open-gadget.ts';

/** linux/usb/g_printer.h: GADGET_SET_PRINTER_STATUS, _IOWR('g', 0x22, unsigned char). */
const SET_STATUS = 0xc0016722;
const CHUNK = 16 * 1024;
const LONGEST_COMMAND = 1024;

const device = process.argv[2] ?? '/dev/g_printer0';
const blanks = (blankKind: string, from: number) =>
  Array.from({ length: 3 }, (_, index) => ({ serial: `SP${from + index}`, blankKind }));
function loaded(): SimulatedEvolisPrinter {
  const made = new SimulatedEvolisPrinter();
  made.load(1, blanks('ktpEl', 1));
  made.load(2, blanks('kia', 101));
  return made;
}
let printer = loaded();

/** Called in the middle of each plane that comes. */
let inPlane = (): void => undefined;

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

const sent = createReadStream('', { fd: file, highWaterMark: CHUNK, autoClose: false });
sent.on('data', (chunk) => {
  // No command but a plane is so long.
  if (chunk.length > LONGEST_COMMAND) inPlane();
  const said = printer.receive(Buffer.from(chunk));
  tellStatus();
  if (said.length > 0) writeSync(file, said);
});
// Pulled out: nothing more comes, and this program is ended from outside.
sent.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENODEV') throw error;
});

const inputOf = (feeder: string): 1 | 2 => (feeder === 'kia' ? 2 : 1);
const hands = {
  renew: () => void (printer = loaded()),
  jam: () => printer.strike('jam'),
  ribbonBreaks: () => printer.strike('ribbonBreaks'),
  clear: () => printer.clear(),
  emptyFeeder: (feeder: string) => printer.emptyFeeder(inputOf(feeder)),
  layStrayIn: (feeder: string) => {
    const stray = { serial: 'SP901', blankKind: feeder === 'kia' ? 'ktpEl' : 'kia' };
    const input = inputOf(feeder);
    printer.emptyFeeder(input);
    printer.load(input, [stray]);
    return stray;
  },
  takeCard: () => printer.exit.pop() !== undefined,
  cameOut: () => evolisCameOut(printer),
  rejected: () => printer.rejectBox.length,
  whenInPlane: () => new Promise<void>((resolve) => (inPlane = resolve)),
};
obey(
  Object.fromEntries(
    Object.entries(hands).map(([word, act]) => [
      word,
      (feeder: string) => {
        const said = act(feeder);
        tellStatus();
        return said;
      },
    ]),
  ),
);
