import * as z from 'zod';
import { err, ok, type Result } from '../../base/result.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { SqlReader } from '../../store/sql.ts';
import type { BlankStock } from '../blank-stock.ts';
import type { Bin } from './bins.ts';
import { planCount } from './counting.ts';
import { openIncidents } from './incidents.ts';
import { areTwo, type People, type StockRefusal } from './refusals.ts';

const serialRow = z.strictObject({ serial: z.string() });

/**
 * What the record is to say when two people took everything out of a bin and counted it. A difference is
 * an incident of the bin as it was before; it stands before the emptying, in the same transaction.
 */
export function planBinEmptied(
  stock: BlankStock,
  { bin, counted }: { readonly bin: Bin; readonly counted: number },
  by: People,
): Result<readonly JournalEvent[], StockRefusal> {
  if (!areTwo(by)) return err({ kind: 'twoPeopleNeeded' });
  const open = bin === 'rejectBin' ? undecided(stock.reader) : null;
  if (open !== null) return err(open);
  const count = planCount(stock.reader, { place: { in: bin }, counted, by: by[0] });
  const { ledger } = count;
  return ok([
    ...count.events,
    { kind: 'stock.binEmptied', place: bin, ledger, counted, by: [...by] },
  ]);
}

/**
 * A card that people may yet find in the bin: found after the emptying it would count in the new one. Or one
 * that lies there and may yet be handed over: it is not destroyed with the rest.
 */
function undecided(sql: SqlReader): StockRefusal | null {
  const card = sql.get(
    serialRow,
    `SELECT serial FROM blanks JOIN attempts USING (attempt_id)
     WHERE attempts.state = 'heldBack' OR
       blanks.state IN ('unresolved', 'inTransport') AND (attempts.outcome IS NULL OR
       (attempts.outcome = 'uncertain' AND attempts.state IN ('unresolved', 'needsReview')))
     LIMIT 1`,
  );
  if (card !== undefined) return { kind: 'outcomeOpen', serial: card.serial };
  const stranger = openIncidents(sql).find(({ incident }) => incident.what === 'strangerFed');
  if (stranger !== undefined) {
    return { kind: 'strangerUndecided', incidentId: stranger.incidentId };
  }
  const test = openIncidents(sql).find(({ incident }) => incident.what === 'testCardUnsettled');
  return test === undefined ? null : { kind: 'incidentOpen', incidentId: test.incidentId };
}
