import { z } from 'zod';
import { blankKindSchema } from '../../domain/document.ts';
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

const range = {
  batch: stockNumber,
  blankKind: blankKindSchema,
  feeder: code,
  firstSerial: stockNumber.describe('ends in digits; the others of the range count up from it'),
  count: z.number().int().min(1).max(2_000),
} as const;

export const stockEvents = [
  event('blank.loaded', 'Blanks of one batch were put into a feeder.', { ...range, by: people }),
  event('blank.unloaded', 'Blanks were taken out of a feeder and returned.', {
    ...range,
    by: people,
  }),
  event('blank.moved', 'One blank went from one place or fate to another.', {
    blank: blankInEvent,
    from: blankStateSchema,
    to: blankStateSchema,
    attemptId: ownId.nullable(),
    reason: code.optional(),
  }),
  event('blank.renamed', 'The serial read from a blank was not in the loaded range.', {
    expectedSerial: stockNumber,
    readSerial: stockNumber,
  }),
  event('oldCard.captured', 'A surrendered old card fell into the capture bin.', {
    attemptId: ownId,
    requestId: referenceSchema,
    capturedCount: count.nullable().describe('as the bin counts, where it does'),
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
  event('stock.differenceFound', 'Blanks loaded and blanks accounted for differ: an incident.', {
    loaded: count,
    accounted: count,
  }),
] as const;
