/** How far the clock of a time zone (IANA name) is ahead of UTC at a moment, in milliseconds. */
export function zoneOffsetMs(timeZone: string, at: number): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const asUtc = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return asUtc - Math.floor(at / 1000) * 1000;
}

export const DAY_MS = 86_400_000;

/** Where the local day that holds a moment begins. Indonesia moves no clocks in summer: a day has 24 hours. */
export function startOfDay(timeZone: string, at: number): number {
  const offset = zoneOffsetMs(timeZone, at);
  return Math.floor((at + offset) / DAY_MS) * DAY_MS - offset;
}
