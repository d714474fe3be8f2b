import * as z from 'zod';

export const usbIdSchema = z.number().int().min(0).max(0xffff);

/**
 * A place on the USB as Linux names it: the bus, then the port at each hub on the way, such as `1-1.4`
 * (kernel documentation, ABI/stable/sysfs-bus-usb). It stays the same for whatever is plugged in there.
 */
export const usbPortSchema = z.string().regex(/^[1-9]\d*-[1-9]\d*(\.[1-9]\d*)*$/);

/** What tells one thing on the USB from another; null where it does not say so, or the system does not. */
export interface UsbIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber: string | null;
  readonly port: string | null;
}

/** The thing that a configuration means. Null takes any. */
export type UsbWanted = { readonly [K in keyof UsbIdentity]: UsbIdentity[K] | null };

/** Whether it may be that one. What is not known of it never counts as what is wanted. */
export const isWanted = (wanted: UsbWanted, found: UsbIdentity): boolean =>
  (wanted.vendorId === null || wanted.vendorId === found.vendorId) &&
  (wanted.productId === null || wanted.productId === found.productId) &&
  (wanted.serialNumber === null || wanted.serialNumber === found.serialNumber) &&
  (wanted.port === null || wanted.port === found.port);
