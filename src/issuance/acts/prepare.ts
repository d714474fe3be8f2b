import { assert } from '../../base/assert.ts';
import type { PrintOrder } from '../../domain/print-order.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { trouble, type Finding } from '../finding.ts';
import { isDocumentTrouble, type CheckedDocument } from '../ports.ts';
import type { AttemptProblem } from '../../domain/attempt-problem.ts';
import { registryForgot } from '../stock/registry-forgot.ts';
import { RESERVE_TRIES } from '../time-limits.ts';
import { troubleProblem } from './claim.ts';

/** Has the order fetched with what it covers, all of it checked and composed: before anything moves. */
export async function prepare(run: AttemptRun): Promise<Finding> {
  const missing = await fetchMaterial(run);
  if (missing?.code === 'unknownReservation') return reservationDenied(run);
  if (missing !== null) return refusal(run, missing.problem, missing.code);
  if (run.cancelled) return cancelled(run);
  const { deps, detail, order } = run;
  assert(order !== null, 'only a session prepares');
  const checked = await deps.documents.check({
    mode: deps.mode,
    requestId: detail.requestId,
    attemptId: detail.attemptId,
    terminalId: deps.journal.terminalId,
    documentKind: detail.documentKind,
  });
  if (!checked.ok) return refusal(run, checked.error.problem, checked.error.code);
  const { oldCard } = checked.value.order;
  const surrendered = order.oldCardHeld || detail.oldCardFate === 'captured';
  if (oldCard === 'toBeCapturedHere' && !surrendered) {
    return refusal(run, 'orderInvalid', 'order.oldCardNotHeld');
  }
  run.document = checked.value;
  if (checked.value.media === 'plainPaper') {
    return {
      cause: 'done',
      detail: { oldCard, pages: checked.value.pages },
      facts: { digest: checked.value.order.contentDigest },
    };
  }
  return composeCard(run, oldCard);
}

async function composeCard(run: AttemptRun, oldCard: PrintOrder['oldCard']): Promise<Finding> {
  const composed = await run.deps.documents.compose(run.detail.attemptId);
  if (!composed.ok) {
    const { kind } = composed.error;
    const problem = isDocumentTrouble(kind) ? 'checkNotDone' : 'orderInvalid';
    return refusal(run, problem, `compose.${kind}`);
  }
  if (run.cancelled) return cancelled(run);
  assert(composed.value.sides.length > 0, 'a card has at least one side to print');
  run.card = composed.value;
  return { cause: 'done', detail: { oldCard }, facts: { digest: composed.value.digest } };
}

/** null: it is fetched. */
async function fetchMaterial(
  run: AttemptRun,
): Promise<{ readonly problem: AttemptProblem; readonly code: string } | null> {
  let failed = { problem: 'registryNoAnswer' as AttemptProblem, code: 'noAnswer' };
  for (let tried = 0; tried < RESERVE_TRIES; tried += 1) {
    const answer = await run.deps.documents.fetch(run.detail.attemptId, {
      deadlineMs: run.limits.materialMs,
      requestId: run.detail.requestId,
    });
    if (answer.ok) return null;
    const { error } = answer;
    switch (error.kind) {
      case 'unknownReservation':
        return { problem: 'notReadyAnymore', code: error.kind };
      case 'notSignedYet':
        return { problem: 'notSignedYet', code: error.kind };
      case 'incompleteDocument':
      case 'nonsense':
        return { problem: 'registryNonsense', code: error.kind };
      case 'processEnded':
      case 'timedOut':
      case 'notHeld':
        failed = { problem: 'checkNotDone', code: `fetch.${error.kind}` };
        break;
      case 'unreachable':
      case 'noAnswer':
        failed = { problem: troubleProblem(error), code: error.kind };
    }
    if (run.cancelled) break;
  }
  return failed;
}

export const refusal = (run: AttemptRun, problem: AttemptProblem, code: string): Finding => ({
  cause: 'refused',
  detail: trouble(run.detail, problem, code),
});

/** It was held, and now the registry knows nothing of it: nothing moved, but what else has it forgotten? */
export const reservationDenied = (run: AttemptRun): Finding => {
  const { requestId, attemptId } = run.detail;
  const forgotten = { of: 'reservation', requestId } as const;
  return {
    ...refusal(run, 'notReadyAnymore', 'unknownReservation'),
    events: registryForgot(run.deps.journal.reader, forgotten, attemptId),
  };
};

export const cancelled = (run: AttemptRun): Finding => ({
  cause: 'cancelled',
  detail: trouble(run.detail, 'cancelled', 'cancelled'),
});

type CardToPrint = Extract<CheckedDocument, { media: 'controlledBlank' }>;

export const cardOf = (run: AttemptRun): CardToPrint => {
  assert(run.document?.media === 'controlledBlank', 'a card attempt has a checked card');
  return run.document;
};

export const needsChip = (run: AttemptRun): boolean => cardOf(run).chipDigest !== null;
