import { z } from 'zod';
import { err, ok, type Result } from '../base/result.ts';
import { blankKindSchema, type Blank, type BlankKind, type Mode } from '../domain/document.ts';
import type { JournalEventOf } from '../journal/catalogue.ts';
import { blankStateSchema, type BlankState } from '../journal/events/stock.ts';
import type { Journal } from '../journal/journal.ts';
import { serialsOfRange } from '../journal/projections/serial-range.ts';

export interface BlankLoad {
  readonly feeder: string;
  readonly kind: BlankKind;
  readonly batch: string;
  /** Ends in digits; the others of the range count up from it. */
  readonly firstSerial: string;
  readonly count: number;
  /** The two people who loaded it. None only where a simulated cabinet of specimen mode fills itself. */
  readonly by: readonly string[];
}

export type LoadRefusal =
  | { readonly kind: 'twoPeopleNeeded' }
  | { readonly kind: 'serialsMalformed' }
  | { readonly kind: 'otherKindInFeeder'; readonly loaded: BlankKind }
  | { readonly kind: 'loadedBefore'; readonly serial: string };

/** A blank with the place or fate it has at this moment. */
export interface StockedBlank extends Blank {
  readonly feeder: string;
  readonly place: BlankState;
}

export type StockCounts = Readonly<Record<BlankState, number>>;

/** Promise 2: every blank that was loaded has one place or fate. `difference` is 0, or it is an incident. */
export interface StockBalance {
  readonly loaded: number;
  readonly counts: StockCounts;
  readonly difference: number;
  /** Surrendered old cards in the capture bin: no blanks, counted apart. */
  readonly oldCards: number;
}

const blankRow = z.strictObject({
  serial: z.string(),
  batch: z.string(),
  kind: blankKindSchema,
  feeder: z.string(),
  state: blankStateSchema,
  source: z.enum(['expected', 'read']),
});
const COLUMNS = 'serial, batch, kind, feeder, state, source';
const countRow = z.strictObject({ n: z.number().int() });
const loadRow = z.strictObject({ kind: z.string(), n: z.number().int() });

/** The ledger of controlled stock, one row a blank. Rows change only with the journal's events. */
export class BlankStock {
  readonly #journal: Journal;
  readonly #mode: Mode;

  constructor(journal: Journal, mode: Mode) {
    this.#journal = journal;
    this.#mode = mode;
  }

  /** Records blanks that two people put into a feeder. Completes when it is on the disk. */
  async load(load: BlankLoad): Promise<Result<void, LoadRefusal>> {
    const people = new Set(load.by).size;
    const bySimulator = load.by.length === 0 && this.#mode === 'specimen';
    if (!bySimulator && (people !== 2 || load.by.length !== 2)) {
      return err({ kind: 'twoPeopleNeeded' });
    }
    const serials = serialsOfRange(load.firstSerial, load.count);
    if (!serials.ok) return err({ kind: 'serialsMalformed' });
    const known = serials.value.find((serial) => this.#isKnown(serial));
    if (known !== undefined) return err({ kind: 'loadedBefore', serial: known });
    const other = this.#next(load.feeder);
    if (other !== null && other.kind !== load.kind) {
      return err({ kind: 'otherKindInFeeder', loaded: other.kind });
    }
    const event: JournalEventOf<'blank.loaded'> = {
      kind: 'blank.loaded',
      batch: load.batch,
      blankKind: load.kind,
      feeder: load.feeder,
      firstSerial: load.firstSerial,
      count: load.count,
      by: [...load.by],
    };
    await this.#journal.append({ events: [event] });
    return ok(undefined);
  }

  /** The blank that the named feeder will give next, by the order of loading. */
  expected(feeder: string, kind: BlankKind): StockedBlank | null {
    const next = this.#next(feeder);
    return next?.kind === kind ? next : null;
  }

  find(serial: string): StockedBlank | null {
    const row = this.#journal.reader.get(
      blankRow,
      `SELECT ${COLUMNS} FROM blanks WHERE serial = ?`,
      serial,
    );
    return row === undefined ? null : stocked(row);
  }

  /** Blanks of that kind still in feeders. */
  remaining(kind: BlankKind): number {
    return this.#count(
      "SELECT count(*) AS n FROM blanks WHERE state = 'inFeeder' AND kind = ?",
      kind,
    );
  }

  remainingOfOthers(kind: BlankKind): number {
    return this.#count(
      "SELECT count(*) AS n FROM blanks WHERE state = 'inFeeder' AND kind <> ?",
      kind,
    );
  }

  balance(): StockBalance {
    const counts = Object.fromEntries(
      blankStateSchema.options.map((state) => [state, 0]),
    ) as Record<BlankState, number>;
    for (const state of blankStateSchema.options) {
      counts[state] = this.#count('SELECT count(*) AS n FROM blanks WHERE state = ?', state);
    }
    // What was loaded is read from the events themselves, so that a lost row shows.
    const loads = this.#journal.reader.all(
      loadRow,
      `SELECT kind, sum(json_extract(body, '$.event.count')) AS n FROM rows
       WHERE kind IN ('blank.loaded', 'blank.unloaded') GROUP BY kind`,
    );
    const of = (kind: string): number => loads.find((row) => row.kind === kind)?.n ?? 0;
    const loaded = of('blank.loaded') - of('blank.unloaded');
    const known = Object.values(counts).reduce((sum, n) => sum + n, 0) - counts.returned;
    return {
      loaded,
      counts,
      difference: loaded - known,
      oldCards: this.#count('SELECT count(*) AS n FROM old_cards'),
    };
  }

  #isKnown(serial: string): boolean {
    const blank = this.find(serial);
    return blank !== null && blank.place !== 'returned';
  }

  #next(feeder: string): StockedBlank | null {
    const row = this.#journal.reader.get(
      blankRow,
      `SELECT ${COLUMNS} FROM blanks WHERE state = 'inFeeder' AND feeder = ?
       ORDER BY loaded_seq, place_in_range LIMIT 1`,
      feeder,
    );
    return row === undefined ? null : stocked(row);
  }

  #count(sql: string, ...params: readonly string[]): number {
    return this.#journal.reader.get(countRow, sql, ...params)?.n ?? 0;
  }
}

const stocked = ({ state, ...row }: z.infer<typeof blankRow>): StockedBlank => ({
  ...row,
  place: state,
});
