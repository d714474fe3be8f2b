import { assert } from '../../base/assert.ts';
import type { PrintMaterial } from '../../registry/ports.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { trouble, type Finding } from '../finding.ts';
import { checkMaterial, hasChip, isNotDone, type CheckedCard } from '../order-gate.ts';
import type { AttemptProblem } from '../../domain/attempt-problem.ts';
import { RESERVE_TRIES } from '../time-limits.ts';
import { troubleProblem } from './claim.ts';

/** Fetches the order with what it covers, checks all of it and composes: before anything moves. */
export async function prepare(run: AttemptRun): Promise<Finding> {
  const material = await fetchMaterial(run);
  if ('problem' in material) return refusal(run, material.problem, material.code);
  if (run.cancelled) return cancelled(run);
  const { deps, detail, order } = run;
  assert(order !== null, 'only a session prepares');
  const checked = await checkMaterial(
    material,
    {
      mode: deps.mode,
      requestId: detail.requestId,
      attemptId: detail.attemptId,
      terminalId: deps.journal.terminalId,
      documentKind: detail.documentKind,
    },
    deps.documents,
  );
  if (!checked.ok) return refusal(run, checked.error.problem, checked.error.code);
  const { oldCard } = checked.value.order;
  const surrendered = order.oldCardHeld || detail.oldCardFate === 'captured';
  if (oldCard === 'toBeCapturedHere' && !surrendered) {
    return refusal(run, 'orderInvalid', 'order.oldCardNotHeld');
  }
  run.material = checked.value;
  if (checked.value.media === 'plainPaper') {
    return {
      cause: 'done',
      detail: { oldCard, pages: checked.value.pages },
      facts: { digest: checked.value.order.contentDigest },
    };
  }
  return composeCard(run, checked.value);
}

async function composeCard(run: AttemptRun, checked: CheckedCard): Promise<Finding> {
  const composed = await run.deps.documents.compose(checked.fields, checked.photo);
  if (!composed.ok) {
    const { kind } = composed.error;
    return refusal(run, isNotDone(kind) ? 'checkNotDone' : 'orderInvalid', `compose.${kind}`);
  }
  if (run.cancelled) return cancelled(run);
  assert(composed.value.sides.length > 0, 'a card has at least one side to print');
  run.card = composed.value;
  return {
    cause: 'done',
    detail: { oldCard: checked.order.oldCard },
    facts: { digest: composed.value.digest },
  };
}

async function fetchMaterial(
  run: AttemptRun,
): Promise<PrintMaterial | { readonly problem: AttemptProblem; readonly code: string }> {
  let failed = { problem: 'registryNoAnswer' as AttemptProblem, code: 'noAnswer' };
  for (let tried = 0; tried < RESERVE_TRIES; tried += 1) {
    const answer = await run.deps.registry.documents.printMaterial(run.detail.attemptId, {
      deadlineMs: run.limits.materialMs,
    });
    if (answer.ok) return answer.value;
    const { error } = answer;
    switch (error.kind) {
      case 'unknownReservation':
        return { problem: 'notReadyAnymore', code: error.kind };
      case 'notSignedYet':
        return { problem: 'notSignedYet', code: error.kind };
      case 'nonsense':
        return { problem: 'registryNonsense', code: error.kind };
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

export const cancelled = (run: AttemptRun): Finding => ({
  cause: 'cancelled',
  detail: trouble(run.detail, 'cancelled', 'cancelled'),
});

export const cardOf = (run: AttemptRun): CheckedCard => {
  assert(run.material?.media === 'controlledBlank', 'a card attempt has checked card material');
  return run.material;
};

export const needsChip = (run: AttemptRun): boolean => hasChip(cardOf(run).blankKind);
