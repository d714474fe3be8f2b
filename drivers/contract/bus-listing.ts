import * as z from 'zod';
import { devicePlaceSchema } from './device-place.ts';
import { usbIdSchema as usbId, usbPortSchema } from './usb-identity.ts';

/** As the device says it of itself, without characters that a screen would obey. */
const text = z.string().nullable();

/** Why a bus could not be listed: it does not exist here, or what reads it needs a Debian package. */
export const busFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('noBus') }),
  z.strictObject({
    kind: z.literal('missingLibrary'),
    library: z.string(),
    debianPackage: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('missingProgram'),
    program: z.string(),
    debianPackage: z.string(),
  }),
]);
export type BusFault = z.infer<typeof busFaultSchema>;

const listed = <T extends z.ZodType>(device: T) =>
  z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), value: z.array(device) }),
    z.strictObject({ ok: z.literal(false), error: busFaultSchema }),
  ]);

/** What tells two alike apart: what the device says of itself, and where it is plugged in. */
const place = { serialNumber: text, port: usbPortSchema.nullable() } as const;

export const usbDeviceSchema = z.strictObject({
  vendorId: usbId,
  productId: usbId,
  ...place,
  manufacturer: text,
  product: text,
});
export const hidDeviceSchema = z.strictObject({
  vendorId: usbId,
  productId: usbId,
  ...place,
  path: text,
  product: text,
  usagePage: z.number().int().nullable(),
});
export const serialPortSchema = z.strictObject({
  path: z.string(),
  vendorId: usbId.nullable(),
  productId: usbId.nullable(),
  ...place,
  manufacturer: text,
});

/** What the three buses show. */
export const busListingSchema = z.strictObject({
  usb: listed(usbDeviceSchema),
  hid: listed(hidDeviceSchema),
  serial: listed(serialPortSchema),
});
export type BusListing = z.infer<typeof busListingSchema>;

/** What `drivers/host/bus-list.ts` prints, one JSON document on stdout: of each device that it was told of its places. */
export const busListSchema = z.strictObject({
  listing: busListingSchema,
  places: z.array(z.array(devicePlaceSchema).nullable()),
});
export type BusList = z.infer<typeof busListSchema>;
