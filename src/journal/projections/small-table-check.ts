import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../../base/canonical-json.ts';
import type { Database } from '../../store/database.ts';
import { readRowBody } from '../chain/row-body.ts';
import type { JournalRow } from '../journal.ts';
import type { StateMismatch } from './state-check.ts';

/** What the columns after the key hold, by the key. */
type Folded = Map<string, readonly unknown[]>;

const OLD_CARDS_TOLD = `SELECT seq, CAST(body AS BLOB) FROM rows INDEXED BY rows_old_card
  WHERE kind IN ('oldCard.captured', 'oldCard.keptForDesk') ORDER BY seq`;
const INCIDENTS_TOLD = `SELECT seq, CAST(body AS BLOB) FROM rows INDEXED BY rows_incident
  WHERE kind IN ('stock.incidentFound', 'stock.incidentClosed') ORDER BY seq`;

/**
 * Says where the table of old cards or of incidents first differs from the events. Both are short: an
 * incident that only the table calls closed would open the way of cards, and so a start reads them all.
 */
export function checkSmallTables(database: Database): StateMismatch | null {
  return (
    differenceIn(
      database,
      'old_cards',
      'SELECT captured_seq, attempt_id, request_id, captured_at_ms FROM old_cards',
      foldOldCards(told(database, OLD_CARDS_TOLD)),
    ) ??
    differenceIn(
      database,
      'stock_incidents',
      `SELECT incident_id, what, incident_json, attempt_id, found_seq, found_at_ms, finding, closed_seq,
         closed_at_ms FROM stock_incidents`,
      foldIncidents(told(database, INCIDENTS_TOLD)),
    )
  );
}

/** A body that is no row any more tells nothing, and so the table says something else. */
function* told(database: Database, query: string): IterableIterator<JournalRow> {
  for (const [seq, body] of database.iterateRaw(query)) {
    const row = body instanceof Uint8Array ? readRowBody(Number(seq), body) : null;
    if (row !== null) yield row;
  }
}

function foldOldCards(rows: Iterable<JournalRow>): Folded {
  const cards: Folded = new Map();
  for (const { seq, at, event } of rows) {
    if (event.kind === 'oldCard.captured') {
      cards.set(String(seq), [event.attemptId, event.requestId, at]);
    }
    if (event.kind === 'oldCard.keptForDesk' && event.captured) {
      cards.set(String(seq), [event.attemptId, null, at]);
    }
  }
  return cards;
}

function foldIncidents(rows: Iterable<JournalRow>): Folded {
  const incidents: Folded = new Map();
  for (const { seq, at, event } of rows) {
    if (event.kind === 'stock.incidentFound') {
      const { incidentId, incident, attemptId } = event;
      const found = [incident.what, canonicalJson(incident), attemptId, seq, at];
      incidents.set(incidentId, [...found, null, null, null]);
    }
    if (event.kind === 'stock.incidentClosed') {
      const found = incidents.get(event.incidentId)?.slice(0, 5) ?? [];
      incidents.set(event.incidentId, [...found, event.finding, seq, at]);
    }
  }
  return incidents;
}

function differenceIn(
  database: Database,
  table: string,
  query: string,
  folded: Folded,
): StateMismatch | null {
  for (const [key, ...stored] of database.iterateRaw(query)) {
    const isSame = isDeepStrictEqual(stored, folded.get(String(key)));
    if (!isSame) return { table, key: String(key) };
    folded.delete(String(key));
  }
  const [missing] = folded.keys();
  return missing === undefined ? null : { table, key: missing };
}
