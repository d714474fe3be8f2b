import * as z from 'zod';
import { usbIdSchema, usbPortSchema } from './usb-identity.ts';

/**
 * Where a driver looks for its device. `usb`: whatever on the USB has these ids, and with several the serial number
 * or port that is not null. `path`: a device file. `anyOfItsKind`: the only one of its class that is plugged in,
 * which a list of buses cannot tell from others.
 */
export const devicePlaceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('usb'),
    vendorId: usbIdSchema.nullable(),
    productId: usbIdSchema.nullable(),
    serialNumber: z.string().nullable(),
    port: usbPortSchema.nullable(),
  }),
  z.strictObject({ kind: z.literal('path'), path: z.string() }),
  z.strictObject({ kind: z.literal('anyOfItsKind') }),
]);
export type DevicePlace = z.infer<typeof devicePlaceSchema>;

/** The place of a device on the USB by a driver's options; undefined is as null. */
export function usbPlace({
  vendorId = null,
  productId = null,
  serialNumber = null,
  port = null,
}: {
  readonly vendorId?: number | null | undefined;
  readonly productId?: number | null | undefined;
  readonly serialNumber?: string | null | undefined;
  readonly port?: string | null | undefined;
}): DevicePlace {
  return vendorId === null && serialNumber === null && port === null
    ? { kind: 'anyOfItsKind' }
    : { kind: 'usb', vendorId, productId, serialNumber, port };
}
