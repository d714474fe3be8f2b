import * as z from 'zod';
import { ok, type Result } from '../base/result.ts';
import { blankKindSchema, type Blank, type BlankKind, type Mode } from '../domain/document.ts';
import { blankStateSchema, type BlankState } from '../journal/events/stock.ts';
import type { Journal } from '../journal/journal.ts';
import type { SqlReader } from '../store/sql.ts';
import { balanceOf, type StockBalance } from './stock/balance.ts';
import { countOf } from './stock/count-of.ts';
import { planLoad, type BlankRange } from './stock/loading.ts';
import type { People, StockRefusal } from './stock/refusals.ts';

/** A blank with the place or fate it has at this moment. */
export interface StockedBlank extends Blank {
  /** Where it lies or was taken from. */
  readonly feeder: string;
  readonly place: BlankState;
  /** The attempt that moved it last; null where people did, or nobody. */
  readonly attemptId: string | null;
  /** The row that moved it last. */
  readonly updatedSeq: number;
}

const blankRow = z
  .strictObject({
    serial: z.string(),
    batch: z.string(),
    kind: blankKindSchema,
    feeder: z.string(),
    state: blankStateSchema,
    source: z.enum(['expected', 'read']),
    attempt_id: z.string().nullable(),
    updated_seq: z.number().int(),
  })
  .transform(({ state, attempt_id, updated_seq, ...row }): StockedBlank => ({
    ...row,
    place: state,
    attemptId: attempt_id,
    updatedSeq: updated_seq,
  }));
const COLUMNS = 'serial, batch, kind, feeder, state, source, attempt_id, updated_seq';

/**
 * The ledger of controlled stock, one row a blank. It only reads; what people do with blanks is planned in
 * `stock/`, and rows change with the journal's events alone.
 */
export class BlankStock {
  readonly mode: Mode;
  readonly #journal: Journal;

  constructor(journal: Journal, mode: Mode) {
    this.#journal = journal;
    this.mode = mode;
  }

  get reader(): SqlReader {
    return this.#journal.reader;
  }

  /** Records blanks that were put into a feeder, while nothing else happens to the stock. */
  async load({
    by,
    ...range
  }: BlankRange & { readonly by: People }): Promise<Result<void, StockRefusal>> {
    const plan = planLoad(this, range, by);
    if (!plan.ok) return plan;
    await this.#journal.append({ events: plan.value });
    return ok(undefined);
  }

  /** The blank that the named feeder will give next, by the order of loading. */
  expected(feeder: string, kind: BlankKind): StockedBlank | null {
    const next = this.#next(feeder);
    return next?.kind === kind ? next : null;
  }

  /** The kind of the blanks in a feeder; null while it is empty. */
  kindIn(feeder: string): BlankKind | null {
    return this.#next(feeder)?.kind ?? null;
  }

  find(serial: string): StockedBlank | null {
    return this.#blank('serial = ?', serial);
  }

  /** True while an attempt waits for people to say what became of this blank. */
  isOutcomeOpen(serial: string): boolean {
    const query = `SELECT count(*) AS n FROM blanks JOIN attempts USING (attempt_id)
      WHERE serial = ? AND (attempts.state = 'heldBack' OR
        blanks.state IN ('unresolved', 'inTransport') AND
        (attempts.outcome IS NULL OR attempts.state = 'unresolved' OR
          (attempts.state IN ('needsReview', 'resolvedUnknown') AND attempts.outcome = 'uncertain')))`;
    return countOf(this.reader, query, serial) > 0;
  }

  /** False for a blank that only a count brought into the ledger. */
  wasLoaded(serial: string): boolean {
    const query = `SELECT count(*) AS n FROM blanks JOIN rows ON rows.seq = blanks.loaded_seq
      WHERE serial = ? AND rows.kind = 'blank.loaded'`;
    return countOf(this.reader, query, serial) > 0;
  }

  /** Blanks of that kind still in feeders. */
  remaining(kind: BlankKind): number {
    return countOf(
      this.reader,
      "SELECT count(*) AS n FROM blanks WHERE state = 'inFeeder' AND kind = ?",
      kind,
    );
  }

  remainingOfOthers(kind: BlankKind): number {
    return countOf(
      this.reader,
      "SELECT count(*) AS n FROM blanks WHERE state = 'inFeeder' AND kind <> ?",
      kind,
    );
  }

  balance(): StockBalance {
    return balanceOf(this.reader);
  }

  #next(feeder: string): StockedBlank | null {
    return this.#blank(
      "state = 'inFeeder' AND feeder = ? ORDER BY loaded_seq, place_in_range LIMIT 1",
      feeder,
    );
  }

  #blank(where: string, param: string): StockedBlank | null {
    return this.reader.get(blankRow, `SELECT ${COLUMNS} FROM blanks WHERE ${where}`, param) ?? null;
  }
}
