import * as z from 'zod';
import type { BlankKind } from '../../domain/document.ts';
import type { SqlReader } from '../../store/sql.ts';
import { countOf } from './count-of.ts';
import { DAY_MS, startOfDay, zoneOffsetMs } from './local-days.ts';

/** So many whole days back, today not among them. */
export const FORECAST_DAYS = 30;
/** On fewer open days than this nothing can be told. */
export const FORECAST_OPEN_DAYS = 5;

/** What a forecast stands on. */
export interface UseOfBlanks {
  readonly remaining: number;
  /** Blanks issued, spoiled or drawn back in those days. */
  readonly used: number;
  /** Days on which at least one citizen began a session. */
  readonly openDays: number;
}

export type StockForecast = UseOfBlanks &
  (
    | { readonly kind: 'known'; readonly usedPerOpenDay: number; readonly openDaysLeft: number }
    | { readonly kind: 'unknown'; readonly why: 'tooFewOpenDays' | 'nothingUsed' }
  );

const dayRow = z.strictObject({ day: z.number().int() });

/**
 * For how many more open days the blanks of a kind last, at the use of the last 30 whole days: blanks
 * that were issued, spoiled or drawn back, a day on which somebody came. Days on which the terminal stood
 * closed count neither way. `openDaysLeft` is rounded down.
 */
export function forecast(
  sql: SqlReader,
  ask: { readonly kind: BlankKind; readonly now: number; readonly timeZone: string },
): StockForecast {
  const until = startOfDay(ask.timeZone, ask.now);
  const since = until - FORECAST_DAYS * DAY_MS;
  const offset = zoneOffsetMs(ask.timeZone, ask.now);
  const used = countOf(
    sql,
    `SELECT count(*) AS n FROM rows WHERE kind = 'blank.moved' AND at_ms >= ? AND at_ms < ?
       AND json_extract(body, '$.event.to') IN ('issued', 'void', 'retracted')
       AND json_extract(body, '$.event.from') <> 'void'
       AND json_extract(body, '$.event.blank.kind') = ?`,
    since,
    until,
    ask.kind,
  );
  const openDays = sql.all(
    dayRow,
    `SELECT DISTINCT CAST((at_ms + ?) / ${DAY_MS} AS INTEGER) AS day FROM rows
     WHERE kind = 'session.opened' AND at_ms >= ? AND at_ms < ?`,
    offset,
    since,
    until,
  ).length;
  const remaining = countOf(
    sql,
    "SELECT count(*) AS n FROM blanks WHERE state = 'inFeeder' AND kind = ?",
    ask.kind,
  );
  const use = { remaining, used, openDays };
  if (openDays < FORECAST_OPEN_DAYS) return { kind: 'unknown', why: 'tooFewOpenDays', ...use };
  if (used === 0) return { kind: 'unknown', why: 'nothingUsed', ...use };
  const usedPerOpenDay = used / openDays;
  return {
    kind: 'known',
    usedPerOpenDay,
    openDaysLeft: Math.floor((remaining * openDays) / used),
    ...use,
  };
}
