import * as z from 'zod';
import { cardCountersSchema, type CardCounters } from '../../drivers/contract/card-printer.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { Journal } from '../journal/journal.ts';
import type { SqlReader } from '../store/sql.ts';
import { incidentFound, openIncidents } from './stock/incidents.ts';

const countersRow = z.strictObject({ counters_json: z.string(), opened_seq: z.number().int() });
const foundRow = z.strictObject({ incident_json: z.string(), found_seq: z.number().int() });
const foundSchema = z.object({ found: cardCountersSchema });

/**
 * A card printer counts over power loss, so its counters never fall below what the record last saw. If
 * they do, another printer stands in the cabinet or this one was reset: what it says of blanks proves
 * nothing any more, and no card is fed until people closed the incident.
 */
export class CounterWatch {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Whether an incident of this kind is open. */
  blocks(): boolean {
    return isOpen(this.#journal.reader);
  }

  /** Compares, and records the incident once. Not to be asked while an attempt is under way. */
  async look(device: string, counters: CardCounters | null): Promise<void> {
    const events = countersWentBack(this.#journal.reader, device, counters);
    if (events.length > 0) await this.#journal.append({ events });
  }
}

/**
 * What the record is to say of counters that fell below it. To be asked before they are recorded: the next
 * look is held against those. Nothing where they did not, or an open incident says so already.
 */
export function countersWentBack(
  sql: SqlReader,
  device: string,
  counters: CardCounters | null,
): readonly JournalEvent[] {
  if (counters === null || isOpen(sql)) return [];
  const recorded = lastSeen(sql);
  if (recorded === null) return [];
  const names = cardCountersSchema.keyof().options;
  if (names.every((name) => counters[name] >= recorded[name])) return [];
  return [incidentFound({ what: 'countersWentBack', device, recorded, found: { ...counters } })];
}

const isOpen = (sql: SqlReader): boolean =>
  openIncidents(sql).some(({ incident }) => incident.what === 'countersWentBack');

/** Of the newest attempt that saw any, or as found when people closed an incident after it. */
function lastSeen(sql: SqlReader): CardCounters | null {
  const attempt = sql.get(
    countersRow,
    `SELECT json_extract(detail_json, '$.countersBefore') AS counters_json, opened_seq FROM attempts
     WHERE json_extract(detail_json, '$.countersBefore') IS NOT NULL
     ORDER BY opened_seq DESC LIMIT 1`,
  );
  const closed = sql.get(
    foundRow,
    `SELECT incident_json, found_seq FROM stock_incidents
     WHERE what = 'countersWentBack' AND closed_seq IS NOT NULL
     ORDER BY found_seq DESC LIMIT 1`,
  );
  // A receipt that comes late moves the row of an attempt on, and proves nothing of the printer.
  if (closed !== undefined && closed.found_seq > (attempt?.opened_seq ?? 0)) {
    return foundSchema.parse(JSON.parse(closed.incident_json)).found;
  }
  if (attempt === undefined) return null;
  return cardCountersSchema.parse(JSON.parse(attempt.counters_json));
}
