import type { AttemptState } from '../../domain/attempt.ts';
import type { JournalEvent } from '../catalogue.ts';

/** At most so many rows go unsigned, whatever they are. */
export const MAX_UNSIGNED_ROWS = 100;

/** States that announce a physical act: after them a blank may have moved. */
const intents: ReadonlySet<AttemptState> = new Set<AttemptState>([
  'feedIntent',
  'encodeIntent',
  'printIntent',
  'captureIntent',
  'ejectIntent',
  'retracting',
  'voiding',
]);

const alwaysSigned: ReadonlySet<JournalEvent['kind']> = new Set<JournalEvent['kind']>([
  'core.started',
  'core.stopped',
  'attempt.settled',
  'blank.loaded',
  'blank.unloaded',
  'blank.foundAtCount',
  'stock.counted',
  'stock.incidentFound',
  'stock.corrected',
  'stock.incidentClosed',
  'attempt.resolved',
  'stock.binEmptied',
  'oldCard.acceptCommanded',
  'oldCard.returnCommanded',
  'case.erased',
  'staff.personCreated',
  'staff.actProposed',
  'staff.actApproved',
  'staff.actDecided',
]);

/** Events that are never committed without a signature over them. */
export function mustSign(event: JournalEvent): boolean {
  if (event.kind === 'attempt.stateEntered') return intents.has(event.to);
  return alwaysSigned.has(event.kind);
}
