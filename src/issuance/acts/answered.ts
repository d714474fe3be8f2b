import { assert } from '../../base/assert.ts';
import type { CommandFailure } from '../../../drivers/contract/command.ts';
import type { Result } from '../../base/result.ts';
import type { AttemptRun } from '../attempt-run.ts';
import type { MovingCommand } from '../attempt-rule.ts';
import type { StateFacts } from '../finding.ts';
import type { CommandEnd } from '../judge/judge-card.ts';

type Answer = Result<unknown, CommandFailure>;

/** The record's word on how an announced command ended. */
export function answerTo(
  run: AttemptRun,
  { command, startedMs }: { readonly command: MovingCommand; readonly startedMs: number },
  answer: Answer,
): { readonly answer: NonNullable<StateFacts['answer']> } {
  assert(run.announced?.command === command, `${command} was given without being announced`);
  run.announced = null;
  return {
    answer: {
      ...endOf(answer),
      elapsedMs: Math.round(run.deps.clock.monotonicMs() - startedMs),
    },
  };
}

/** How a command ended, in the words of the record. */
export const endOf = (
  answer: Answer,
): { readonly end: 'success' | CommandFailure['kind']; readonly errorCode?: string } => ({
  end: answer.ok ? 'success' : answer.error.kind,
  ...(answer.ok || answer.error.kind !== 'commandError'
    ? {}
    : { errorCode: answer.error.errorCode }),
});

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
