import * as z from 'zod';
import { jamPlaceSchema, looseBlankSchema } from './parts.ts';

const serial = z.string();
const side = z.enum(['front', 'back']);

/** What physically happened in the printer, said when the movement has ended. Nothing else is recorded. */
export const cardPrinterMoveSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('blanksLoaded'),
    feeder: z.string(),
    blanks: z.array(looseBlankSchema),
  }),
  z.strictObject({
    type: z.literal('feederEmptied'),
    feeder: z.string(),
    serials: z.array(serial),
  }),
  z.strictObject({
    type: z.literal('blankFed'),
    serial,
    kind: looseBlankSchema.shape.kind,
    batch: z.string(),
    feeder: z.string(),
  }),
  /** The first byte that reached that file of the chip since the blank was fed. */
  z.strictObject({ type: z.literal('chipWritten'), serial, file: z.string() }),
  z.strictObject({
    type: z.literal('sidePrinted'),
    serial,
    side,
    /** Of the RGB rows as they came. */
    sha256: z.string(),
    /** A PNG for eyes, relative to the cabinet's folder. */
    picture: z.string(),
    /** Ink had been put on this side before. */
    overprint: z.boolean(),
  }),
  z.strictObject({ type: z.literal('sidePartlyPrinted'), serial, side }),
  z.strictObject({ type: z.literal('cardPresented'), serial }),
  z.strictObject({ type: z.literal('cardTaken'), serial }),
  /** A card lay at an exit without a sensor and the next one pushed it out. */
  z.strictObject({ type: z.literal('cardPushedOut'), serial }),
  z.strictObject({ type: z.literal('cardRetracted'), serial }),
  z.strictObject({ type: z.literal('cardRejected'), serial }),
  z.strictObject({ type: z.literal('jammed'), place: jamPlaceSchema, serial: serial.nullable() }),
  /** By a technician's hand: a card found goes into the reject bin, whose sensor counts it if there is one. */
  z.strictObject({
    type: z.literal('cleared'),
    foundAt: z.enum(['transport', 'exit', 'nowhere']),
    serial: serial.nullable(),
    movedTo: z.enum(['rejectBin']).nullable(),
  }),
  z.strictObject({
    type: z.literal('binEmptied'),
    bin: z.enum(['reject', 'retract']),
    serials: z.array(serial),
  }),
  z.strictObject({ type: z.literal('ribbonReplaced') }),
]);
export type CardPrinterMove = z.infer<typeof cardPrinterMoveSchema>;
