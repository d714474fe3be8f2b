import * as z from 'zod';
import { resolutionSchema } from './attempt.ts';
import { blankKindSchema } from './document.ts';
import { code, ownId, stockNumber } from './words.ts';

/**
 * What people found when they looked into a difference of the ledger. `binHolds…` and `expectedMissing` answer a blank that a
 * feeder gave and nobody expected: whether the card in the reject bin is the one that was expected after
 * all, the one whose serial was read, or none of ours; and then whether the expected one was seen in its
 * feeder, or is missing. The last is of a test card that never left its feeder.
 */
export const incidentFindingSchema = z.enum([
  'corrected',
  'recountAgreed',
  'explained',
  'binHoldsExpected',
  'binHoldsRead',
  'binHoldsForeign',
  'expectedMissing',
  'feederHoldsExpected',
]);
export type IncidentFinding = z.infer<typeof incidentFindingSchema>;

/** Where blanks and old cards can be counted by hand. */
export const countedPlaceSchema = z.discriminatedUnion('in', [
  z.strictObject({ in: z.literal('feeder'), feeder: code }),
  z.strictObject({ in: z.literal('rejectBin') }),
  z.strictObject({ in: z.literal('captureBin') }),
]);
export type CountedPlace = z.infer<typeof countedPlaceSchema>;

const range = {
  feeder: code,
  blankKind: blankKindSchema,
  batch: stockNumber,
  firstSerial: stockNumber.describe('ends in digits; the others of the range count up from it'),
  count: z.number().int().min(1).max(2_000),
} as const;

/**
 * What staff may do to controlled stock and to what became of it. All of it takes two people, but for
 * paper, for a count by hand, which changes nothing, and for an officer who vouches for the holder of a card. It stands in the record as it was proposed, so it holds no free text.
 */
export const graveActSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('resolveCard'),
    attemptId: ownId,
    choice: resolutionSchema.describe('what became of the card, as people saw it'),
  }),
  z.strictObject({
    action: z.literal('resolvePaper'),
    attemptId: ownId,
    choice: resolutionSchema,
  }),
  z.strictObject({
    action: z.literal('waiveHolderCheck'),
    attemptId: ownId.describe('the card that waits inside for its holder'),
  }),
  z.strictObject({
    action: z.literal('closeIncident'),
    incidentId: ownId,
    finding: incidentFindingSchema,
  }),
  z.strictObject({ action: z.literal('loadStock'), ...range }),
  z.strictObject({ action: z.literal('unloadStock'), ...range }),
  z.strictObject({
    action: z.literal('correctStock'),
    incidentId: ownId.describe('the count that differed'),
    missing: z.array(stockNumber).max(200),
    found: z
      .array(z.strictObject({ serial: stockNumber, kind: blankKindSchema, batch: stockNumber }))
      .max(200),
  }),
  z.strictObject({
    action: z.literal('countStock'),
    place: countedPlaceSchema,
    counted: z.number().int().min(0).max(10_000),
  }),
  z.strictObject({
    action: z.literal('emptyBin'),
    bin: z.enum(['rejectBin', 'captureBin']),
    counted: z.number().int().min(0).max(10_000).describe('what was taken out'),
  }),
  z.strictObject({
    action: z.literal('printTestCard'),
    feeder: code.describe('the next blank of it becomes the test card'),
  }),
]);
export type GraveAct = z.infer<typeof graveActSchema>;
export type GraveAction = GraveAct['action'];
export type GraveActOf<A extends GraveAction> = Extract<GraveAct, { action: A }>;
