import * as z from 'zod';
import { command } from './command.ts';
import { commonStatusSchema, mediaPositionSchema, supplyLevelSchema } from './words.ts';

/** What a card printer can tell and do. What it cannot tell routes an attempt to `uncertain`. */
export const cardPrinterCapabilitiesSchema = z.strictObject({
  /** Whose word it is that a card came out: the printer's own, or that of a spooler which handed it on. */
  completedMeans: z.enum(['deviceReported', 'hostAccepted']),
  /** Sees that a card lies at the exit and that it was taken. */
  exitSensor: z.boolean(),
  retract: z.boolean(),
  rejectBin: z.boolean(),
  /** Counts what fell into the reject bin. */
  rejectCount: z.boolean(),
  /** Tells where the card in the transport is. */
  cardPosition: z.boolean(),
  /** Keeps counters over power loss. */
  counters: z.boolean(),
  flip: z.boolean(),
  contactless: z.boolean(),
  /** Reads the serial that is pre-printed on a blank, and with it which kind of blank it is. */
  serialReader: z.boolean(),
  feeders: z.array(z.strictObject({ name: z.string(), blankKind: z.string() })),
});
export type CardPrinterCapabilities = z.infer<typeof cardPrinterCapabilitiesSchema>;

/** Lifetime counts of physical events, each counted when it has happened. */
export const cardCountersSchema = z.strictObject({
  fed: z.number().int(),
  printedSides: z.number().int(),
  presented: z.number().int(),
  taken: z.number().int(),
  rejected: z.number().int(),
  retracted: z.number().int(),
});
export type CardCounters = z.infer<typeof cardCountersSchema>;

export const cardPrinterStatusSchema = z.strictObject({
  ...commonStatusSchema.shape,
  media: mediaPositionSchema,
  feeders: z.array(
    z.strictObject({ name: z.string(), blankKind: z.string(), level: supplyLevelSchema }),
  ),
  ribbon: supplyLevelSchema,
  rejectBin: z.enum(['ok', 'full', 'removed', 'unknown']),
  /** null where the device keeps none. */
  counters: cardCountersSchema.nullable(),
});
export type CardPrinterStatus = z.infer<typeof cardPrinterStatusSchema>;

const side = z.enum(['front', 'back']);

/**
 * Commands complete when the movement they name has ended. Errors and where the card then is:
 * `feederEmpty`, `mediaJammed` (position unknown until cleared), `ribbonOut` (card in the transport, side
 * incomplete), `chipSilent` (card at the station), `noMedia` (nothing in the transport, nothing moved),
 * `mediaPresent` (feeding refused because a card is inside; nothing moved), `binFull` (card stays where it
 * was).
 *
 * A printer that takes a card through in one job, as a spooler's do, has no `cardPosition`: its `feedBlank`
 * and `printSide` only make sure of what is to come, and the whole movement is in `presentCard`, after the
 * holder was checked. Another `feedBlank` takes the place of one that was not presented.
 *
 * A code is believed where a count or an empty transport bears it out. A printer with neither `counters` nor
 * `cardPosition` answers `notReady`, with the code as its reason, for what it finds before anything moved
 * (`feederEmpty`, `mediaPresent`): of that no sense is needed.
 */
export const cardPrinterCommands = {
  getStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: cardPrinterStatusSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  getCapabilities: command({
    effect: 'none',
    params: z.strictObject({}),
    result: cardPrinterCapabilitiesSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  /**
   * Takes one blank from the named feeder to the station and tells what was read on it. A blank that is
   * not the one asked for is no error of the device: it lies in the transport, and core decides. Null is
   * what was not read: both without `serialReader`, and with it whatever could not be made out.
   */
  feedBlank: command({
    effect: 'movesMedia',
    params: z.strictObject({ feeder: z.string(), blankKind: z.string() }),
    result: z.strictObject({ serial: z.string().nullable(), blankKind: z.string().nullable() }),
    errorCodes: ['feederEmpty', 'mediaJammed', 'mediaPresent'],
    timeoutMs: 20_000,
  }),
  /** One ISO 7816-4 command to the chip at the contactless station; bytes in hexadecimal. */
  transmitToChip: command({
    effect: 'none',
    params: z.strictObject({ apduHex: z.string().regex(/^([0-9a-f]{2}){4,}$/) }),
    result: z.strictObject({ responseHex: z.string() }),
    errorCodes: ['noMedia', 'chipSilent'],
    timeoutMs: 10_000,
  }),
  /** Prints one side from RGB rows, 1012 × 638 dots, top left first, in base64. */
  printSide: command({
    effect: 'movesMedia',
    params: z.strictObject({
      side,
      widthDots: z.literal(1012),
      heightDots: z.literal(638),
      rgbBase64: z.base64(),
    }),
    result: z.strictObject({}),
    errorCodes: ['noMedia', 'mediaJammed', 'ribbonOut'],
    timeoutMs: 60_000,
  }),
  /** Moves the card to the exit, within the citizen's reach; from here on it may be taken at any moment. */
  presentCard: command({
    effect: 'movesMedia',
    params: z.strictObject({}),
    result: z.strictObject({ media: mediaPositionSchema }),
    errorCodes: ['noMedia', 'mediaJammed'],
    /** A whole job of a printer that feeds, prints and presents in one. */
    timeoutMs: 90_000,
  }),
  /** Draws a card that lies at the exit back into the bin. */
  retractCard: command({
    effect: 'movesMedia',
    params: z.strictObject({}),
    result: z.strictObject({ counters: cardCountersSchema.nullable() }),
    errorCodes: ['noMedia', 'mediaJammed', 'binFull'],
    timeoutMs: 20_000,
  }),
  /** Drops the card in the transport into the reject bin. */
  rejectCard: command({
    effect: 'movesMedia',
    params: z.strictObject({}),
    result: z.strictObject({ counters: cardCountersSchema.nullable() }),
    errorCodes: ['noMedia', 'mediaJammed', 'binFull'],
    timeoutMs: 20_000,
  }),
  /** XFS4IoT GetPresentStatus: asked after every restart. */
  lastPresentStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: z.strictObject({ presented: z.enum(['presented', 'notPresented', 'unknown']) }),
    errorCodes: [],
    timeoutMs: 5_000,
  }),
} as const;

export const cardPrinterEvents = {
  mediaPresented: z.strictObject({}),
  mediaTaken: z.strictObject({}),
} as const;
