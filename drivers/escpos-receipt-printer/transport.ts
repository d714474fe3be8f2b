import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { misconfigured } from '../usb/claim-status.ts';
import { otherThan } from '../usb/device-id.ts';
import { openUsbPrinter } from '../usb/find-usb-printer.ts';
import type { OpenDevice } from '../contract/kept-open.ts';
import { openAt } from '../serial-line/place.ts';
import { openSerialLine, type LineHandlers, type OpenLine } from '../serial-line/serial-line.ts';
import type { ListUsbPorts } from '../serial-line/usb-ports.ts';
import type { TransferFault } from '../usb/usb-interface.ts';
import type { OpenPrinter, UsbPrinterBus } from '../usb/usb-printer.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { Connection } from './options.ts';
import { unreached } from './status.ts';

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

export interface PrinterBuses {
  readonly printers: UsbPrinterBus;
  readonly listSerialPorts: ListUsbPorts;
}

export function lineOf(
  connection: Connection,
  clock: Clock,
  { printers, listSerialPorts }: PrinterBuses,
): OpenPrinterLine {
  return connection.kind === 'serial'
    ? (handlers) => openSerial(connection, clock, listSerialPorts, handlers)
    : (handlers) => openUsb(connection, clock, printers, handlers);
}

async function openSerial(
  { place, baudRate, flowControl }: Extract<Connection, { kind: 'serial' }>,
  clock: Clock,
  listPorts: ListUsbPorts,
  handlers: LineHandlers,
): Promise<Result<PrinterLine, CommonStatus>> {
  const openLine: OpenLine = (path, rate, heard) => openSerialLine(path, rate, heard, flowControl);
  const opened = await openAt(place, baudRate, handlers, { openLine, listPorts });
  if (!opened.ok) return opened;
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
  const refused = await refusalOf(printer, connection);
  if (refused !== null) {
    await printer.close();
    return err(refused);
  }
  const reading = readOn(printer, clock, handlers.onBytes, () => open);
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

/** Null: it is the model that is meant, or any will do. */
async function refusalOf(
  printer: OpenPrinter,
  wanted: Extract<Connection, { kind: 'usb' }>,
): Promise<CommonStatus | null> {
  if (wanted.maker === null && wanted.model === null) return null;
  const deviceId = await printer.deviceId();
  if (!deviceId.ok) return unreached(deviceId.error);
  const other = otherThan(wanted, deviceId.value);
  return other === null ? null : misconfigured(other);
}

/** Reads until it is closed or gone. A pipe that stalled is clear again, and what it lost will be missed. */
async function readOn(
  printer: OpenPrinter,
  clock: Clock,
  onBytes: (bytes: Uint8Array) => void,
  isOpen: () => boolean,
): Promise<void> {
  while (isOpen()) {
    const read = await printer.read(READ_MS);
    if (!read.ok) {
      if (read.error === 'gone') return;
      if (read.error === 'stalled') await pause(clock);
    } else if (read.value.length === 0) await pause(clock);
    else if (isOpen()) onBytes(read.value);
  }
}

const pause = (clock: Clock): Promise<void> =>
  new Promise((resolve) => void clock.after(PAUSE_MS, resolve));
