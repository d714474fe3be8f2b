import * as z from 'zod';
import type { SqlReader } from '../../store/sql.ts';

const dueRow = z.strictObject({
  case_id: z.string(),
  waits: z.union([z.literal(0), z.literal(1)]),
});

/**
 * Cases whose personal fields have outlived their time: sealed before `beforeMs` (wall clock), and no
 * attempt for them changed since. `kept` are past their time as well, but an attempt of theirs is not
 * settled or waits for people, who may have to know whom to look for.
 */
export function dueCases(
  sql: SqlReader,
  beforeMs: number,
): { readonly due: readonly string[]; readonly kept: number } {
  const query = `SELECT vault.case_id,
      max(attempt_id IS NOT NULL
        AND (outcome IS NULL OR state IN ('unresolved', 'needsReview', 'heldBack'))) AS waits
    FROM vault LEFT JOIN attempts USING (session_id, request_id)
    WHERE sealed_at_ms < ?
    GROUP BY vault.case_id
    HAVING coalesce(max(updated_at_ms), 0) < ?
    ORDER BY sealed_at_ms`;
  const rows = sql
    .all(dueRow, query, beforeMs, beforeMs)
    .map(({ case_id, waits }) => ({ caseId: case_id, waits: waits === 1 }));
  return {
    due: rows.filter(({ waits }) => !waits).map(({ caseId }) => caseId),
    kept: rows.filter(({ waits }) => waits).length,
  };
}
