import { err, type Result } from '../../src/base/result.ts';
import { away } from '../contract/status-teller.ts';
import { isWanted, type UsbWanted } from '../contract/usb-identity.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { OpenPrinter, UsbOpenFault, UsbPrinterBus } from './usb-printer.ts';

export const misconfigured = (reason: string): CommonStatus => ({
  state: 'userError',
  reasons: [reason],
  requiredAction: 'configuration',
});

/**
 * Opens the one printer on the bus that is meant. The error is what to say of it: `absent`, `noBus`, or what asks
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
  return opened.ok ? opened : err(statusOf(opened.error));
}

function statusOf(fault: UsbOpenFault): CommonStatus {
  switch (fault.kind) {
    case 'absent':
      return away('absent');
    case 'noPrinterInterface':
      return misconfigured('noPrinterInterface');
    case 'forbidden':
      return misconfigured('forbidden');
    case 'heldBy':
      return misconfigured(`heldBy.${fault.holder ?? 'unknown'}`);
  }
}
