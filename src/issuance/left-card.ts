import * as z from 'zod';
import { parseRow } from '../journal/chain/row-body.ts';
import type { JournalEventOf } from '../journal/catalogue.ts';
import type { AttemptBook } from './attempt-book.ts';
import type { IssuanceDeps } from './ports.ts';
import { countOf } from './stock/count-of.ts';

type Deps = Pick<IssuanceDeps, 'journal' | 'devices'>;
/** `unseen`: the reader does not tell yet whether a card stands in it. */
type LeftCardEnd = 'captured' | 'notCaptured' | 'unseen';

/**
 * A card that stands in the motorised reader at the start belongs to somebody who may be gone: it falls
 * into the capture bin, for the desk to give back.
 */
export class LeftCard {
  readonly #deps: Deps;
  readonly #book: AttemptBook;
  readonly #startSeq: number;
  #state: 'due' | 'asking' | 'over' = 'due';

  constructor(deps: Deps, book: AttemptBook) {
    this.#deps = deps;
    this.#book = book;
    const { reader } = deps.journal;
    this.#startSeq = countOf(reader, 'SELECT coalesce(max(seq), 0) AS n FROM rows');
  }

  /** Completes with whether it was proved that one fell. A reader that tells nothing yet is asked again later. */
  async keep(): Promise<boolean> {
    this.#state = 'asking';
    const end = await keepLeftCard(this.#deps, this.#book);
    this.#state = end === 'unseen' ? 'due' : 'over';
    return end === 'captured';
  }

  /** To be called when a device may have come online; asks only a reader that told nothing at the start. */
  async keepOnceSeen(): Promise<void> {
    if (this.#state !== 'due') return;
    if (this.#deps.devices.cardReader?.health().state !== 'online') return;
    // A slot that a session opened since was seen empty: what it holds now is that citizen's.
    if (openedSince(this.#deps.journal, this.#startSeq)) this.#state = 'over';
    else await this.keep();
  }
}

async function keepLeftCard(deps: Deps, book: AttemptBook): Promise<LeftCardEnd> {
  const reader = deps.devices.cardReader;
  if (reader === null) return 'notCaptured';
  const context = { sessionId: null };
  const before = await reader.execute('getStatus', {}, context);
  if (!before.ok || before.value.card === 'unknown') return 'unseen';
  if (before.value.card !== 'held') {
    // Core died between the fall and its record: a card that nobody saw fall is not proved to be in the bin.
    const open = announcedFall(deps.journal);
    if (open === null) return 'notCaptured';
    const { device, attemptId } = open;
    const { capturedCount } = before.value;
    await book.note([
      { kind: 'oldCard.keptForDesk', device, attemptId, captured: false, capturedCount },
    ]);
    return 'notCaptured';
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
  return captured ? 'captured' : 'notCaptured';
}

const foundRow = z.strictObject({ seq: z.number().int(), body: z.string() });
/** The fall may have been announced by a start before the last, if that one died early too; no journal is searched whole. */
const STARTS_BACK = 8;

const openedSince = ({ reader }: IssuanceDeps['journal'], seq: number): boolean =>
  countOf(
    reader,
    "SELECT count(*) AS n FROM rows WHERE kind = 'oldCard.acceptCommanded' AND seq > ?",
    seq,
  ) > 0;

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
