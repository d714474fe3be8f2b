import * as z from 'zod';
import { journalHeadSchema } from '../../registry/ports.ts';
import { lostRowsSchema, printLogSchema, timelineSchema } from '../../rpc/console.ts';

const findingsSchema = z.strictObject({
  rows: z.number().int(),
  checkpoints: z.number().int(),
  signedThrough: z.number().int(),
  anchoredThrough: z.number().int().nullable(),
  lost: z.array(lostRowsSchema),
  firstBreak: z.strictObject({ seq: z.number().int(), reason: z.string() }).nullable(),
});
export type Findings = z.infer<typeof findingsSchema>;

/** What core asks of a query process, one question at a time, and what is answered. */
export const questions = {
  attempts: {
    about: z.strictObject({ beforeSeq: z.number().int().nullable(), limit: z.number().int() }),
    answer: printLogSchema,
  },
  timeline: {
    about: z.strictObject({ attemptId: z.string() }),
    answer: timelineSchema.nullable(),
  },
  /** Hands over heads to hold against the record, a page of them at a time. */
  holdHeads: {
    about: z.strictObject({ heads: z.array(journalHeadSchema) }),
    answer: z.strictObject({ held: z.number().int() }),
  },
  verify: { about: z.strictObject({}), answer: findingsSchema },
} as const;
export type QuestionName = keyof typeof questions;
export type About<K extends QuestionName> = z.infer<(typeof questions)[K]['about']>;
export type AnswerTo<K extends QuestionName> = z.infer<(typeof questions)[K]['answer']>;

/** A question as it travels. */
export const questionSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('attempts'), about: questions.attempts.about }),
  z.strictObject({ ask: z.literal('timeline'), about: questions.timeline.about }),
  z.strictObject({ ask: z.literal('holdHeads'), about: questions.holdHeads.about }),
  z.strictObject({ ask: z.literal('verify'), about: questions.verify.about }),
]);
export type Question = z.infer<typeof questionSchema>;
