import type { SqlWriter } from '../../store/sql.ts';
import type { JournalEvent, JournalEventOf } from '../catalogue.ts';
import { projectResolved, projectSettled, projectStateEntered } from './attempts.ts';
import type { RowContext } from './row-context.ts';
import { projectFoundAtCount, projectLoaded, projectMoved, projectUnloaded } from './blanks.ts';
import { projectIncidentClosed, projectIncidentFound } from './incidents.ts';

type Projection<K extends JournalEvent['kind']> = (
  sql: SqlWriter,
  context: RowContext,
  event: JournalEventOf<K>,
) => void;

/** The kinds that change a table of states; all others only stand in the chain. */
const projections = {
  'attempt.stateEntered': projectStateEntered,
  'attempt.settled': projectSettled,
  'attempt.resolved': projectResolved,
  'blank.loaded': projectLoaded,
  'blank.unloaded': projectUnloaded,
  'blank.moved': projectMoved,
  'blank.foundAtCount': projectFoundAtCount,
  'oldCard.captured': projectCaptured,
  'oldCard.keptForDesk': projectKeptForDesk,
  'stock.incidentFound': projectIncidentFound,
  'stock.incidentClosed': projectIncidentClosed,
} satisfies { [K in JournalEvent['kind']]?: Projection<K> };

export const projectedKinds = Object.keys(projections);

/**
 * Brings the tables of attempts, blanks and old cards up to an event: state = fold(events). It runs in
 * the transaction that appends the event, and again, into empty tables, to check them.
 */
export function project(sql: SqlWriter, context: RowContext, event: JournalEvent): void {
  const known: Readonly<Partial<Record<string, Projection<never>>>> = projections;
  // The table above pairs each kind with a function of that kind; TypeScript cannot follow the lookup.
  known[event.kind]?.(sql, context, event as never);
}

function projectCaptured(
  sql: SqlWriter,
  { seq, at }: RowContext,
  event: JournalEventOf<'oldCard.captured'>,
): void {
  sql.run(
    `INSERT INTO old_cards (attempt_id, request_id, captured_seq, captured_at_ms)
     VALUES (?, ?, ?, ?)`,
    event.attemptId,
    event.requestId,
    seq,
    at,
  );
}

/** It lies in the bin for the desk to give back, so it stands for no request as surrendered. */
function projectKeptForDesk(
  sql: SqlWriter,
  { seq, at }: RowContext,
  event: JournalEventOf<'oldCard.keptForDesk'>,
): void {
  if (!event.captured) return;
  sql.run(
    `INSERT INTO old_cards (attempt_id, request_id, captured_seq, captured_at_ms)
     VALUES (?, NULL, ?, ?)`,
    event.attemptId,
    seq,
    at,
  );
}
