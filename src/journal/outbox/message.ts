import * as z from 'zod';
import { outcomeCorrectionSchema, outcomeReportSchema } from '../../domain/attempt.ts';
import { referenceSchema } from '../../domain/reference.ts';
import { correctionSchema, feedbackSchema } from '../../registry/ports.ts';

const attemptId = referenceSchema;

/** What the registry is owed. A message waits, over restarts, until the registry answered it. */
export const outboxMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('outcomeReport'), report: outcomeReportSchema }),
  z.strictObject({
    kind: z.literal('outcomeCorrection'),
    correction: outcomeCorrectionSchema,
  }),
  z.strictObject({ kind: z.literal('release'), attemptId }),
  z.strictObject({ kind: z.literal('hold'), attemptId }),
  z.strictObject({ kind: z.literal('correction'), correction: correctionSchema }),
  z.strictObject({ kind: z.literal('feedback'), feedback: feedbackSchema }),
]);
export type OutboxMessage = z.infer<typeof outboxMessageSchema>;

/** A message with the key under which it is sent, the same at every try. */
export interface OutboxItem {
  readonly id: number;
  readonly idempotencyKey: string;
  readonly message: OutboxMessage;
  readonly tries: number;
}

/** Messages of one lane are delivered in order; lanes do not wait for each other. */
export function laneOf(message: OutboxMessage): string {
  switch (message.kind) {
    case 'outcomeReport':
      return message.report.attemptId;
    case 'outcomeCorrection':
      return message.correction.attemptId;
    case 'release':
    case 'hold':
      return message.attemptId;
    case 'correction':
      return message.correction.sessionId;
    case 'feedback':
      return message.feedback.sessionId;
  }
}
