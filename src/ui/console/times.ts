import type { Language } from '../../rpc/citizen-view.ts';

const localeOf: Readonly<Record<Language, string>> = { id: 'id-ID', en: 'en-GB' };

const format = (language: Language, at: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(localeOf[language], options).format(at);

/** Hour, minute and second of a moment, in the time zone of whoever looks. */
export const clockTime = (language: Language, at: number): string =>
  format(language, at, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The same to the millisecond: the order of what devices did. */
export const preciseTime = (language: Language, at: number): string =>
  format(language, at, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });

/** Day and time of a moment, with its time zone: the record may be read elsewhere. */
export const dayAndTime = (language: Language, at: number): string =>
  format(language, at, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });

export const shortDayAndTime = (language: Language, at: number): string =>
  format(language, at, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** How long ago, in the largest unit that fits. */
export function ago(language: Language, at: number, now: number): string {
  const elapsedMs = Math.max(0, now - at);
  const [unit, unitMs] = UNITS.find(([, size]) => elapsedMs >= size) ?? ['second', 1_000];
  return new Intl.RelativeTimeFormat(localeOf[language], { numeric: 'always' }).format(
    -Math.floor(elapsedMs / unitMs),
    unit,
  );
}

/** A short span in its natural unit: milliseconds below a second. */
export function span(language: Language, ms: number): string {
  const unit = ms < 1_000 ? 'millisecond' : ms < 60_000 ? 'second' : 'minute';
  const value = ms / (unit === 'millisecond' ? 1 : unit === 'second' ? 1_000 : 60_000);
  return new Intl.NumberFormat(localeOf[language], {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: unit === 'millisecond' ? 0 : 1,
  }).format(value);
}

/** A countdown, in seconds up to a minute and a half and in minutes and seconds above. */
export function countdown(language: Language, seconds: number): string {
  const of = (value: number, unit: 'second' | 'minute'): string =>
    new Intl.NumberFormat(localeOf[language], { style: 'unit', unit, unitDisplay: 'long' }).format(
      value,
    );
  if (seconds < 90) return of(seconds, 'second');
  return `${of(Math.floor(seconds / 60), 'minute')} ${of(seconds % 60, 'second')}`;
}

export const figure = (language: Language, value: number): string =>
  new Intl.NumberFormat(localeOf[language]).format(value);
