import type { Result } from '../../src/base/result.ts';
import type { ClearsHalts } from '../usb/bulk-pipes.ts';
import type { ClaimFault, NoUsb, TransferFault } from '../usb/usb-interface.ts';
import type { CcidInterface } from './descriptors.ts';

/** One CCID interface; a device that has several is listed once for each. */
export interface ListedCcid {
  /** Names the interface on its bus for as long as the device stays plugged in. */
  readonly id: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber: string | null;
  /** The socket that it is plugged into, as Linux names it: `1-2.3`. */
  readonly port: string;
  readonly shape: CcidInterface;
}

/** The CCID interface of one device, claimed for us alone. One transfer a pipe at a time. */
export interface OpenCcid extends ClearsHalts {
  /** Bulk OUT. Completes when all bytes were taken. */
  write(bytes: Uint8Array, timeoutMs: number): Promise<Result<void, TransferFault>>;
  /** Bulk IN: completes with `bytes`, a multiple of the packet size, or with less after a short packet. */
  read(bytes: number, timeoutMs: number): Promise<Result<Uint8Array, TransferFault>>;
  /** Interrupt IN: one message; `late` where nothing happened. Only where the interface has that pipe. */
  notice(timeoutMs: number): Promise<Result<Uint8Array, TransferFault>>;
  /** The class request ABORT on the control pipe (CCID 1.1 §5.3.1). */
  requestAbort(slot: number, sequence: number): Promise<Result<void, TransferFault>>;
  /** Completes when the interface is free for others. No transfer may be under way. */
  close(): Promise<void>;
}

export interface CcidBus {
  /** Every CCID interface; nothing is opened. */
  list(): Promise<Result<readonly ListedCcid[], NoUsb>>;
  open(id: string): Promise<Result<OpenCcid, ClaimFault>>;
}
