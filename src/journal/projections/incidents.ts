import { assert } from '../../base/assert.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import type { SqlWriter } from '../../store/sql.ts';
import type { JournalEventOf } from '../catalogue.ts';
import type { RowContext } from './row-context.ts';

export function projectIncidentFound(
  sql: SqlWriter,
  { seq, at }: RowContext,
  { incidentId, incident, attemptId }: JournalEventOf<'stock.incidentFound'>,
): void {
  sql.run(
    `INSERT INTO stock_incidents (incident_id, what, incident_json, attempt_id, found_seq, found_at_ms)
     VALUES (?, ?, ?, ?, ?, ?)`,
    incidentId,
    incident.what,
    canonicalJson(incident),
    attemptId,
    seq,
    at,
  );
}

export function projectIncidentClosed(
  sql: SqlWriter,
  { seq, at }: RowContext,
  { incidentId, finding }: JournalEventOf<'stock.incidentClosed'>,
): void {
  const changed = sql.run(
    `UPDATE stock_incidents SET finding = ?, closed_seq = ?, closed_at_ms = ?
     WHERE incident_id = ? AND closed_seq IS NULL`,
    finding,
    seq,
    at,
    incidentId,
  );
  assert(changed === 1, `incident ${incidentId} is not open`);
}
