import * as z from 'zod';
import { attemptStateSchema, evidenceSchema, outcomeSchema } from '../domain/attempt.ts';
import { documentKindSchema } from '../domain/document.ts';
import type { SqlReader } from '../store/sql.ts';
import { parseRow } from './chain/row-body.ts';
import type { JournalRow } from './journal.ts';

const attemptSchema = z
  .strictObject({
    attempt_id: z.string(),
    session_id: z.string(),
    request_id: z.string(),
    document_kind: documentKindSchema,
    state: attemptStateSchema,
    outcome: outcomeSchema.nullable(),
    evidence: evidenceSchema.nullable(),
    fault_code: z.string().nullable(),
    blank_serial: z.string().nullable(),
    opened_seq: z.number().int(),
    opened_at_ms: z.number().int(),
    updated_at_ms: z.number().int(),
  })
  .transform((row) => ({
    attemptId: row.attempt_id,
    sessionId: row.session_id,
    requestId: row.request_id,
    documentKind: row.document_kind,
    state: row.state,
    /** null until the attempt is settled. */
    outcome: row.outcome,
    evidence: row.evidence,
    faultCode: row.fault_code,
    blankSerial: row.blank_serial,
    /** Where the attempt begins in the journal; pages of the log are cut by it. */
    openedSeq: row.opened_seq,
    openedAt: row.opened_at_ms,
    updatedAt: row.updated_at_ms,
  }));
export type LoggedAttempt = Readonly<z.infer<typeof attemptSchema>>;

const COLUMNS = `attempt_id, session_id, request_id, document_kind, state, outcome, evidence,
  fault_code, blank_serial, opened_seq, opened_at_ms, updated_at_ms`;

/** Attempts, newest first, at most `limit`; `beforeSeq` is the `openedSeq` of the last one already shown. */
export function listAttempts(
  sql: SqlReader,
  page: { readonly beforeSeq?: number; readonly limit: number },
): LoggedAttempt[] {
  const query = `SELECT ${COLUMNS} FROM attempts WHERE opened_seq < ?
    ORDER BY opened_seq DESC LIMIT ?`;
  return sql.all(attemptSchema, query, page.beforeSeq ?? Number.MAX_SAFE_INTEGER, page.limit);
}

export function findAttempt(sql: SqlReader, attemptId: string): LoggedAttempt | null {
  const query = `SELECT ${COLUMNS} FROM attempts WHERE attempt_id = ?`;
  return sql.get(attemptSchema, query, attemptId) ?? null;
}

const span = z.strictObject({
  opened_seq: z.number().int(),
  settled_seq: z.number().int().nullable(),
});
const seqAndBody = z.strictObject({ seq: z.number().int(), body: z.string() });

/**
 * Every row that names the attempt, in order. They lie between its opening and its settlement, but for
 * those that may come at any time later, of which there is an index.
 */
export function attemptTimeline(sql: SqlReader, attemptId: string): JournalRow[] {
  const attempt = 'SELECT opened_seq, settled_seq FROM attempts WHERE attempt_id = ?';
  const found = sql.get(span, attempt, attemptId);
  const query = `SELECT seq, body FROM rows WHERE seq BETWEEN ? AND ? AND attempt_id = ?
    UNION SELECT seq, body FROM rows WHERE late_attempt_id = ? ORDER BY seq`;
  const [from, to] = [found?.opened_seq ?? 1, found?.settled_seq ?? Number.MAX_SAFE_INTEGER];
  return sql
    .all(seqAndBody, query, from, found === undefined ? 0 : to, attemptId, attemptId)
    .map(({ seq, body }) => parseRow(seq, body));
}
