import * as z from 'zod';
import { cardCountersSchema } from '../../../drivers/contract/card-printer.ts';
import { mediaPositionSchema } from '../../../drivers/contract/words.ts';
import { evidenceSchema } from '../../domain/attempt.ts';
import { blankKindSchema } from '../../domain/document.ts';
import { event } from './define.ts';
import { blankInEvent, code, ownId, stockNumber } from './words.ts';

/** What became of a test card. `spoiled`: it lies in the reject bin, and is not the card that was ordered. */
export const testCardEndSchema = z.enum(['printed', 'notPrinted', 'spoiled', 'unresolved']);
export type TestCardEnd = z.infer<typeof testCardEndSchema>;

export const testCardCommandSchema = z.enum(['feedBlank', 'printSide', 'rejectCard']);

const which = { testCardId: ownId } as const;

export const testCardEvents = [
  event('testCard.ordered', 'Two people ordered a test card. Nothing has moved yet.', {
    ...which,
    feeder: code,
    blankKind: blankKindSchema,
    by: z.tuple([ownId, ownId]),
  }),
  event(
    'testCard.commanded',
    'A command that moves a test card is to be given. Committed before it is.',
    {
      ...which,
      device: code,
      command: testCardCommandSchema,
      blank: blankInEvent.nullable().describe('null: what was fed is no blank of the ledger'),
      printed: z.boolean().describe('whether the sheet was printed on it before'),
      faultCode: code.nullable().describe('what went wrong before'),
      counters: cardCountersSchema.nullable().describe('before the command'),
    },
  ),
  event('testCard.answered', 'A command of a test card ended, or core stopped waiting.', {
    ...which,
    device: code,
    command: testCardCommandSchema,
    end: code,
    errorCode: code.optional(),
    readSerial: stockNumber.nullable().optional().describe('what was read on the blank'),
    media: mediaPositionSchema.nullable().describe('where the card then was seen; null: no answer'),
    counters: cardCountersSchema.nullable(),
  }),
  event('testCard.settled', 'What became of a test card, and what that stands on.', {
    ...which,
    end: testCardEndSchema,
    evidence: evidenceSchema,
    faultCode: code.nullable(),
    blank: blankInEvent.nullable().describe('null: none moved, or it is none of the ledger'),
  }),
] as const;
