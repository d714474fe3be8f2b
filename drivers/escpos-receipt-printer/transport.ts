import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { openUsbPrinter } from '../usb/find-usb-printer.ts';
import type { OpenDevice } from '../contract/kept-open.ts';
import { openSerialLine, type LineHandlers } from '../serial-line/serial-line.ts';
import { away } from '../contract/status-teller.ts';
import type { TransferFault } from '../usb/usb-interface.ts';
import type { OpenPrinter, UsbPrinterBus } from '../usb/usb-printer.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { Connection } from './options.ts';

/** Bytes to a printer; what it says comes by itself, to `onBytes`. */
export interface PrinterLine extends OpenDevice {
  /** Completes when the bus took all of it. After `late` and `stalled` a part may have gone over. */
  write(bytes: Uint8Array, timeoutMs: number): Promise<Result<void, TransferFault>>;
}

/** The error is what to say of a printer that cannot be opened. */
export type OpenPrinterLine = (
  handlers: LineHandlers,
) => Promise<Result<PrinterLine, CommonStatus>>;

/** How long one read of a USB printer stays open; closing waits for it. */
const READ_MS = 250;
/** A printer may answer a read with nothing, for as long as it likes. */
const PAUSE_MS = 20;

export function lineOf(connection: Connection, clock: Clock, bus: UsbPrinterBus): OpenPrinterLine {
  return connection.kind === 'serial'
    ? (handlers) => openSerial(connection, clock, handlers)
    : (handlers) => openUsb(connection, clock, bus, handlers);
}

async function openSerial(
  { path, baudRate, flowControl }: Extract<Connection, { kind: 'serial' }>,
  clock: Clock,
  handlers: LineHandlers,
): Promise<Result<PrinterLine, CommonStatus>> {
  const opened = await openSerialLine(path, baudRate, handlers, flowControl);
  if (!opened.ok) return err(away(opened.error.kind));
  const line = opened.value;
  return ok({
    write: (bytes, timeoutMs) =>
      new Promise((resolve) => {
        const late = clock.after(timeoutMs, () => resolve(err('late')));
        void line.write(bytes).then((written) => {
          late.cancel();
          resolve(written);
        });
      }),
    close: () => line.close(),
  });
}

async function openUsb(
  connection: Extract<Connection, { kind: 'usb' }>,
  clock: Clock,
  bus: UsbPrinterBus,
  handlers: LineHandlers,
): Promise<Result<PrinterLine, CommonStatus>> {
  let open = true;
  const gone = (): void => {
    if (!open) return;
    open = false;
    handlers.onGone();
  };
  const opened = await openUsbPrinter(bus, connection, gone);
  if (!opened.ok) return opened;
  const printer = opened.value;
  const reading = readOn(printer, clock, handlers.onBytes, () => open).then((end) => {
    if (end === 'gone') gone();
  });
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    open = false;
    await reading;
    await printer.close();
  };
  return ok({
    write: (bytes, timeoutMs) => printer.write(bytes, timeoutMs),
    close: () => (closed ??= close()),
  });
}

/** Reads until it is closed or gone; a pipe that is stalled is read no more, and its printer will be silent. */
async function readOn(
  printer: OpenPrinter,
  clock: Clock,
  onBytes: (bytes: Uint8Array) => void,
  isOpen: () => boolean,
): Promise<TransferFault | 'closed'> {
  while (isOpen()) {
    const read = await printer.read(READ_MS);
    if (!read.ok) {
      if (read.error !== 'late') return read.error;
      continue;
    }
    if (read.value.length === 0) await pause(clock);
    else if (isOpen()) onBytes(read.value);
  }
  return 'closed';
}

const pause = (clock: Clock): Promise<void> =>
  new Promise((resolve) => void clock.after(PAUSE_MS, resolve));
