import * as z from 'zod';
import { err, ok, type Result } from '../../src/base/result.ts';
import { assertNever } from '../../src/base/assert.ts';
import { canBeCalledBack, type CommandFailure, type CommandSpec } from './command.ts';
import type { FromHost } from './wire.ts';

/** The end of a command as it travels, without the request it belongs to. */
export type Completion = Omit<Extract<FromHost, { type: 'completion' }>, 'type' | 'requestId'>;

/** XFS4IoT has no completion code for a device that went away; it travels as a `hardwareError` of this reason. */
const DEVICE_GONE = 'deviceGone';
/** The reason of a `hardwareError` where a driver answered what its class does not allow. */
export const CONTRACT_BREACH = 'contractBreach';

const failureSchema: z.ZodType<CommandFailure> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('commandError'), errorCode: z.string() }),
  z.strictObject({ kind: z.literal('notReady'), reason: z.string() }),
  z.strictObject({ kind: z.literal('invalidData'), reason: z.string() }),
  z.strictObject({ kind: z.literal('unsupported') }),
  z.strictObject({ kind: z.literal('canceled') }),
  z.strictObject({ kind: z.literal('deviceGone') }),
  z.strictObject({ kind: z.literal('hardwareError'), reason: z.string() }),
  z.strictObject({ kind: z.literal('noAnswer') }),
]);

/** What a driver returned, held against its class. Anything the class does not allow is a `contractBreach`. */
export function checkedAnswer(
  spec: CommandSpec,
  answer: unknown,
): Result<unknown, CommandFailure> & { readonly breach?: readonly string[] } {
  const parsed = z
    .discriminatedUnion('ok', [
      z.strictObject({ ok: z.literal(true), value: spec.result }),
      z.strictObject({ ok: z.literal(false), error: failureSchema }),
    ])
    .safeParse(answer);
  if (!parsed.success) return breach(parsed.error.issues.map((issue) => issue.path.join('.')));
  if (parsed.data.ok) return ok(parsed.data.value);
  const failure = parsed.data.error;
  if (failure.kind === 'commandError' && !spec.errorCodes.includes(failure.errorCode)) {
    return breach([`error.errorCode ${failure.errorCode}`]);
  }
  // It would say that nothing moved, of a command that nobody could call back.
  if (failure.kind === 'canceled' && !canBeCalledBack(spec)) return breach(['error.kind canceled']);
  return err(failure);
}

const breach = (places: readonly string[]) => ({
  ...err<CommandFailure>({ kind: 'hardwareError', reason: CONTRACT_BREACH }),
  breach: places,
});

export function toCompletion(answer: Result<unknown, CommandFailure>): Completion {
  const end = { completionCode: 'success', errorCode: null, reason: null, payload: null } as const;
  if (answer.ok) return { ...end, payload: answer.value };
  const failure = answer.error;
  switch (failure.kind) {
    case 'commandError':
      return { ...end, completionCode: 'commandErrorCode', errorCode: failure.errorCode };
    case 'notReady':
      return { ...end, completionCode: 'deviceNotReady', reason: failure.reason };
    case 'invalidData':
      return { ...end, completionCode: 'invalidData', reason: failure.reason };
    case 'unsupported':
      return { ...end, completionCode: 'unsupportedCommand' };
    case 'canceled':
      return { ...end, completionCode: 'canceled' };
    case 'deviceGone':
      return { ...end, completionCode: 'hardwareError', reason: DEVICE_GONE };
    case 'hardwareError':
      return { ...end, completionCode: 'hardwareError', reason: failure.reason };
    case 'noAnswer':
      return { ...end, completionCode: 'timeOut' };
    default:
      return assertNever(failure);
  }
}

/** The way back; the payload is checked again, because it crossed a process. */
export function fromCompletion(
  spec: CommandSpec,
  completion: Completion,
): Result<unknown, CommandFailure> {
  return checkedAnswer(spec, answerOf(completion));
}

function answerOf(completion: Completion): Result<unknown, CommandFailure> {
  const reason = completion.reason ?? 'unknown';
  switch (completion.completionCode) {
    case 'success':
      return ok(completion.payload);
    case 'commandErrorCode':
      return err({ kind: 'commandError', errorCode: completion.errorCode ?? 'unknown' });
    case 'deviceNotReady':
      return err({ kind: 'notReady', reason });
    case 'invalidData':
      return err({ kind: 'invalidData', reason });
    case 'unsupportedCommand':
      return err({ kind: 'unsupported' });
    case 'canceled':
      return err({ kind: 'canceled' });
    case 'timeOut':
      return err({ kind: 'noAnswer' });
    case 'hardwareError':
      return err(
        reason === DEVICE_GONE ? { kind: 'deviceGone' } : { kind: 'hardwareError', reason },
      );
    case 'sequenceError':
    case 'fraudAttempt':
      return err({ kind: 'hardwareError', reason: completion.completionCode });
    default:
      return assertNever(completion.completionCode);
  }
}
