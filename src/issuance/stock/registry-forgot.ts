import * as z from 'zod';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { StockIncident } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import { incidentFound, openIncidents } from './incidents.ts';

type Forgotten = Omit<Extract<StockIncident, { what: 'registryForgot' }>, 'what'>;

/**
 * What the record is to say of a registry that does not know what it had acknowledged. It may have been put
 * back to an older state, in which cards that are out are still to be printed, here and for other requests.
 * Nothing where an open incident says the same already, nor where people compared both and closed what was
 * said of the same attempt: a citizen who tries again tells nothing new.
 */
export function registryForgot(
  sql: SqlReader,
  { of, requestId }: Forgotten,
  attemptId: string | null = null,
): readonly JournalEvent[] {
  const told = openIncidents(sql).some(
    ({ incident }) =>
      incident.what === 'registryForgot' && incident.of === of && incident.requestId === requestId,
  );
  return told || wasExplained(sql, of, attemptId)
    ? []
    : [incidentFound({ what: 'registryForgot', of, requestId }, attemptId)];
}

const wasExplained = (sql: SqlReader, of: Forgotten['of'], attemptId: string | null): boolean =>
  attemptId !== null &&
  sql.get(
    z.unknown(),
    `SELECT 1 FROM stock_incidents INDEXED BY stock_incidents_by_attempt
     WHERE attempt_id = ? AND what = 'registryForgot' AND closed_seq IS NOT NULL
       AND json_extract(incident_json, '$.of') = ?`,
    attemptId,
    of,
  ) !== undefined;

/** True until people have compared registry and record: what it asks for may be out already. */
export const registryIsDoubted = (sql: SqlReader): boolean =>
  openIncidents(sql).some(({ incident }) => incident.what === 'registryForgot');
