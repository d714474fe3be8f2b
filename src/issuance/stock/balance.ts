import * as z from 'zod';
import type { BlankKind } from '../../domain/document.ts';
import { blankStateSchema, type BlankState } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import { countOf } from './count-of.ts';
import { foreignCards } from './strangers.ts';

export type StockCounts = Readonly<Record<BlankState, number>>;

/**
 * Promise 2: every blank that was loaded has one place or fate, so that
 * `loaded + corrected` is the sum of `counts`. `difference` is 0, or it is an incident.
 */
export interface StockBalance {
  /** Blanks ever put into feeders; one that was returned and loaded again counts each time. */
  readonly loaded: number;
  /** Blanks that no load brought, entered by two people after a count. */
  readonly corrected: number;
  readonly counts: StockCounts;
  readonly difference: number;
  /** Cards that came out of feeders and are no blanks of the ledger: none of `counts` holds them. */
  readonly foreign: number;
  /** Surrendered old cards ever captured: no blanks, counted apart. */
  readonly oldCards: number;
}

const flowRow = z.strictObject({ kind: z.string(), n: z.number().int() });

/** The balance of all blanks, or of one kind. */
export function balanceOf(sql: SqlReader, blankKind: BlankKind | null = null): StockBalance {
  // What came in and what went back is read from the events themselves, so that a lost row shows.
  const flows = sql.all(
    flowRow,
    `SELECT kind, sum(coalesce(json_extract(body, '$.event.count'), 1)) AS n FROM rows
     WHERE asked_kind IN ('blank.loaded', 'blank.unloaded', 'blank.foundAtCount') AND (? IS NULL OR ? =
       coalesce(json_extract(body, '$.event.blankKind'), json_extract(body, '$.event.blank.kind')))
     GROUP BY kind`,
    blankKind,
    blankKind,
  );
  const flow = (kind: string): number => flows.find((row) => row.kind === kind)?.n ?? 0;
  const inState = (state: BlankState): number =>
    state === 'returned'
      ? flow('blank.unloaded')
      : countOf(
          sql,
          'SELECT count(*) AS n FROM blanks WHERE state = ? AND (? IS NULL OR kind = ?)',
          state,
          blankKind,
          blankKind,
        );
  const counts = Object.fromEntries(
    blankStateSchema.options.map((state) => [state, inState(state)]),
  ) as Record<BlankState, number>;
  const loaded = flow('blank.loaded');
  const corrected = flow('blank.foundAtCount');
  const accounted = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return {
    loaded,
    corrected,
    counts,
    difference: loaded + corrected - accounted,
    foreign: foreignCards(sql),
    oldCards: countOf(sql, 'SELECT count(*) AS n FROM old_cards'),
  };
}
