import type {
  CardCounters,
  CardPrinterCapabilities,
  CardPrinterStatus,
} from '../../../drivers/contract/card-printer.ts';

export type PresentStatus = 'presented' | 'notPresented' | 'unknown';

/** What a card printer says of itself at one moment. */
export interface Sight {
  readonly media: CardPrinterStatus['media'];
  readonly rejectBin: CardPrinterStatus['rejectBin'];
  readonly counters: CardCounters | null;
  /** Asked for where a card may be out; otherwise `unknown`. */
  readonly presented: PresentStatus;
}

export type Senses = Omit<CardPrinterCapabilities, 'feeders'>;

/** By how much each counter grew; null where the device has none or one cannot be believed. */
export type Growth = CardCounters | null;

/**
 * Null also when any counter went back: a device that forgot, or another one in its place, proves
 * nothing about what was counted before.
 */
export function growth(before: CardCounters | null, now: CardCounters | null): Growth {
  if (before === null || now === null) return null;
  const grown = {
    fed: now.fed - before.fed,
    printedSides: now.printedSides - before.printedSides,
    presented: now.presented - before.presented,
    taken: now.taken - before.taken,
    rejected: now.rejected - before.rejected,
    retracted: now.retracted - before.retracted,
  };
  return Object.values(grown).some((by) => by < 0) ? null : grown;
}

/** A reject bin that counts shows where a card ended that no other sensor sees. */
export const binProves = (senses: Senses): boolean =>
  senses.rejectBin && senses.rejectCount && senses.counters;

export const isInside = (sight: Sight): boolean =>
  sight.media === 'present' || sight.media === 'entering';
