import * as z from 'zod';
import { placeOf, serialPlaceOptions } from '../serial-line/place.ts';
import { usbIdSchema, usbPortSchema } from '../contract/usb-identity.ts';

/** CDC-ACM or RS-232. */
const serialSchema = z.strictObject({
  kind: z.literal('serial'),
  ...serialPlaceOptions,
  /** As the printer is set; CDC-ACM ignores it. */
  baudRate: z.number().int().positive().default(38_400),
  flowControl: z.enum(['none', 'rtsCts', 'xonXoff']).default('none'),
});

const connectionSchema = z.discriminatedUnion('kind', [
  serialSchema.transform(placeOf<z.infer<typeof serialSchema>>),
  z.strictObject({
    kind: z.literal('usb'),
    vendorId: usbIdSchema,
    /** Null takes any model of the vendor. */
    productId: usbIdSchema.nullable().default(null),
    /** Needed where two printers alike are plugged in. */
    serialNumber: z.string().min(1).nullable().default(null),
    /** Such as `1-1.4`: needed where two alike have no serial number. */
    port: usbPortSchema.nullable().default(null),
    /** As the printer names its maker and its model in its IEEE 1284 id; null takes any, and asks nothing. */
    maker: z.string().min(1).nullable().default(null),
    model: z.string().min(1).nullable().default(null),
  }),
]);
export type Connection = z.infer<typeof connectionSchema>;

export const escposOptionsSchema = z.strictObject({
  connection: connectionSchema,
  /** Characters of a line in font A: 48 or 42 on 80 mm, 32 on 58 mm. The encoder knows no others. */
  columns: z.literal([32, 35, 42, 44, 48]),
  cutter: z.boolean(),
  /** The model has the sensor; without it nothing is known of a roll that is not at its end. */
  paperNearEnd: z.boolean(),
  coverSensor: z.boolean(),
  /**
   * What the model can be asked after a receipt. `processId`: it gives a mark back once all before it is
   * printed (`GS ( H` function 48). `paperStatus`: it answers in its turn, which proves only that it worked
   * through the bytes (`GS r`). `none`: nothing.
   */
  endOfJob: z.enum(['processId', 'paperStatus', 'none']),
  /** The model empties its memory when told (`DLE DC4` function 8); others print the rest once there is paper. */
  clearsBuffers: z.boolean(),
  /** The model tells of changes by itself (`GS a`); others are asked. */
  automaticStatus: z.boolean(),
});
export type EscposOptions = z.infer<typeof escposOptionsSchema>;
