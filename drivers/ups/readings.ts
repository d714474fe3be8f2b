import type { Power } from '../contract/ups.ts';
import { ONLINE } from '../contract/status-teller.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { Variables } from './protocol.ts';

/*
 * Names of variables: NUT developer guide, appendix "NUT command and variable naming scheme", device type `ups`.
 * Words of `ups.status`: the same guide, "Creating a new driver", section "Status data"; RFC 9271 lists them too.
 */
const STATUS = 'ups.status';
const RUNTIME = 'battery.runtime';
const CHARGE = 'battery.charge';

/** What a word of `ups.status` says to a technician, the worst first. */
const reasonOf = {
  FSD: 'forcedShutdown',
  LB: 'batteryLow',
  OB: 'onBattery',
  OFF: 'outputOff',
  OVER: 'overloaded',
  RB: 'replaceBattery',
  BYPASS: 'bypassed',
  CAL: 'calibrating',
  ALARM: 'alarm',
} as const;

/** Words after which somebody has to come, and not only wait for the mains. */
const needsSomebody = ['RB', 'OVER', 'OFF', 'ALARM'];

/** What the UPS tells of itself at all. */
export const tells = (variables: Variables): { runtime: boolean; charge: boolean } => ({
  runtime: variables.has(RUNTIME),
  charge: variables.has(CHARGE),
});

/** The power as the variables of one moment say it; whatever they do not say is unknown. */
export function powerOf(variables: Variables): Power {
  const words = statusWords(variables);
  return {
    source: sourceOf(words),
    batteryLow: batteryLowOf(words),
    runtimeLeftS: wholeNumber(variables.get(RUNTIME), Number.MAX_SAFE_INTEGER),
    chargePercent: wholeNumber(variables.get(CHARGE), 100),
  };
}

export function statusOf(variables: Variables): CommonStatus {
  const words = statusWords(variables);
  const reasons = Object.entries(reasonOf).flatMap(([word, reason]) =>
    words.has(word) ? [reason] : [],
  );
  const requiredAction = needsSomebody.some((word) => words.has(word)) ? 'maintenance' : 'none';
  if (sourceOf(words) === 'unknown' && reasons.length === 0) {
    return { ...ONLINE, reasons: ['sourceNotTold'] };
  }
  return { ...ONLINE, reasons, requiredAction };
}

const statusWords = (variables: Variables): ReadonlySet<string> =>
  new Set((variables.get(STATUS) ?? '').split(' ').filter((word) => word !== ''));

/**
 * `OL` is mains and `OB` battery; neither, or both, says nothing. Nor does mains that is there but on its way
 * out: a UPS whose output is off feeds somebody else, and with `FSD` the power is cut whatever the mains does.
 */
function sourceOf(words: ReadonlySet<string>): Power['source'] {
  const onLine = words.has('OL');
  if (words.has('OB')) return onLine ? 'unknown' : 'battery';
  return onLine && !words.has('OFF') && !words.has('FSD') ? 'mains' : 'unknown';
}

/** That `LB` is not there says something only where the UPS told how it stands at all. */
function batteryLowOf(words: ReadonlySet<string>): boolean | null {
  if (words.has('LB') || words.has('FSD')) return true;
  return words.has('OL') || words.has('OB') ? false : null;
}

/** Drivers write `1234`, `1234.00` or `  12`; the part behind the point is dropped, never rounded up. */
function wholeNumber(text: string | undefined, max: number): number | null {
  const found = /^ *(\d{1,9})(?:\.\d*)? *$/.exec(text ?? '');
  const value = Number(found?.[1] ?? Number.NaN);
  return value <= max ? value : null;
}
