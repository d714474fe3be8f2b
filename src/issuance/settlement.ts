import { assert } from '../base/assert.ts';
import { mediaOf } from '../domain/document.ts';
import type { AttemptDetail } from './attempt-detail.ts';
import type { AttemptSettlement } from './issuance.ts';

/** What the session is told, all of it from what was committed. */
export function settlementOf(
  detail: AttemptDetail,
  more: { readonly triesLeft: number | null; readonly mayRetryNow: boolean },
): AttemptSettlement {
  const outcome = detail.comesTo;
  assert(detail.settled && outcome !== null, 'only a settled attempt has an outcome');
  const onStock = mediaOf[detail.documentKind] === 'controlledBlank';
  return {
    attemptId: detail.attemptId,
    outcome,
    evidence: detail.evidence,
    problem: outcome === 'delivered' ? null : detail.problem,
    triesLeft: more.triesLeft,
    blankSerial: outcome === 'notPrinted' ? null : (detail.blank?.serial ?? null),
    // It burns at the hand-over; a card that nobody can account for freezes the request as well.
    codeStillCounts: outcome !== 'delivered' && !(outcome === 'uncertain' && onStock),
    oldCard: detail.oldCardFate,
    mayRetryNow: more.mayRetryNow,
  };
}
