import type { JournalEvent } from '../../journal/catalogue.ts';
import type { SqlReader } from '../../store/sql.ts';
import { fedTogether, type Scene } from '../judge/judge-card.ts';
import { incidentFound, openIncidents } from './incidents.ts';

/**
 * What the record is to say where a feeder gave more blanks at one command than the one that was asked for.
 * The ledger knows where one of them is; nobody read the others, so that every later serial would be taken
 * for one before it. Nothing where it gave one, or an open incident of that feeder says the same already.
 */
export function doubleFeed(
  sql: SqlReader,
  feeder: string,
  scene: Pick<Scene, 'before' | 'sight'>,
  attemptId: string | null,
): readonly JournalEvent[] {
  const fed = fedTogether(scene);
  if (fed === null) return [];
  const told = openIncidents(sql).some(
    ({ incident }) => incident.what === 'doubleFed' && incident.feeder === feeder,
  );
  return told ? [] : [incidentFound({ what: 'doubleFed', feeder, fed }, attemptId)];
}
