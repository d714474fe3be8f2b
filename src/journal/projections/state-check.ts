import * as z from 'zod';
import { openInMemory, migrationsOf } from '../../store/open-database.ts';
import type { SqlReader } from '../../store/sql.ts';
import { parseRow } from '../chain/row-body.ts';
import { attemptTimeline } from '../print-log.ts';
import { project, projectedKinds } from './project.ts';

export interface StateMismatch {
  readonly table: string;
  readonly key: string;
}

/** Derived tables with their keys; `detail_json` is the one column that events do not decide. */
const derivedTables = [
  {
    table: 'attempts',
    key: 'attempt_id',
    columns: `attempt_id, session_id, request_id, document_kind, state, outcome, evidence, fault_code,
      blank_serial, opened_seq, opened_at_ms, settled_seq, updated_seq, updated_at_ms`,
  },
  { table: 'blanks', key: 'serial', columns: '*' },
  { table: 'old_cards', key: 'captured_seq', columns: '*' },
  { table: 'stock_incidents', key: 'incident_id', columns: '*' },
] as const;

const seqAndBody = z.strictObject({ seq: z.number().int(), body: z.string() });
const anyRow = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

/** Folds every event into empty tables and says where the stored ones first differ; null: they are equal. */
export function checkStates(sql: SqlReader): StateMismatch | null {
  const folded = openInMemory(migrationsOf('journal'));
  const kinds = projectedKinds.map((kind) => `'${kind}'`).join(', ');
  const rows = sql.iterate(
    seqAndBody,
    `SELECT seq, body FROM rows WHERE kind IN (${kinds}) ORDER BY seq`,
  );
  folded.transaction(() => {
    for (const { seq, body } of rows) {
      const row = parseRow(seq, body);
      project(folded, row, row.event);
    }
  });
  for (const { table, key, columns } of derivedTables) {
    const query = `SELECT ${columns} FROM ${table} ORDER BY ${key}`;
    const expected = folded.iterate(anyRow, query);
    for (const stored of sql.iterate(anyRow, query)) {
      const wanted = expected.next();
      if (wanted.done === true || !sameRow(stored, wanted.value)) {
        return { table, key: String(stored[key]) };
      }
    }
    const missing = expected.next();
    if (missing.done !== true) return { table, key: String(missing.value[key]) };
  }
  return null;
}

const sameRow = (a: z.infer<typeof anyRow>, b: z.infer<typeof anyRow>): boolean =>
  Object.keys(a).every((column) => a[column] === b[column]);

/**
 * The same for the attempts alone that people and recovery will act on: those not settled, those that the
 * registry disputed, and those changed since row `sinceSeq`. Its time does not grow with the age of the journal.
 */
export function checkRecentAttempts(sql: SqlReader, sinceSeq: number): StateMismatch | null {
  const attempts = sql.all(
    z.strictObject({ attempt_id: z.string().nullable() }),
    `SELECT attempt_id FROM attempts WHERE outcome IS NULL
     UNION SELECT attempt_id FROM rows INDEXED BY rows_disputed WHERE kind = 'registry.outcomeDisputed'
     UNION SELECT attempt_id FROM rows WHERE seq > ? AND kind IN ('attempt.stateEntered', 'attempt.settled', 'attempt.resolved')
     UNION SELECT attempt_id FROM attempts WHERE updated_seq > ?`,
    sinceSeq,
    sinceSeq,
  );
  const wrong = attempts.find(({ attempt_id }) => !attemptIsAsTold(sql, attempt_id ?? ''));
  return wrong === undefined ? null : { table: 'attempts', key: wrong.attempt_id ?? '' };
}

/** False, too, where an event names an attempt that the table does not have. */
export function attemptIsAsTold(sql: SqlReader, attemptId: string): boolean {
  const stored = sql.get(
    z.strictObject({ state: z.string(), outcome: z.string().nullable() }),
    'SELECT state, outcome FROM attempts WHERE attempt_id = ?',
    attemptId,
  );
  if (stored === undefined) return false;
  const folded = foldAttempt(sql, attemptId);
  return folded.state === stored.state && folded.outcome === stored.outcome;
}

function foldAttempt(sql: SqlReader, attemptId: string) {
  let state: string | null = null;
  let outcome: string | null = null;
  for (const { event } of attemptTimeline(sql, attemptId)) {
    if (event.kind === 'attempt.stateEntered') state = event.to;
    if (event.kind === 'attempt.settled' || event.kind === 'attempt.resolved') {
      outcome = event.outcome;
    }
  }
  return { state, outcome };
}
