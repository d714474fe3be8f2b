import * as z from 'zod';

const usbId = z.number().int().min(0).max(0xffff);
const slotNumber = z.number().int().min(0).max(0xff);

export const ccidDeviceSchema = z.strictObject({
  /** Both together name the model; null takes any reader of the CCID class. */
  vendorId: usbId.nullable().default(null),
  productId: usbId.nullable().default(null),
  /** Needed where two readers alike are plugged in, this or the port. */
  serialNumber: z.string().min(1).nullable().default(null),
  /** The socket that it is plugged into, as Linux names it: `1-2.3`. */
  port: z
    .string()
    .regex(/^\d+-\d+(\.\d+)*$/, 'not a USB port such as 1-2.3')
    .nullable()
    .default(null),
  /** Needed where one device has several CCID interfaces, one for each of its readers. */
  interfaceNumber: z.number().int().min(0).max(0xff).nullable().default(null),
});
export type CcidDeviceOptions = z.infer<typeof ccidDeviceSchema>;

export const ccidReaderPairOptionsSchema = z.strictObject({
  /** The device that takes the citizen's card, and which of its slots does. */
  reader: ccidDeviceSchema,
  cardSlot: slotNumber.default(0),
  /** Where the SAM is: in another slot of the same reader, or in a reader of its own; null where none is fitted. */
  sam: z
    .strictObject({ reader: ccidDeviceSchema.nullable().default(null), slot: slotNumber })
    .nullable(),
});
export type CcidReaderPairOptions = z.infer<typeof ccidReaderPairOptionsSchema>;
