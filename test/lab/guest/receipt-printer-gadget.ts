/**
 * The far end of a receipt printer gadget, as a program: carries what the host sends to a simulated printer, and
 * back what that says. `node receipt-printer-gadget.mjs DEVICE`; told on standard input what hands do at it.
 */
import { spawnSync } from 'node:child_process';
import { constants, readSync, writeSync } from 'node:fs';
import { SimulatedReceiptPrinter } from '../../../drivers/escpos-receipt-printer/simulator.ts';
import { obey } from './obey.ts';
import { openGadget } from './open-gadget.ts';

const CHUNK = 4 * 1024;
const LOOK_MS = 2;
/** Nothing was sent, or nobody is at the other end. */
const NOTHING_THERE = ['EAGAIN', 'EIO', 'ENODEV'];

const device = process.argv[2] ?? '/dev/ttyGS0';
const made = () =>
  new SimulatedReceiptPrinter({
    columns: 48,
    cutter: true,
    nearEndSensor: true,
    coverSensor: true,
    processIds: true,
    clearsBuffers: true,
    automaticStatus: true,
  });
let printer = made();
if (device.startsWith('/dev/tty')) {
  // The far end of a serial gadget is a terminal, which would answer each byte with itself.
  const set = spawnSync('stty', ['-F', device, 'raw', '-echo'], { stdio: 'inherit' });
  if (set.status !== 0) throw new Error('the line cannot be set');
}
// The kernel's printer gadget lets nobody write while somebody waits to read, so nobody waits.
const file = await openGadget(device, constants.O_RDWR | constants.O_NONBLOCK);
const connect = (): void => printer.connect((bytes) => void writeSync(file, bytes));
connect();
const chunk = Buffer.alloc(CHUNK);
setInterval(() => {
  try {
    const bytes = readSync(file, chunk);
    if (bytes > 0) printer.receive(Buffer.from(chunk.subarray(0, bytes)));
  } catch (error) {
    if (!NOTHING_THERE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}, LOOK_MS);

obey({
  renew: () => {
    printer = made();
    connect();
  },
  hold: () => printer.hold(),
  whenHolding: () => printer.whenHolding(),
  whenAsked: () => printer.whenAsked(),
  release: () => printer.release(),
  endPaper: (afterLines?: number) => printer.strike('paperEnds', afterLines),
  loadRoll: (lines?: number) => printer.loadRoll(lines),
  openCover: () => printer.openCover(),
  closeCover: () => printer.closeCover(),
  jamCutter: () => printer.strike('cutterJams'),
  clearCutter: () => printer.clearCutter(),
  manner: (manner: 'good' | 'silent' | 'garbage') => void (printer.manner = manner),
  receipts: () => printer.receipts,
  hanging: () => printer.hanging,
  breach: () => printer.breach?.message,
});
