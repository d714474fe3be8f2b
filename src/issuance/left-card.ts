import type { AttemptBook } from './attempt-book.ts';
import type { IssuanceDeps } from './ports.ts';

/**
 * A card that stands in the motorised reader at the start belongs to somebody who may be gone: it falls
 * into the capture bin, for the desk to give back. Completes with whether that was proved.
 */
export async function keepLeftCard(
  deps: Pick<IssuanceDeps, 'journal' | 'devices'>,
  book: AttemptBook,
): Promise<boolean> {
  const reader = deps.devices.cardReader;
  if (reader === null) return false;
  const context = { sessionId: null };
  const before = await reader.execute('getStatus', {}, context);
  if (!before.ok || before.value.card !== 'held') return false;
  const newest = book.newest();
  const attemptId = newest?.oldCardFate === 'held' ? newest.attemptId : null;
  const device = reader.name;
  await deps.journal.append({
    events: [{ kind: 'oldCard.foundAtStart', device, attemptId }],
    checkpoint: true,
  });
  const answer = await reader.execute('captureCard', {}, context);
  const after = await reader.execute('getStatus', {}, context);
  const counts = [before, after].map((status) => (status.ok ? status.value.capturedCount : null));
  const [was = null, is = null] = counts;
  const gone = after.ok && after.value.card !== 'held';
  const captured = gone && (was === null || is === null ? answer.ok : is - was === 1);
  await book.note([
    { kind: 'oldCard.keptForDesk', device, attemptId, captured, capturedCount: is },
  ]);
  return captured;
}
