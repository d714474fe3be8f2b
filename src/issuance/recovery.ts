import type { Outcome } from '../domain/attempt.ts';
import { mediaOf } from '../domain/document.ts';
import type { AttemptBook } from './attempt-book.ts';
import type { AttemptDetail } from './attempt-detail.ts';
import type { AttemptMachine } from './attempt-machine.ts';
import { AttemptRun } from './attempt-run.ts';
import type { BlankStock } from './blank-stock.ts';
import type { RecoverySummary } from './issuance.ts';
import type { LeftCard } from './left-card.ts';
import type { IssuanceDeps } from './ports.ts';
import type { Questions } from './questions.ts';
import type { AttemptLimits } from './time-limits.ts';
import { untilDevicesAnswer } from './until-devices-answer.ts';

export interface RecoveryParts {
  readonly deps: IssuanceDeps;
  readonly limits: AttemptLimits;
  readonly book: AttemptBook;
  readonly stock: BlankStock;
  readonly machine: AttemptMachine;
  readonly questions: Questions;
  readonly leftCard: LeftCard;
}

/**
 * Visits every attempt that the last run left without an outcome, oldest first, and brings each to an
 * end that is proved, or to people. It runs again unharmed when it was itself cut short.
 */
export async function recover(parts: RecoveryParts): Promise<RecoverySummary> {
  const { book } = parts;
  const unsettled = book.unsettled();
  const byOutcome: Record<Outcome, number> = {
    delivered: 0,
    notPrinted: 0,
    spoiled: 0,
    retracted: 0,
    uncertain: 0,
  };
  if (unsettled.length > 0) await untilAnswers(parts, unsettled);
  for (const detail of unsettled) {
    const run = new AttemptRun(parts.deps, parts.stock, parts.limits, null, detail);
    await parts.machine.recover(run, parts.questions);
    if (run.detail.comesTo !== null) byOutcome[run.detail.comesTo] += 1;
  }
  const oldCardCaptured = await parts.leftCard.keep();
  return {
    visited: unsettled.length,
    byOutcome,
    unresolved: book.unresolvedCards().map(({ attemptId }) => attemptId),
    oldCardCaptured,
  };
}

function untilAnswers(
  { deps, limits }: RecoveryParts,
  unsettled: readonly AttemptDetail[],
): Promise<void> {
  const wanted = new Set(unsettled.map(({ documentKind }) => mediaOf[documentKind]));
  const { cardPrinter, pagePrinter, cardReader } = deps.devices;
  const heldOld = unsettled.some(({ oldCardFate }) => oldCardFate === 'held');
  return untilDevicesAnswer(deps.clock, limits, [
    ...(wanted.has('controlledBlank') && cardPrinter !== null ? [cardPrinter] : []),
    ...(wanted.has('plainPaper') && pagePrinter !== null ? [pagePrinter] : []),
    ...(heldOld && cardReader !== null ? [cardReader] : []),
  ]);
}
