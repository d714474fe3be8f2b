import * as z from 'zod';
import { namePatternSchema } from '../contract/name-pattern.ts';
import { usbIdSchema, usbPortSchema } from '../contract/usb-identity.ts';

/** USB vendor of Evolis, in the public list of usb.ids. */
const EVOLIS = 0x0f49;

export const evolisOptionsSchema = z
  .strictObject({
    vendorId: usbIdSchema.default(EVOLIS),
    /** Null takes any model of the vendor. */
    productId: usbIdSchema.nullable().default(null),
    /** Needed where two printers alike are plugged in. */
    serialNumber: z.string().min(1).nullable().default(null),
    /** Such as `1-1.4`: needed where two alike have no serial number. */
    port: usbPortSchema.nullable().default(null),
    /** How the maker names itself in the IEEE 1284 id; a device that says another name is not driven. */
    maker: z.string().min(1).default('Evolis'),
    /** How the model names itself there: another model may understand another language, and is not driven. */
    model: z.string().min(1),
    feeders: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          blankKind: z.string().min(1),
          /** Number of the feeder in the machine. */
          input: z.union([z.literal(1), z.literal(2)]),
        }),
      )
      .min(1)
      .max(2),
    /** `ymckok` has a second resin panel for the back; with `ymcko` the back is not printed. */
    ribbon: z.enum(['ymcko', 'ymckok']),
    /** The machine answers `Sk;f` and `Sk;w`; others leave the level unknown. */
    feederSensors: z.boolean(),
    /** Below so many cards that the ribbon is said to have left, it is low. */
    ribbonLowBelow: z.number().int().min(0).default(20),
    /** The reader at the contactless station, by its name at pcscd; null where none is fitted, and no chip written. */
    station: z
      .strictObject({
        readerPattern: namePatternSchema,
        csockName: z.string().min(1).nullable().default(null),
      })
      .nullable()
      .default(null),
    /**
     * How long a feed or a rejection may take; one that has less time left is not begun. Core waits 20 s for
     * either, in which the questions before and after it have to fit as well.
     */
    movementMs: z.number().int().positive().max(15_000).default(15_000),
    /**
     * How long a side may print, of the 60 s that core waits for one. An ejection prints what still waits, and
     * may take a print and a movement of its 90 s. The maker's guide has no times.
     */
    printMs: z.number().int().positive().max(45_000).default(45_000),
  })
  .refine(({ feeders }) => new Set(feeders.map(({ input }) => input)).size === feeders.length, {
    message: 'two feeders have the same input',
    path: ['feeders'],
  })
  .refine(({ feeders }) => new Set(feeders.map(({ name }) => name)).size === feeders.length, {
    message: 'two feeders have the same name',
    path: ['feeders'],
  });
export type EvolisOptions = z.infer<typeof evolisOptionsSchema>;
