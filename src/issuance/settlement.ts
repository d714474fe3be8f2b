import { assert } from '../base/assert.ts';
import { mediaOf } from '../domain/document.ts';
import type { AttemptDetail } from './attempt-detail.ts';
import type { AttemptSettlement } from './issuance.ts';

/** What the registry is known to have made of a request after its report. */
export type RequestAfter = 'ready' | 'withPeople' | 'unknown';

/** What is known beside the committed detail. */
export interface SettlementFacts {
  readonly triesLeft: number | null;
  readonly registryHasIt: RequestAfter;
  /** Blanks spoiled for this request on this terminal, this one included. */
  readonly spoiled: number;
  readonly mayRetryNow: boolean;
}

/** What the session is told, all of it from what was committed or answered. */
export function settlementOf(detail: AttemptDetail, facts: SettlementFacts): AttemptSettlement {
  const outcome = detail.comesTo;
  assert(detail.settled && outcome !== null, 'only a settled attempt has an outcome');
  return {
    attemptId: detail.attemptId,
    outcome,
    evidence: detail.evidence,
    problem: outcome === 'delivered' ? null : detail.problem,
    triesLeft: facts.triesLeft,
    blankSerial: outcome === 'notPrinted' ? null : (detail.blank?.serial ?? null),
    codeStillCounts: codeStillCounts(detail, outcome, facts),
    oldCard: detail.oldCardFate,
    mayRetryNow: facts.mayRetryNow,
  };
}

/** Promised only where no officer has to decide first: a code that a terminal then refuses was a lie. */
function codeStillCounts(
  { documentKind, problem, state }: AttemptDetail,
  outcome: AttemptSettlement['outcome'],
  { registryHasIt, spoiled }: SettlementFacts,
): boolean {
  switch (outcome) {
    case 'delivered':
    // The card lies in the bin for the desk, which hands it over.
    case 'retracted':
      return false;
    case 'notPrinted':
      return problem !== 'limitReached' && problem !== 'notReadyAnymore';
    case 'spoiled':
      // The card was printed well, and the desk may hand it over.
      if (state === 'heldBack') return false;
      return registryHasIt === 'unknown' ? spoiled < 2 : registryHasIt === 'ready';
    case 'uncertain':
      return mediaOf[documentKind] === 'plainPaper' && registryHasIt !== 'withPeople';
  }
}
