import * as z from 'zod';
import { attemptStateSchema, evidenceSchema, outcomeSchema } from '../domain/attempt.ts';
import { documentKindSchema } from '../domain/document.ts';
import { roleSchema } from '../domain/role.ts';
import { staffRefusalSchema, staffRefusedSchema } from './staff.ts';

/** The HTTP contract between core's console server and the pages of technicians and registry staff. */

export const signedInSchema = z.strictObject({ name: z.string(), roles: z.array(roleSchema) });

/** `needsSetup`: there is no account yet; the one-time secret of the data folder makes the first. */
export const consoleSessionSchema = z.strictObject({
  terminalId: z.string(),
  signedIn: signedInSchema.nullable(),
  needsSetup: z.boolean(),
});
export type ConsoleSession = z.infer<typeof consoleSessionSchema>;

export const signInSchema = z.strictObject({
  name: z.string().max(60),
  password: z.string().max(200),
  /** Which page asks; the record keeps it. */
  channel: z.enum(['technicianPage', 'staffPage']).default('staffPage'),
});
export const setupSchema = z.strictObject({
  secret: z.string().max(100),
  name: z.string().max(60),
  password: z.string().max(200),
});

/** Why something was refused; each word has a sentence on the page. */
export const consoleRefusalSchema = z.strictObject({
  refused: z.enum([
    'signInRefused',
    'mustWait',
    'notSignedIn',
    'alreadySetUp',
    'wrongSecret',
    'notFound',
    'malformed',
    'recordBusy',
    'recordNotRead',
    ...staffRefusedSchema.options,
  ]),
  waitMs: z.number().int().optional(),
  reason: staffRefusalSchema.shape.reason,
  facts: staffRefusalSchema.shape.facts,
});
export type ConsoleRefusal = z.infer<typeof consoleRefusalSchema>;

export const selfTestSchema = z.strictObject({
  device: z.string(),
  passed: z.boolean(),
  faultCode: z.string().nullable(),
});
export type SelfTest = z.infer<typeof selfTestSchema>;

export const loggedAttemptSchema = z.strictObject({
  attemptId: z.string(),
  sessionId: z.string(),
  requestId: z.string(),
  documentKind: documentKindSchema,
  state: attemptStateSchema,
  outcome: outcomeSchema.nullable(),
  evidence: evidenceSchema.nullable(),
  faultCode: z.string().nullable(),
  blankSerial: z.string().nullable(),
  openedSeq: z.number().int(),
  openedAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type LoggedAttemptView = z.infer<typeof loggedAttemptSchema>;

/** One page, newest first; `beforeSeq` of the next page is the `openedSeq` of the last attempt here. */
export const printLogSchema = z.strictObject({
  attempts: z.array(loggedAttemptSchema),
  more: z.boolean(),
});

export const timelineSchema = z.strictObject({
  attempt: loggedAttemptSchema,
  rows: z.array(
    z.strictObject({
      seq: z.number().int(),
      at: z.number().int(),
      kind: z.string(),
      /** The event's own data, which by its catalogue holds nothing personal. */
      data: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type Timeline = z.infer<typeof timelineSchema>;

/** Why the record was not, or not wholly, held against what the registry keeps. */
export const unanchoredReasonSchema = z.enum([
  'nothingKept',
  'unreachable',
  'noAnswer',
  'nonsense',
]);

/** Rows `from` to `through` are lost, and a person took note of it in row `notedIn`. */
export const lostRowsSchema = z.strictObject({
  from: z.number().int(),
  through: z.number().int(),
  notedIn: z.number().int(),
});

/**
 * `unanchored`: it holds, but was not held against all that the registry keeps of it. `incomplete`: what is
 * there holds, and rows of before are lost.
 */
export const verdictSchema = z.strictObject({
  verdict: z.enum(['valid', 'unanchored', 'incomplete', 'broken']),
  rows: z.number().int(),
  checkpoints: z.number().int(),
  signedThrough: z.number().int(),
  /** The newest row under a head kept by the registry that fits. */
  anchoredThrough: z.number().int().nullable(),
  /** The heads that were held against the record; null: none. */
  keptHeads: z
    .strictObject({
      count: z.number().int(),
      /** When the oldest was signed. */
      since: z.number().int(),
      newest: z.strictObject({ size: z.number().int(), head: z.string(), at: z.number().int() }),
    })
    .nullable(),
  unanchoredBecause: unanchoredReasonSchema.nullable(),
  lost: z.array(lostRowsSchema),
  brokenAt: z.number().int().nullable(),
  reason: z.string().nullable(),
});
export type Verdict = z.infer<typeof verdictSchema>;
