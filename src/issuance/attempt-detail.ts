import { z } from 'zod';
import { cardCountersSchema } from '../../drivers/contract/card-printer.ts';
import { attemptStateSchema, evidenceSchema, outcomeSchema } from '../domain/attempt.ts';
import { blankSchema, documentKindSchema } from '../domain/document.ts';
import { oldCardSchema } from '../domain/request.ts';
import { blankStateSchema } from '../journal/events/stock.ts';
import { attemptProblemSchema } from '../domain/attempt-problem.ts';

/**
 * What must be known of an attempt to go on after a restart. It lies beside the record, in the same
 * transaction, and holds no personal data.
 */
export const attemptDetailSchema = z.strictObject({
  attemptId: z.string(),
  sessionId: z.string(),
  caseId: z.string(),
  requestId: z.string(),
  documentKind: documentKindSchema,
  state: attemptStateSchema,
  oldCard: oldCardSchema,
  oldCardFate: z.enum(['notConcerned', 'kept', 'held', 'captured', 'uncertain']),
  /** Blank at hand and its place as last committed; null while none is chosen. */
  blank: z.strictObject({ ...blankSchema.shape, place: blankStateSchema }).nullable(),
  feeder: z.string().nullable(),
  pages: z.number().int().positive().nullable(),
  /** Device counters before the movement that was announced last, or before the card was presented. */
  countersBefore: cardCountersSchema.nullable(),
  capturedBefore: z.number().int().nullable(),
  leaseExpiresAt: z.number().int().nullable(),
  evidence: evidenceSchema,
  /** Outcome that the states passed so far lead to. */
  comesTo: outcomeSchema.nullable(),
  /** A device's or the registry's word for what went wrong; the first one stays. */
  faultCode: z.string().nullable(),
  problem: attemptProblemSchema.nullable(),
  settled: z.boolean(),
});
export type AttemptDetail = z.infer<typeof attemptDetailSchema>;
