import { cardPrinterCommands } from '../../drivers/contract/card-printer.ts';
import { cardReaderCommands } from '../../drivers/contract/card-reader.ts';
import { lending } from '../../drivers/contract/held.ts';
import { pagePrinterCommands } from '../../drivers/contract/page-printer.ts';
import type { DocumentKind } from '../domain/document.ts';
import { HOLDER_TRIES, RESERVE_TRIES, type AttemptLimits } from './time-limits.ts';

/**
 * How long an attempt may take at most, in milliseconds, from its reservation until no blank and no sheet is
 * under way any more: the sum of the time limits on its longest way. A jam that waits for a technician, and a
 * citizen who is asked about sheets, are left out: nothing moves meanwhile, and either is as uncertain after
 * a loss of power as before it. A finger, and the officer who may stand in for it, are asked for with the card
 * inside, and count.
 */
export function longestAttemptMs(
  kind: DocumentKind,
  limits: AttemptLimits,
  asksFinger: boolean,
): number {
  return claimMs(limits) + movingMs(kind, limits, asksFinger);
}

/** As much of it as is left when the first thing moves. */
export const movingMs = (kind: DocumentKind, limits: AttemptLimits, asksFinger: boolean): number =>
  printMs[kind](limits) + (asksFinger && kind === 'ktpEl' ? holderMs(limits) : 0);

const holderMs = ({ waiverMs }: AttemptLimits): number =>
  HOLDER_TRIES * lending.timeoutMs + waiverMs;

/** The tries of the reservation, reading it back, those of the signed order with what it covers, one renewal. */
const claimMs = ({ registryMs, materialMs }: AttemptLimits): number =>
  (RESERVE_TRIES + 1) * registryMs + RESERVE_TRIES * materialMs + registryMs;

const { feedBlank, printSide, presentCard, retractCard, rejectCard } = cardPrinterCommands;
const SIDES = 2;
/** Each movement is followed by a look at the printer's state and senses. */
const LOOK_MS =
  cardPrinterCommands.getStatus.timeoutMs + cardPrinterCommands.getCapabilities.timeoutMs;
const MOVEMENTS = 4 + SIDES;

/** Fed, printed, presented, not taken, drawn back and found inside. */
const cardMs = ({ takeMs }: AttemptLimits): number =>
  feedBlank.timeoutMs +
  SIDES * printSide.timeoutMs +
  presentCard.timeoutMs +
  takeMs +
  retractCard.timeoutMs +
  rejectCard.timeoutMs +
  MOVEMENTS * LOOK_MS;

const { printPdf, findJob, cancelJob } = pagePrinterCommands;

/** The chip is written, and read again after printing; each time the station is lent. */
const CHIP_MS = 2 * lending.timeoutMs;

const printMs: Readonly<Record<DocumentKind, (limits: AttemptLimits) => number>> = {
  ktpEl: (limits) => cardMs(limits) + CHIP_MS + cardReaderCommands.captureCard.timeoutMs,
  kia: cardMs,
  kk: () => printPdf.timeoutMs + 2 * findJob.timeoutMs + cancelJob.timeoutMs,
};
