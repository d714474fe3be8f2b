import * as z from 'zod';
import type { SqlReader } from '../../store/sql.ts';
import type { StateMismatch } from '../projections/state-check.ts';

/** A report that waits to be sent. */
const REPORT_WAITS = `EXISTS (
    SELECT 1 FROM outbox WHERE idempotency_key = 'outcomeReport:' || attempt_id AND state = 'waiting'
  )`;
/** The record says that the registry answered it. */
const REPORT_ANSWERED = `EXISTS (
    SELECT 1 FROM rows WHERE late_attempt_id = attempts.attempt_id
      AND kind IN ('registry.outcomeReported', 'registry.outcomeDisputed')
  )`;
/** The request of a card that may be out is frozen, or will be; what was delivered keeps its key. */
const HELD = `EXISTS (SELECT 1 FROM outbox WHERE idempotency_key = 'hold:' || attempt_id)`;

const CONFIRMING = `SELECT attempt_id FROM attempts INDEXED BY attempts_confirming
  WHERE state = 'confirming' AND NOT ${REPORT_WAITS}
  ORDER BY opened_seq LIMIT 1`;
// All states of the index, so that it serves, and the two of them that owe something.
const WITH_PEOPLE = `SELECT attempt_id FROM attempts INDEXED BY attempts_for_people
  WHERE state IN ('unresolved', 'needsReview', 'heldBack', 'resolvedUnknown')
    AND state IN ('unresolved', 'heldBack')
    AND NOT ((${REPORT_WAITS} OR ${REPORT_ANSWERED}) AND (document_kind = 'kk' OR ${HELD}))
  ORDER BY opened_seq LIMIT 1`;

const attempt = z.strictObject({ attempt_id: z.string() });

/**
 * Says of which attempt the registry would never be told: one that waits for an answer while no report waits to
 * be sent, or one that people have not decided and of which neither report nor hold is owed or was answered.
 */
export function checkOwedReports(sql: SqlReader): StateMismatch | null {
  const unsent = sql.get(attempt, CONFIRMING) ?? sql.get(attempt, WITH_PEOPLE);
  return unsent === undefined ? null : { table: 'outbox', key: unsent.attempt_id };
}
