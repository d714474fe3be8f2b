import { assert } from '../../base/assert.ts';
import type { RegistryTrouble, Reservation, ReserveRefusal } from '../../registry/ports.ts';
import type { AttemptProblem } from '../../domain/attempt-problem.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { trouble, type Finding } from '../finding.ts';
import { RESERVE_TRIES } from '../time-limits.ts';

/**
 * Asks for the reservation under the attempt's id: the same key as often as it takes, so that an answer
 * that got lost is given again and no second reservation is made. What stays unanswered is read back.
 */
export async function reserve(run: AttemptRun): Promise<Finding> {
  const { requests } = run.deps.registry;
  assert(run.order !== null, 'only a session reserves');
  if (run.refusal !== null) {
    const { problem, code, events = [] } = run.refusal;
    return { cause: 'refused', events, detail: trouble(run.detail, problem, code) };
  }
  const { attemptId } = run.detail;
  const ask = {
    claimToken: run.order.claimToken,
    requestId: run.detail.requestId,
    attemptId,
    printCode: run.order.printCode,
  };
  const options = { deadlineMs: run.limits.registryMs, idempotencyKey: attemptId };
  let mayBeReserved = false;
  let last: RegistryTrouble | null = null;
  for (let tried = 0; tried < RESERVE_TRIES; tried += 1) {
    const answer = await requests.reserve(ask, options);
    if (answer.ok) return found(run, answer.value);
    const { error } = answer;
    if (!isTrouble(error)) {
      if (error.kind === 'wrongPrintCode') run.triesLeft = error.triesLeft;
      return { cause: 'refused', detail: trouble(run.detail, refusalProblem(error), error.kind) };
    }
    last = error;
    if (error.kind !== 'unreachable') mayBeReserved = true;
  }
  if (mayBeReserved) {
    const read = await requests.readReservation(attemptId, { deadlineMs: run.limits.registryMs });
    if (read.ok) return found(run, read.value);
    // Denied in plain words. A call still on its way there makes a lease that nobody uses, and it lapses.
    mayBeReserved = read.error.kind !== 'unknownReservation';
  }
  const problem = last === null ? 'registryNoAnswer' : troubleProblem(last);
  return {
    cause: mayBeReserved ? 'unanswered' : 'refused',
    detail: trouble(run.detail, problem, last?.kind ?? 'noAnswer'),
  };
}

/** Given, and taken back before this answer arrived: nothing may be printed on it any more. */
const found = (run: AttemptRun, { state, leaseExpiresAt }: Reservation): Finding =>
  state === 'held'
    ? { cause: 'done', detail: { leaseExpiresAt } }
    : {
        cause: 'refused',
        detail: trouble(run.detail, 'notReadyAnymore', `reservation.${state}`),
      };

/** Gives the request back; what is not acknowledged now is sent by the outbox until it is. */
export async function release(run: AttemptRun): Promise<Finding> {
  const answer = await run.deps.registry.requests.release(run.detail.attemptId, {
    deadlineMs: run.limits.releaseMs,
    idempotencyKey: `release:${run.detail.attemptId}`,
  });
  return { cause: answer.ok ? 'done' : 'unanswered' };
}

const isTrouble = (error: ReserveRefusal | RegistryTrouble): error is RegistryTrouble =>
  error.kind === 'unreachable' || error.kind === 'noAnswer' || error.kind === 'nonsense';

export function troubleProblem(error: RegistryTrouble): AttemptProblem {
  switch (error.kind) {
    case 'unreachable':
      return 'registryUnreachable';
    case 'noAnswer':
      return 'registryNoAnswer';
    case 'nonsense':
      return 'registryNonsense';
  }
}

function refusalProblem(error: ReserveRefusal): AttemptProblem {
  switch (error.kind) {
    case 'notReady':
      return 'notReadyAnymore';
    case 'reservedElsewhere':
    case 'wrongPrintCode':
    case 'claimEnded':
    case 'limitReached':
      return error.kind;
  }
}
