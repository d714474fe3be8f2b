import * as z from 'zod';
import { canonicalJson } from '../../base/canonical-json.ts';
import { newId } from '../../base/ids.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { CountedPlace } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import { ledgerFigure } from './bins.ts';
import { incidentFound } from './incidents.ts';

export interface HandCount {
  readonly place: CountedPlace;
  readonly counted: number;
  /** Who counted. */
  readonly by: string;
}

export interface PlannedCount {
  readonly events: readonly JournalEvent[];
  readonly ledger: number;
  /** Set where the two figures differ. */
  readonly incidentId: string | null;
}

/**
 * What the record is to say of a count by hand. A difference becomes an incident with both figures and
 * nothing else: the ledger stays as it is until two people correct it.
 */
export function planCount(sql: SqlReader, { place, counted, by }: HandCount): PlannedCount {
  const ledger = ledgerFigure(sql, place);
  const countId = newId('cnt');
  const count: JournalEvent = { kind: 'stock.counted', countId, place, ledger, counted, by };
  if (counted === ledger) return { events: [count], ledger, incidentId: null };
  const found = incidentFound({ what: 'countDifference', countId, place, ledger, counted, by });
  return { events: [count, found], ledger, incidentId: found.incidentId };
}

const figures = z.strictObject({ counted: z.number().int(), ledger: z.number().int() });

/** The newest count of a place after row `afterSeq`; null: there was none. */
export function lastCount(
  sql: SqlReader,
  place: CountedPlace,
  afterSeq: number,
): z.infer<typeof figures> | null {
  const query = `SELECT json_extract(body, '$.event.counted') AS counted,
      json_extract(body, '$.event.ledger') AS ledger
    FROM rows WHERE asked_kind = 'stock.counted' AND seq > ? AND json_extract(body, '$.event.place') = ?
    ORDER BY seq DESC LIMIT 1`;
  return sql.get(figures, query, afterSeq, canonicalJson(place)) ?? null;
}
