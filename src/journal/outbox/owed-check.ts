import * as z from 'zod';
import type { SqlReader } from '../../store/sql.ts';
import type { StateMismatch } from '../projections/state-check.ts';

/**
 * Says of which attempt that waits for the registry's answer no report waits to be sent: it would wait for
 * ever, and nobody would be told.
 */
export function checkOwedReports(sql: SqlReader): StateMismatch | null {
  const unsent = sql.get(
    z.strictObject({ attempt_id: z.string() }),
    `SELECT attempt_id FROM attempts INDEXED BY attempts_confirming
     WHERE state = 'confirming' AND NOT EXISTS (
       SELECT 1 FROM outbox
       WHERE idempotency_key = 'outcomeReport:' || attempt_id AND state = 'waiting'
     ) ORDER BY opened_seq LIMIT 1`,
  );
  return unsent === undefined ? null : { table: 'outbox', key: unsent.attempt_id };
}
