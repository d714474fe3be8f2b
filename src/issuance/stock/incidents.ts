import * as z from 'zod';
import { newId } from '../../base/ids.ts';
import type { JournalEventOf } from '../../journal/catalogue.ts';
import {
  incidentFindingSchema,
  stockIncidentSchema,
  type IncidentFinding,
  type StockIncident,
} from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';

export interface RecordedIncident {
  readonly incidentId: string;
  readonly incident: StockIncident;
  readonly attemptId: string | null;
  readonly foundSeq: number;
  /** Milliseconds since the Unix epoch. */
  readonly foundAt: number;
  /** null while it is open. */
  readonly closed: { readonly finding: IncidentFinding; readonly at: number } | null;
}

const incidentRow = z
  .strictObject({
    incident_id: z.string(),
    incident_json: z.string(),
    attempt_id: z.string().nullable(),
    found_seq: z.number().int(),
    found_at_ms: z.number().int(),
    finding: incidentFindingSchema.nullable(),
    closed_at_ms: z.number().int().nullable(),
  })
  .transform((row): RecordedIncident => ({
    incidentId: row.incident_id,
    incident: stockIncidentSchema.parse(JSON.parse(row.incident_json)),
    attemptId: row.attempt_id,
    foundSeq: row.found_seq,
    foundAt: row.found_at_ms,
    closed:
      row.finding === null || row.closed_at_ms === null
        ? null
        : { finding: row.finding, at: row.closed_at_ms },
  }));
const COLUMNS =
  'incident_id, incident_json, attempt_id, found_seq, found_at_ms, finding, closed_at_ms';

/** An incident as the record is to say it; append it in the transaction that found it out. */
export const incidentFound = (
  incident: StockIncident,
  attemptId: string | null = null,
): JournalEventOf<'stock.incidentFound'> => ({
  kind: 'stock.incidentFound',
  incidentId: newId('inc'),
  incident,
  attemptId,
});

/** Incidents that nobody has closed, oldest first. */
export function openIncidents(sql: SqlReader): readonly RecordedIncident[] {
  const query = `SELECT ${COLUMNS} FROM stock_incidents INDEXED BY stock_incidents_open
    WHERE closed_seq IS NULL ORDER BY found_seq`;
  return sql.all(incidentRow, query);
}

/** All incidents, newest first, at most `limit`; `beforeSeq` is the `foundSeq` of the last one shown. */
export function listIncidents(
  sql: SqlReader,
  page: { readonly beforeSeq?: number; readonly limit: number },
): readonly RecordedIncident[] {
  const query = `SELECT ${COLUMNS} FROM stock_incidents WHERE found_seq < ?
    ORDER BY found_seq DESC LIMIT ?`;
  return sql.all(incidentRow, query, page.beforeSeq ?? Number.MAX_SAFE_INTEGER, page.limit);
}

export function findIncident(sql: SqlReader, incidentId: string): RecordedIncident | null {
  const query = `SELECT ${COLUMNS} FROM stock_incidents WHERE incident_id = ?`;
  return sql.get(incidentRow, query, incidentId) ?? null;
}

/**
 * The incident that a ledger out of balance is. null where it balances, and where an open incident says
 * the same already: one fault is told once, not after every card.
 */
export function ledgerIncident(
  sql: SqlReader,
  balance: { readonly loaded: number; readonly difference: number },
): JournalEventOf<'stock.incidentFound'> | null {
  if (balance.difference === 0) return null;
  const { loaded } = balance;
  const accounted = loaded - balance.difference;
  const told = openIncidents(sql).some(
    ({ incident }) =>
      incident.what === 'ledgerDifference' &&
      incident.loaded - incident.accounted === loaded - accounted,
  );
  return told ? null : incidentFound({ what: 'ledgerDifference', loaded, accounted });
}
