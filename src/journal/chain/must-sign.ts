import type { AttemptState } from '../../domain/attempt.ts';
import type { JournalEvent } from '../catalogue.ts';

/** At most so many rows go unsigned, whatever they are. */
export const MAX_UNSIGNED_ROWS = 100;

/** States that announce a physical act: after them a blank may have moved. */
export const signedStates: ReadonlySet<AttemptState> = new Set<AttemptState>([
  'feedIntent',
  'encodeIntent',
  'printIntent',
  'captureIntent',
  'ejectIntent',
  'retracting',
  'voiding',
  'holdingBack',
]);

export const signedKinds: ReadonlySet<JournalEvent['kind']> = new Set<JournalEvent['kind']>([
  'core.started',
  'core.stopped',
  'clock.distrusted',
  'clock.trusted',
  'clock.jumped',
  'journal.lossAccepted',
  'vault.lossAccepted',
  'visitors.exported',
  'registry.headDisputed',
  'attempt.settled',
  'attempt.resolved',
  'blank.loaded',
  'blank.unloaded',
  'blank.foundAtCount',
  'stock.counted',
  'stock.incidentFound',
  'stock.corrected',
  'stock.incidentClosed',
  'stock.binEmptied',
  'testCard.ordered',
  'testCard.commanded',
  'testCard.settled',
  'oldCard.acceptCommanded',
  'oldCard.returnCommanded',
  'oldCard.foundAtStart',
  'case.erased',
  'case.erasureAsked',
  'staff.personCreated',
  'staff.personDisabled',
  'staff.actProposed',
  'staff.actApproved',
  'staff.actDecided',
]);

/** Events that are never committed without a signature over them. */
export function mustSign(event: JournalEvent): boolean {
  if (event.kind === 'attempt.stateEntered') return signedStates.has(event.to);
  return signedKinds.has(event.kind);
}
