import * as z from 'zod';
import { cardCountersSchema } from '../../drivers/contract/card-printer.ts';
import type { Json } from '../base/canonical-json.ts';
import { attemptStateSchema, evidenceSchema, outcomeSchema } from '../domain/attempt.ts';
import { attemptProblemSchema } from '../domain/attempt-problem.ts';
import { blankSchema, documentKindSchema } from '../domain/document.ts';
import { oldCardSchema } from '../domain/request.ts';
import { blankStateSchema } from '../journal/events/stock.ts';

/** What people and later attempts may still ask of an attempt that is settled. */
const lasting = {
  oldCardFate: z.enum(['notConcerned', 'kept', 'held', 'captured', 'uncertain']),
  /** Blank at hand and its place as last committed; null while none is chosen. */
  blank: z
    .strictObject({ ...blankSchema.shape, place: blankStateSchema })
    .nullable()
    .default(null),
  /**
   * Device counters before the movement that was announced last, or before the card was presented; kept until
   * a later attempt knows newer ones.
   */
  countersBefore: cardCountersSchema.nullable().default(null),
} as const;

/** What an attempt needs beside that while it runs, and after a restart to go on. */
const underWay = {
  oldCard: oldCardSchema.default('none'),
  feeder: z.string().nullable().default(null),
  pages: z.number().int().positive().nullable().default(null),
  capturedBefore: z.number().int().nullable().default(null),
  leaseExpiresAt: z.number().int().nullable().default(null),
  evidence: evidenceSchema.default('none'),
  /** Outcome that the states passed so far lead to. */
  comesTo: outcomeSchema.nullable().default(null),
  /** A device's or the registry's word for what went wrong; the first one stays. */
  faultCode: z.string().nullable().default(null),
  problem: attemptProblemSchema.nullable().default(null),
} as const;

const storedSchema = z.strictObject({ ...lasting, ...underWay });

/** An attempt as issuance knows it. It holds no personal data. */
export type AttemptDetail = Readonly<z.infer<typeof storedSchema>> & {
  readonly attemptId: string;
  readonly sessionId: string;
  readonly requestId: string;
  readonly documentKind: z.infer<typeof documentKindSchema>;
  readonly state: z.infer<typeof attemptStateSchema>;
  readonly settled: boolean;
};

/**
 * What lies beside the record, in the same transaction. What the columns of the attempt say, which follow
 * from the events, is not kept twice; nor, once it is settled, what only the way there needed.
 */
export function storedOf(detail: AttemptDetail): Json {
  const names = Object.keys(detail.settled ? lasting : storedSchema.shape);
  return Object.fromEntries(
    Object.entries(detail).filter(([name, value]) => names.includes(name) && value !== null),
  );
}

export const DETAIL_COLUMNS = `attempt_id, session_id, request_id, document_kind, state, outcome,
  evidence, fault_code, detail_json`;

export const detailRow = z.strictObject({
  attempt_id: z.string(),
  session_id: z.string(),
  request_id: z.string(),
  document_kind: documentKindSchema,
  state: attemptStateSchema,
  outcome: outcomeSchema.nullable(),
  evidence: evidenceSchema.nullable(),
  fault_code: z.string().nullable(),
  detail_json: z.string(),
});

/** State and settlement are what the events say, whoever appended them; the rest is ours alone. */
export function detailOf(row: z.infer<typeof detailRow>): AttemptDetail {
  const stored = storedSchema.parse(JSON.parse(row.detail_json));
  const settled = row.outcome !== null;
  return {
    ...stored,
    attemptId: row.attempt_id,
    sessionId: row.session_id,
    requestId: row.request_id,
    documentKind: row.document_kind,
    state: row.state,
    settled,
    ...(settled
      ? { comesTo: row.outcome, evidence: row.evidence ?? 'none', faultCode: row.fault_code }
      : {}),
  };
}
