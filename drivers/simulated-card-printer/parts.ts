import * as z from 'zod';
import { cardCountersSchema } from '../contract/card-printer.ts';

/** Part of a serial goes into file names, so nothing but letters, digits and hyphens. */
export const serialSchema = z.string().regex(/^[A-Za-z0-9-]{1,32}$/);

export const blankKindSchema = z.enum(['ktpEl', 'ktpElWna', 'kia']);
export type BlankKind = z.infer<typeof blankKindSchema>;

/** A blank as a technician holds it in the hand. */
export const looseBlankSchema = z.strictObject({
  kind: blankKindSchema,
  batch: z.string().regex(/^[A-Za-z0-9-]{1,32}$/),
  serial: serialSchema,
});
export type LooseBlank = z.infer<typeof looseBlankSchema>;

/** The chip of a KTP-el blank: a UID of its own and the bytes of each file that was ever written. */
export const chipMemorySchema = z.strictObject({
  uidHex: z.string().regex(/^([0-9a-f]{2}){4,10}$/),
  files: z.record(z.string(), z.string()),
});
export type ChipMemory = z.infer<typeof chipMemorySchema>;

const sideStateSchema = z.enum(['blank', 'partlyPrinted', 'printed']);

export const cardSchema = z.strictObject({
  ...looseBlankSchema.shape,
  /** null where the blank has no chip. */
  chip: chipMemorySchema.nullable(),
  front: sideStateSchema,
  back: sideStateSchema,
});
export type Card = z.infer<typeof cardSchema>;

export const feederSchema = z.strictObject({
  name: z.string(),
  /** The kind that the feeder is set up for; what a technician puts in it is another matter. */
  blankKind: blankKindSchema,
  /** Next to be fed first. */
  blanks: z.array(cardSchema),
});
export type Feeder = z.infer<typeof feederSchema>;

/** Where something is stuck. At the exit the card is already within the citizen's reach. */
export const jamPlaceSchema = z.enum(['feeder', 'transport', 'exit', 'bin']);
export type JamPlace = z.infer<typeof jamPlaceSchema>;

/** Everything in the printer that one could touch or that outlives a power cut. */
export const cardPrinterPartsSchema = z.strictObject({
  feeders: z.array(feederSchema),
  transport: cardSchema.nullable(),
  /** A second blank that sticks to the one in the transport and goes where that goes. */
  stuckTo: cardSchema.nullable().default(null),
  exit: cardSchema.nullable(),
  jam: jamPlaceSchema.nullable(),
  rejectBin: z.array(cardSchema),
  retractBin: z.array(cardSchema),
  binCapacity: z.number().int().positive(),
  /** One set of panels prints one side. */
  ribbonPanelsLeft: z.number().int().nonnegative(),
  ribbonPanelsFull: z.number().int().positive(),
  counters: cardCountersSchema,
  /** Kept in the printer's own memory; `unknown` before the first card and where that memory is lost. */
  lastPresent: z.enum(['presented', 'notPresented', 'unknown']),
});
export type CardPrinterParts = z.infer<typeof cardPrinterPartsSchema>;

export function newCardPrinterParts(): CardPrinterParts {
  return {
    feeders: [
      { name: 'ktp', blankKind: 'ktpEl', blanks: [] },
      { name: 'kia', blankKind: 'kia', blanks: [] },
    ],
    transport: null,
    stuckTo: null,
    exit: null,
    jam: null,
    rejectBin: [],
    retractBin: [],
    binCapacity: 50,
    ribbonPanelsLeft: 500,
    ribbonPanelsFull: 500,
    counters: { fed: 0, printedSides: 0, presented: 0, taken: 0, rejected: 0, retracted: 0 },
    lastPresent: 'notPresented',
  };
}
