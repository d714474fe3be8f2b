import type { Result } from '../../src/base/result.ts';
import type { UsbIdentity } from '../contract/usb-identity.ts';
import type { ClearsHalts } from './bulk-pipes.ts';
import type { ClaimFault, NoUsb, TransferFault } from './usb-interface.ts';

export interface ListedPrinter extends UsbIdentity {
  /** Names the device on its bus for as long as it stays plugged in. */
  readonly id: string;
}

/** The printer interface of one device, claimed for us alone (USB Printer Class 1.1, bidirectional). */
export interface OpenPrinter extends ClearsHalts {
  /** Bulk OUT. Completes when all bytes were taken; a printer that is busy takes none for a while. */
  write(bytes: Uint8Array, timeoutMs: number): Promise<Result<void, TransferFault>>;
  /** Bulk IN: what has come, at most one buffer full. */
  read(timeoutMs: number): Promise<Result<Uint8Array, TransferFault>>;
  /** GET_PORT_STATUS (§4.2.2). */
  portStatus(): Promise<Result<number, TransferFault>>;
  /** GET_DEVICE_ID (§4.2.1), without its two bytes of length. */
  deviceId(): Promise<Result<string, TransferFault>>;
  close(): Promise<void>;
}

export type UsbOpenFault = ClaimFault | { readonly kind: 'noPrinterInterface' };

export interface UsbPrinterBus {
  /** Those of one vendor; nothing of them is opened. */
  list(vendorId: number): Promise<Result<readonly ListedPrinter[], NoUsb>>;
  /** `onGone` is called when the device is unplugged; not after `close`. */
  open(id: string, onGone: () => void): Promise<Result<OpenPrinter, UsbOpenFault>>;
}
