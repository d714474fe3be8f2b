import type { JournalEvent } from '../../journal/catalogue.ts';
import type { StockIncident } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import { incidentFound, openIncidents } from './incidents.ts';

type Forgotten = Omit<Extract<StockIncident, { what: 'registryForgot' }>, 'what'>;

/**
 * What the record is to say of a registry that does not know what it had acknowledged. It may have been put
 * back to an older state, in which cards that are out are still to be printed, here and for other requests.
 * Nothing where an open incident says the same already.
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
  return told ? [] : [incidentFound({ what: 'registryForgot', of, requestId }, attemptId)];
}

/** True until people have compared registry and record: what it asks for may be out already. */
export const registryIsDoubted = (sql: SqlReader): boolean =>
  openIncidents(sql).some(({ incident }) => incident.what === 'registryForgot');
