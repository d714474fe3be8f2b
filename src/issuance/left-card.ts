import * as z from 'zod';
import { parseRow } from '../journal/chain/row-body.ts';
import type { JournalEventOf } from '../journal/catalogue.ts';
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
  if (!before.ok) return false;
  if (before.value.card !== 'held') {
    // Core died between the fall and its record: a card that nobody saw fall is not proved to be in the bin.
    const open = announcedFall(deps.journal);
    if (open === null) return false;
    const { device, attemptId } = open;
    const { capturedCount } = before.value;
    await book.note([
      { kind: 'oldCard.keptForDesk', device, attemptId, captured: false, capturedCount },
    ]);
    return false;
  }
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

const foundRow = z.strictObject({ seq: z.number().int(), body: z.string() });
/** The fall may have been announced by a start before the last, if that one died early too; no journal is searched whole. */
const STARTS_BACK = 8;

/** The start that announced a fall and never said what became of it; null where none is open. */
function announcedFall({
  reader,
}: IssuanceDeps['journal']): JournalEventOf<'oldCard.foundAtStart'> | null {
  const rows = reader.all(
    foundRow,
    `SELECT seq, body FROM rows
     WHERE kind IN ('core.started', 'oldCard.foundAtStart', 'oldCard.keptForDesk')
     ORDER BY seq DESC LIMIT ?`,
    STARTS_BACK,
  );
  const newest = rows
    .map(({ seq, body }) => parseRow(seq, body).event)
    .find(({ kind }) => kind !== 'core.started');
  return newest?.kind === 'oldCard.foundAtStart' ? newest : null;
}
