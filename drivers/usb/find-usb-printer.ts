import { err, type Result } from '../../src/base/result.ts';
import { away } from '../contract/status-teller.ts';
import { isWanted, type UsbWanted } from '../contract/usb-identity.ts';
import type { CommonStatus } from '../contract/words.ts';
import { misconfigured, statusOf } from './claim-status.ts';
import type { OpenPrinter, UsbPrinterBus } from './usb-printer.ts';

/**
 * Opens the one printer on the bus that is meant. The error is what to say of it: `absent`, `noBus`, `usbFailed`, or what asks
 * for `configuration`: `twoAlike`, `noPrinterInterface`, `forbidden`, `heldBy.…`. Of two alike none is touched.
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
  const opened = await bus.open(device.id, onGone);
  if (opened.ok) return opened;
  const fault = opened.error;
  return err(
    fault.kind === 'noPrinterInterface' ? misconfigured('noPrinterInterface') : statusOf(fault),
  );
}
