import { err, ok, type Result } from '../base/result.ts';

/** Indonesia's three zones; none of them has a summer time. */
const offsets = { 'Asia/Jakarta': '+07:00', 'Asia/Makassar': '+08:00', 'Asia/Jayapura': '+09:00' };
export type DayZone = keyof typeof offsets;

const DAY_MS = 86_400_000;

/**
 * From and to as people give them, in milliseconds since the Unix epoch: a day (`2026-01-05`) of the zone,
 * the last one included, or a moment with its offset (RFC 3339).
 */
export function dayRange(
  from: string,
  to: string,
  zone: DayZone,
): Result<{ readonly fromMs: number; readonly toMs: number }, 'notATime' | 'endsBeforeItBegins'> {
  const begin = momentOf(from, zone);
  const end = momentOf(to, zone);
  if (begin === null || end === null) return err('notATime');
  const toMs = end.isDay ? end.ms + DAY_MS : end.ms;
  return begin.ms < toMs ? ok({ fromMs: begin.ms, toMs }) : err('endsBeforeItBegins');
}

function momentOf(
  text: string,
  zone: DayZone,
): { readonly ms: number; readonly isDay: boolean } | null {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!isDay && !/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const ms = Date.parse(isDay ? `${text}T00:00:00${offsets[zone]}` : text);
  return Number.isNaN(ms) ? null : { ms, isDay };
}

/** A moment as RFC 3339 in the zone, to the second. */
export function momentIn(ms: number, zone: DayZone): string {
  const offset = offsets[zone];
  const shifted = new Date(ms + Number(offset.slice(1, 3)) * 3_600_000);
  return `${shifted.toISOString().slice(0, 19)}${offset}`;
}
