import * as z from 'zod';
import type { SpoiledBlank } from '../../documents/berita-acara/compose.ts';
import { parseRow } from '../../journal/chain/row-body.ts';
import type { SqlReader } from '../../store/sql.ts';
import { blanksInBin, lastEmptied, ledgerFigure } from './bins.ts';

/** What fell into the reject bin from one emptying to the next: the matter of a Berita Acara. */
export interface BinRecord {
  /** The row of the emptying; null: the bin is not emptied yet. */
  readonly emptiedSeq: number | null;
  /** When it was emptied before; null: never. Milliseconds since the Unix epoch. */
  readonly since: number | null;
  /** When it was emptied; null while it is not. */
  readonly until: number | null;
  readonly by: readonly [string, string] | null;
  readonly blanks: readonly SpoiledBlank[];
  /** Cards in the bin that are no blanks of the ledger. */
  readonly foreignCards: number;
  /** What the ledger had in it. */
  readonly ledger: number;
  /** What the two who emptied it counted; null: nobody did. */
  readonly counted: number | null;
}

const rowSchema = z.strictObject({ seq: z.number().int(), body: z.string() });
const seqSchema = z.strictObject({ seq: z.number().int() });

/** The rows at which the reject bin was emptied, newest first, at most `limit`. */
export function emptyings(sql: SqlReader, limit: number): readonly number[] {
  const query = `SELECT seq FROM rows WHERE asked_kind = 'stock.binEmptied'
    AND json_extract(body, '$.event.place') = 'rejectBin' ORDER BY seq DESC LIMIT ?`;
  return sql.all(seqSchema, query, limit).map(({ seq }) => seq);
}

/** What was taken out at that emptying, or lies in the bin now; null where no such emptying is on record. */
export function binRecord(sql: SqlReader, emptiedSeq: number | null): BinRecord | null {
  const emptied = emptiedSeq === null ? null : emptyingAt(sql, emptiedSeq);
  if (emptiedSeq !== null && emptied === null) return null;
  const after = lastEmptied(sql, 'rejectBin', emptiedSeq ?? undefined);
  const blanks = blanksInBin(sql, { after, through: emptiedSeq ?? Number.MAX_SAFE_INTEGER });
  const inBin = emptied?.ledger ?? ledgerFigure(sql, { in: 'rejectBin' });
  return {
    emptiedSeq,
    since: emptyingAt(sql, after)?.at ?? null,
    until: emptied?.at ?? null,
    by: emptied?.by ?? null,
    blanks,
    foreignCards: inBin - blanks.length,
    ledger: inBin,
    counted: emptied?.counted ?? null,
  };
}

function emptyingAt(
  sql: SqlReader,
  seq: number,
): {
  readonly at: number;
  readonly ledger: number;
  readonly counted: number | null;
  readonly by: [string, string];
} | null {
  const row = sql.get(rowSchema, 'SELECT seq, body FROM rows WHERE seq = ?', seq);
  if (row === undefined) return null;
  const { event, at } = parseRow(row.seq, row.body);
  if (event.kind !== 'stock.binEmptied' || event.place !== 'rejectBin') return null;
  return { at, ledger: event.ledger, counted: event.counted ?? null, by: event.by };
}
