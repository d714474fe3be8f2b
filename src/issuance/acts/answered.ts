import { assert } from '../../base/assert.ts';
import type { CommandFailure } from '../../../drivers/contract/command.ts';
import type { Result } from '../../base/result.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { sensorsOf } from '../finding.ts';
import type { CommandEnd } from '../judge/judge-card.ts';
import type { Sight } from '../judge/sight.ts';

type Answer = Result<unknown, CommandFailure>;

/** The record's word on how an announced command ended. */
export function answeredEvent(
  run: AttemptRun,
  command: { readonly device: string; readonly command: string; readonly startedMs: number },
  answer: Answer,
  sight: Sight | null,
): JournalEvent {
  assert(run.commandId !== null, `${command.command} was given without being announced`);
  const commandId = run.commandId;
  run.commandId = null;
  return {
    kind: 'attempt.deviceAnswered',
    attemptId: run.detail.attemptId,
    commandId,
    device: command.device,
    command: command.command,
    end: answer.ok ? 'success' : answer.error.kind,
    ...(answer.ok || answer.error.kind !== 'commandError'
      ? {}
      : { errorCode: answer.error.errorCode }),
    elapsedMs: Math.round(run.deps.clock.monotonicMs() - command.startedMs),
    ...sensorsOf(sight),
  };
}

/** `refusals` are the error codes by which the device says that nothing moved; the contract vouches for the rest. */
export function commandEndOf(answer: Answer, refusals: readonly string[]): CommandEnd {
  if (answer.ok) return 'done';
  switch (answer.error.kind) {
    case 'commandError':
      return refusals.includes(answer.error.errorCode) ? 'refused' : 'failed';
    case 'notReady':
    case 'invalidData':
    case 'unsupported':
      return 'notStarted';
    case 'canceled':
    case 'deviceGone':
    case 'hardwareError':
    case 'noAnswer':
      return 'failed';
  }
}

/** One code for the record and the registry. */
export const faultOf = (answer: Answer): string => {
  if (answer.ok) return 'notProved';
  return answer.error.kind === 'commandError' ? answer.error.errorCode : answer.error.kind;
};
