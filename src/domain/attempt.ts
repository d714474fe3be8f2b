import * as z from 'zod';

/**
 * States of a print attempt. Each is entered by a committed journal event; those ending in `Intent` or
 * `ing` are committed before the act they announce, so that after a crash the record says what may
 * have happened. `unresolved` is the state behind the outcome `uncertain`; `heldBack` is a card printed well
 * that lies in the reject bin because nobody proved whose it is; those beginning in `resolved` are what
 * people decided of either.
 */
export const attemptStateSchema = z.enum([
  'claiming',
  'claimed',
  'releasing',
  'released',
  'composed',
  'feedIntent',
  'blankLoaded',
  'encodeIntent',
  'encoded',
  'printIntent',
  'printed',
  'verified',
  'holderCheck',
  'captureIntent',
  'captured',
  'ejectIntent',
  'presented',
  'taken',
  'retracting',
  'retracted',
  'voiding',
  'void',
  'holdingBack',
  'heldBack',
  'confirming',
  'confirmed',
  'unresolved',
  'needsReview',
  'resolvedVoid',
  'resolvedRetracted',
  'resolvedDelivered',
  'resolvedNotFed',
  'resolvedUnknown',
  'resolvedAsRecorded',
]);
export type AttemptState = z.infer<typeof attemptStateSchema>;

/**
 * What became of an attempt: `delivered`; `notPrinted`, proved that no stock moved; `spoiled`, in the
 * reject bin, as a card held back is until people decided; `retracted`, not collected and in the bin;
 * `uncertain`, nobody proved anything.
 */
export const outcomeSchema = z.enum([
  'delivered',
  'notPrinted',
  'spoiled',
  'retracted',
  'uncertain',
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/**
 * What people who looked say of an attempt that no device could prove. `foundInBin` covers a card taken
 * out of the path and put into the bin; `cannotBeKnown` leaves it uncertain and says that all was looked
 * at; `recordStands` is for a registry that disagrees with a record that is right. Of a card that was held
 * back: `handedOver` at the desk to its holder, or `destroyed` and left to the bin's Berita Acara.
 */
export const resolutionSchema = z.enum([
  'foundInBin',
  'foundRetracted',
  'citizenHolds',
  'neverFed',
  'cannotBeKnown',
  'recordStands',
  'handedOver',
  'destroyed',
]);
export type Resolution = z.infer<typeof resolutionSchema>;

/** Weakest first for machines and staff; `citizenSaid` stands for paper alone. */
export const evidenceSchema = z.enum([
  'none',
  'hostAccepted',
  'deviceReported',
  'citizenSaid',
  'sensorSaw',
  'staffSaw',
]);
export type Evidence = z.infer<typeof evidenceSchema>;

/** What the registry is told of an attempt; the same for every re-send. */
export const outcomeReportSchema = z.strictObject({
  attemptId: z.string(),
  requestId: z.string(),
  terminalId: z.string(),
  outcome: outcomeSchema,
  evidence: evidenceSchema,
  /** One plain code such as `mediaJammed`, or null when all went well. */
  faultCode: z.string().nullable(),
  blankSerial: z.string().nullable(),
  blankBatch: z.string().nullable(),
  /** The old card of this request lies in this terminal's capture bin, in whichever attempt it fell. */
  capturedOldCard: z.boolean(),
  /** Milliseconds since the Unix epoch, as the terminal's wall clock said. */
  settledAt: z.number().int(),
});
export type OutcomeReport = z.infer<typeof outcomeReportSchema>;

/**
 * What people at the terminal decided of an attempt that was reported uncertain, that the registry disputes,
 * or whose card was held back.
 */
export const outcomeCorrectionSchema = z.strictObject({
  /** The same for every re-send; another one is another decision. */
  decisionId: z.string(),
  attemptId: z.string(),
  requestId: z.string(),
  terminalId: z.string(),
  outcome: outcomeSchema.exclude(['uncertain']),
  blankSerial: z.string().nullable(),
  blankBatch: z.string().nullable(),
  /** Their accounts at the terminal: two for a card. */
  decidedBy: z.array(z.string()).min(1).max(2),
  /** Milliseconds since the Unix epoch, as the terminal's wall clock said. */
  decidedAt: z.number().int(),
});
export type OutcomeCorrection = z.infer<typeof outcomeCorrectionSchema>;

/** How a registry disputes what the terminal says: it has another story, or denies having reserved at all. */
export const outcomeDisputeSchema = z.enum(['conflict', 'unknownReservation']);
export type OutcomeDispute = z.infer<typeof outcomeDisputeSchema>;
