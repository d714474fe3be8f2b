import * as z from 'zod';
import type { SpoiledBlank } from '../../documents/berita-acara/compose.ts';
import { parseRow } from '../../journal/chain/row-body.ts';
import type { CountedPlace } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import { countOf } from './count-of.ts';
import { strangersInBin } from './strangers.ts';

export type Bin = Exclude<CountedPlace['in'], 'feeder'>;

const seqRow = z.strictObject({ seq: z.number().int().nullable() });
const bodyRow = z.strictObject({ seq: z.number().int(), body: z.string() });

/** The row of the last emptying of that bin before `before`; 0: it was never emptied. */
export function lastEmptied(sql: SqlReader, bin: Bin, before = Number.MAX_SAFE_INTEGER): number {
  const query = `SELECT max(seq) AS seq FROM rows WHERE asked_kind = 'stock.binEmptied' AND seq < ?
    AND json_extract(body, '$.event.place') = ?`;
  return sql.get(seqRow, query, before, bin)?.seq ?? 0;
}

/** What the ledger says lies in a feeder or a bin now. */
export function ledgerFigure(sql: SqlReader, place: CountedPlace): number {
  switch (place.in) {
    case 'feeder':
      return countOf(
        sql,
        "SELECT count(*) AS n FROM blanks WHERE state = 'inFeeder' AND feeder = ?",
        place.feeder,
      );
    case 'rejectBin':
      return (
        countOf(
          sql,
          `SELECT count(*) AS n FROM blanks WHERE state IN ('void', 'retracted', 'test') AND updated_seq > ?`,
          lastEmptied(sql, 'rejectBin'),
        ) + strangersInBin(sql, lastEmptied(sql, 'rejectBin'))
      );
    case 'captureBin':
      return countOf(
        sql,
        'SELECT count(*) AS n FROM old_cards WHERE captured_seq > ?',
        lastEmptied(sql, 'captureBin'),
      );
  }
}

/** The blanks that fell into the reject bin after row `after` and lay there at row `through`. */
export function blanksInBin(
  sql: SqlReader,
  { after, through }: { readonly after: number; readonly through: number },
): readonly SpoiledBlank[] {
  const rows = sql.iterate(
    bodyRow,
    `SELECT seq, body FROM rows WHERE kind = 'blank.moved' AND seq > ? AND seq <= ? ORDER BY seq`,
    after,
    through,
  );
  const binned = new Map<string, SpoiledBlank>();
  for (const { seq, body } of rows) {
    const { event, at } = parseRow(seq, body);
    if (event.kind !== 'blank.moved') continue;
    const { blank, to, reason = null, attemptId } = event;
    const { serial, batch, kind } = blank;
    binned.delete(serial);
    if (to === 'void' || to === 'retracted' || to === 'test') {
      binned.set(serial, { serial, batch, kind, fate: to, at, reason, attemptId });
    }
  }
  return [...binned.values()];
}
