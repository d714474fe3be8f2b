import { err, ok, type Result } from '../../src/base/result.ts';
import { away } from '../contract/status-teller.ts';
import { isWanted, type UsbWanted } from '../contract/usb-identity.ts';
import type { CommonStatus } from '../contract/words.ts';
import { clearBulkPipes, type BulkPipe } from './bulk-pipes.ts';
import { misconfigured, statusOf } from './claim-status.ts';
import type { TransferFault } from './usb-interface.ts';
import type { OpenPrinter, UsbPrinterBus } from './usb-printer.ts';

/**
 * Opens the one printer on the bus that is meant. `onGone` is called when the bus says that it left, or a transfer
 * does, whichever is first; once, and not after `close`. The error is what to say of it: `absent`, `noBus`,
 * `usbFailed`, or what asks for `configuration`: `twoAlike`, `noPrinterInterface`, `forbidden`, `heldBy.…`. Of two
 * alike none is touched.
 */
export async function openUsbPrinter(
  bus: UsbPrinterBus,
  wanted: UsbWanted & { readonly vendorId: number },
  onGone: () => void,
): Promise<Result<OpenPrinter, CommonStatus>> {
  const listed = await bus.list(wanted.vendorId);
  if (!listed.ok) return err(away(listed.error));
  const [device, other] = listed.value.filter((one) => isWanted(wanted, one));
  if (device === undefined) return err(away('absent'));
  if (other !== undefined) return err(misconfigured('twoAlike'));
  let isOver = false;
  const gone = (): void => {
    if (isOver) return;
    isOver = true;
    onGone();
  };
  const opened = await bus.open(device.id, gone);
  if (opened.ok) {
    const printer = opened.value;
    await clearBulkPipes(printer);
    const close = (): Promise<void> => {
      isOver = true;
      return printer.close();
    };
    return ok({ ...tended(printer, gone), close });
  }
  const fault = opened.error;
  return err(
    fault.kind === 'noPrinterInterface' ? misconfigured('noPrinterInterface') : statusOf(fault),
  );
}

/** A pipe that halted is cleared for the next transfer; a printer that is gone is told, though the bus missed it. */
function tended(printer: OpenPrinter, gone: () => void): OpenPrinter {
  const tend = async <T>(
    transfer: Promise<Result<T, TransferFault>>,
    pipe: BulkPipe | null,
  ): Promise<Result<T, TransferFault>> => {
    const done = await transfer;
    if (done.ok) return done;
    if (done.error === 'gone') gone();
    if (done.error === 'stalled' && pipe !== null) await printer.clearHalt(pipe);
    return done;
  };
  return {
    ...printer,
    write: (bytes, timeoutMs) => tend(printer.write(bytes, timeoutMs), 'out'),
    read: (timeoutMs) => tend(printer.read(timeoutMs), 'in'),
    portStatus: () => tend(printer.portStatus(), null),
    deviceId: () => tend(printer.deviceId(), null),
  };
}
