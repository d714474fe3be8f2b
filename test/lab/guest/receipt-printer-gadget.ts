/**
 * The far end of a receipt printer gadget, as a program: carries what the host sends to a simulated printer, and
 * back what that says. `node receipt-printer-gadget.mjs DEVICE`; takes `hold`, `release`, `paperEnds`, `loadRoll`
 * and `paper` as lines on standard input, answers each with a line that says what is on the paper.
 */
import { spawnSync } from 'node:child_process';
import { constants, readSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { SimulatedReceiptPrinter } from '../../../drivers/escpos-receipt-printer/simulator.ts';
import { openGadget } from './open-gadget.ts';

const CHUNK = 4 * 1024;
const LOOK_MS = 2;
/** Nothing was sent, or nobody is at the other end. */
const NOTHING_THERE = ['EAGAIN', 'EIO', 'ENODEV'];

const device = process.argv[2] ?? '/dev/ttyGS0';
const printer = new SimulatedReceiptPrinter({
  columns: 48,
  cutter: true,
  nearEndSensor: true,
  coverSensor: true,
  processIds: true,
  clearsBuffers: true,
  automaticStatus: true,
});
if (device.startsWith('/dev/tty')) {
  // The far end of a serial gadget is a terminal, which would answer each byte with itself.
  const set = spawnSync('stty', ['-F', device, 'raw', '-echo'], { stdio: 'inherit' });
  if (set.status !== 0) throw new Error('the line cannot be set');
}
// The kernel's printer gadget lets nobody write while somebody waits to read, so nobody waits.
const file = await openGadget(device, constants.O_RDWR | constants.O_NONBLOCK);
printer.connect((bytes) => void writeSync(file, bytes));
const chunk = Buffer.alloc(CHUNK);
setInterval(() => {
  try {
    const bytes = readSync(file, chunk);
    if (bytes > 0) printer.receive(Buffer.from(chunk.subarray(0, bytes)));
  } catch (error) {
    if (!NOTHING_THERE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}, LOOK_MS);

const orders: Readonly<Record<string, () => unknown>> = {
  hold: () => printer.hold(),
  whenHolding: () => printer.whenHolding(),
  release: () => printer.release(),
  paperEnds: () => printer.strike('paperEnds', 3),
  loadRoll: () => printer.loadRoll(),
  paper: () => undefined,
};
createInterface({ input: process.stdin }).on('line', (word) => {
  const order = orders[word];
  if (order === undefined) throw new Error(`what is ${word}?`);
  void Promise.resolve(order()).then(() => {
    const breach = printer.breach?.message ?? null;
    const seen = { receipts: printer.receipts.length, hanging: printer.hanging.length, breach };
    process.stdout.write(`${JSON.stringify(seen)}\n`);
  });
});
process.stdout.write('ready\n');
