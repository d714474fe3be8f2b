import * as z from 'zod';
import { cardCountersSchema } from '../../../drivers/contract/card-printer.ts';
import { cardReaderStatusSchema } from '../../../drivers/contract/card-reader.ts';
import { blankKindSchema } from '../../domain/document.ts';
import {
  countedPlaceSchema,
  incidentFindingSchema,
  type CountedPlace,
  type IncidentFinding,
} from '../../domain/grave-act.ts';
import { referenceSchema } from '../../domain/reference.ts';
import { event } from './define.ts';
import { blankInEvent, code, count, ownId, stockNumber } from './words.ts';

/** Where a blank is or what became of it: each has exactly one of these at any moment. */
export const blankStateSchema = z.enum([
  'inFeeder',
  'inTransport',
  'issued',
  'void',
  'retracted',
  'test',
  'returned',
  'unresolved',
]);
export type BlankState = z.infer<typeof blankStateSchema>;

const people = z
  .array(ownId)
  .max(2)
  .describe('the people who did it: two in live mode; none where a simulated cabinet fills itself');

const twoPeople = z
  .tuple([ownId, ownId])
  .refine(([one, other]) => one !== other, 'are two people')
  .describe('the two people who decided it');

export { countedPlaceSchema, type CountedPlace };

/** Why a blank that a feeder gave is not taken for the one that was expected. */
export const strangerCauseSchema = z.enum([
  'blankUnknown',
  'blankSeenBefore',
  'wrongBlankKind',
  'serialUnreadable',
]);
export type StrangerCause = z.infer<typeof strangerCauseSchema>;

/** What is not as the ledger says. An incident changes nothing by itself: people decide and close it. */
export const stockIncidentSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('ledgerDifference'), loaded: count, accounted: count }),
  z.strictObject({
    what: z.literal('countDifference'),
    countId: ownId,
    place: countedPlaceSchema,
    ledger: count,
    counted: count,
    by: ownId.describe('who counted'),
  }),
  z
    .strictObject({
      what: z.literal('strangerFed'),
      feeder: code,
      blankKind: blankKindSchema.describe('of the feeder; not printed on until people decided'),
      expectedSerial: stockNumber,
      readSerial: stockNumber.nullable().describe('null: none was read, or no stock number'),
      cause: strangerCauseSchema,
      foreign: z.boolean().describe('a serial was read that the ledger has in no feeder'),
    })
    .describe('a feeder gave a blank that the ledger does not have in a feeder of that kind'),
  z
    .strictObject({
      what: z.literal('doubleFed'),
      feeder: code,
      fed: count.describe('how many left it at one command, as the printer counts'),
    })
    .describe(
      'a feeder gave more blanks than the one asked for; its kind is not printed on until it was counted',
    ),
  z
    .strictObject({
      what: z.literal('countersWentBack'),
      device: code,
      recorded: cardCountersSchema.describe('the last that the record knows of'),
      found: cardCountersSchema,
    })
    .describe('a printer that counts over power loss counts less than before: it is another one'),
  z
    .strictObject({
      what: z.literal('testCardUnsettled'),
      feeder: code,
      blankKind: blankKindSchema,
      serial: stockNumber.nullable().describe('null: what was fed is no blank of the ledger'),
      faultCode: code,
    })
    .describe('nobody proved where a test card is; no card is printed until people have looked'),
  z
    .strictObject({
      what: z.literal('registryForgot'),
      of: z.enum(['head', 'reservation', 'handOver']),
      requestId: referenceSchema
        .nullable()
        .describe('whose reservation it denies, or whose card it asks for again; null: of a head'),
    })
    .describe(
      'the registry contradicts what it acknowledged, as one does that was put back to an older state; no card is printed until people have compared it with the record',
    ),
]);
export type StockIncident = z.infer<typeof stockIncidentSchema>;

export { incidentFindingSchema, type IncidentFinding };

const range = {
  batch: stockNumber,
  blankKind: blankKindSchema,
  feeder: code,
  firstSerial: stockNumber.describe('ends in digits; the others of the range count up from it'),
  count: z.number().int().min(1).max(2_000),
} as const;

const slotCommand = { sessionId: ownId, commandId: ownId, device: code } as const;
const slotEnd = {
  reason: code,
  card: cardReaderStatusSchema.shape.card.describe('where the reader then saw a card'),
} as const;

export const stockEvents = [
  event('blank.loaded', 'Blanks of one batch were put into a feeder.', { ...range, by: people }),
  event('blank.unloaded', 'Blanks were taken out and returned.', {
    ...range,
    from: z
      .enum(['inFeeder', 'unresolved'])
      .optional()
      .describe('where the ledger had them; absent: in the feeder'),
    by: people,
  }),
  event('blank.moved', 'One blank went from one place or fate to another.', {
    blank: blankInEvent,
    from: blankStateSchema,
    to: blankStateSchema,
    attemptId: ownId.nullable(),
    reason: code.optional(),
    feeder: code.optional().describe('where it lies now, if in another feeder than before'),
    by: ownId.optional().describe('who moved it, where one person did'),
  }),
  event('blank.fedOutOfOrder', 'A feeder gave another blank of its kind than the next one.', {
    attemptId: ownId,
    feeder: code,
    expectedSerial: stockNumber,
    readSerial: stockNumber,
  }),
  event('oldCard.captured', 'A surrendered old card fell into the capture bin.', {
    attemptId: ownId,
    requestId: referenceSchema,
    capturedCount: count.nullable().describe('as the bin counts, where it does'),
  }),
  event(
    'oldCard.acceptCommanded',
    'The slot is to open and draw in the old card. Committed before the command is given.',
    { ...slotCommand, requestId: referenceSchema },
  ),
  event('oldCard.held', 'The slot drew the announced old card in and holds it.', {
    ...slotCommand,
    requestId: referenceSchema,
  }),
  event('oldCard.notAccepted', 'The slot was not opened, or does not hold the announced card.', {
    ...slotCommand,
    commandId: ownId.nullable().describe('null: no command was given'),
    requestId: referenceSchema,
    ...slotEnd,
  }),
  event(
    'oldCard.returnCommanded',
    'The slot is to give the card it holds back. Committed before the command is given.',
    slotCommand,
  ),
  event('oldCard.returned', 'The slot gave the card back into reach.', slotCommand),
  event('oldCard.notReturned', 'Nobody proved that the slot gave the card back.', {
    ...slotCommand,
    ...slotEnd,
  }),
  event(
    'oldCard.foundAtStart',
    'A card stood in the reader when the service started; it is to fall into the capture bin for the desk.',
    { device: code, attemptId: ownId.nullable() },
  ),
  event('oldCard.keptForDesk', 'What became of a card found in the reader at the start.', {
    device: code,
    attemptId: ownId.nullable(),
    captured: z.boolean().describe('false: nobody proved that it is in the bin'),
    capturedCount: count.nullable().describe('as the bin counts, where it does'),
  }),
  event(
    'blank.foundAtCount',
    'A blank that no load brought was found at a count; it is entered as unresolved.',
    { blank: blankInEvent, place: countedPlaceSchema, incidentId: ownId, by: twoPeople },
  ),
  event('stock.counted', 'A person counted by hand what lies in a feeder or a bin.', {
    countId: ownId,
    place: countedPlaceSchema,
    ledger: count.describe('what the ledger said at that moment'),
    counted: count,
    by: ownId,
  }),
  event(
    'stock.incidentFound',
    'The stock is not as the ledger says. Nothing is corrected by it: people decide.',
    { incidentId: ownId, incident: stockIncidentSchema, attemptId: ownId.nullable() },
  ),
  event(
    'stock.corrected',
    'Two people settled a difference found at a count; the blanks it moves follow as events of their own.',
    {
      incidentId: ownId,
      missing: z.array(stockNumber).max(200).describe('in the ledger and not in the place'),
      found: z.array(stockNumber).max(200).describe('in the place and not so in the ledger'),
      by: twoPeople,
    },
  ),
  event('stock.incidentClosed', 'Two people closed an incident.', {
    incidentId: ownId,
    finding: incidentFindingSchema,
    by: twoPeople,
  }),
  event(
    'stock.binEmptied',
    'Two people took everything out of a bin. What fell in before this row is theirs to account for.',
    {
      place: z.enum(['rejectBin', 'captureBin']),
      ledger: count.describe('what the ledger said lay in it'),
      counted: count.optional().describe('what the two counted; absent: they were not asked'),
      by: twoPeople,
    },
  ),
] as const;
