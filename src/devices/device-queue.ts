import { assert } from '../base/assert.ts';
import type { Clock, TimerHandle } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { Mutex } from '../base/mutex.ts';
import { err, type Result } from '../base/result.ts';
import {
  canBeCalledBack,
  type CommandFailure,
  type CommandSpec,
} from '../../drivers/contract/command.ts';
import { fromCompletion, type Completion } from '../../drivers/contract/completion.ts';
import { lending, type Meeting } from '../../drivers/contract/held.ts';
import { findCommand } from '../../drivers/contract/device-classes.ts';
import type { HostProcess } from './host-process.ts';
import type { CommandContext, DeviceConfig, LateCompletion } from './ports.ts';
import type { DeviceRequest, HostAnswer } from './request-table.ts';

export type CommandAnswer = Result<unknown, CommandFailure>;

export interface QueueHandlers {
  readonly onSettled: (command: string, spec: CommandSpec, answer: CommandAnswer) => void;
  readonly onLate: (late: LateCompletion) => void;
}

interface Outgoing {
  /** By whose results and time limit the answer is judged. */
  readonly spec: CommandSpec;
  readonly request: DeviceRequest;
  /** Aborted when whoever asked does not want it any more. */
  readonly signal: AbortSignal | undefined;
}

const CANCELED: CommandAnswer = err({ kind: 'canceled' });

/** How long a command may stay overdue before its host is restarted to get the device back. */
export const OVERDUE_GRACE_MS = 30_000;

/** Reasons of a `notReady` that the queue gave by itself: nothing was sent, and the device said nothing. */
export const QUEUE_REFUSALS = ['hostDown', 'previousCommandOverdue'] as const;

const notReady = (reason: (typeof QUEUE_REFUSALS)[number]): CommandAnswer =>
  err({ kind: 'notReady', reason });

/** The commands of one device: one at a time, each sent at most once. */
export class DeviceQueue {
  readonly #device: DeviceConfig;
  readonly #host: HostProcess;
  readonly #clock: Clock;
  readonly #handlers: QueueHandlers;
  readonly #lock = new Mutex();
  #waiting = 0;
  #overdue: { readonly grace: TimerHandle } | null = null;

  constructor(device: DeviceConfig, host: HostProcess, clock: Clock, handlers: QueueHandlers) {
    this.#device = device;
    this.#host = host;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /** True when nothing runs, waits or is overdue. */
  get idle(): boolean {
    return this.#waiting === 0 && this.#overdue === null;
  }

  /**
   * Completes with the device's answer, `deviceGone` when its host ended first, or `noAnswer` when the
   * command's time, counted from the moment it is sent, ran out. `notReady` means that it was not sent.
   * A signal that is aborted before the command's turn ends it at once as `canceled`; it is not sent.
   */
  execute(command: string, params: unknown, context: CommandContext): Promise<CommandAnswer> {
    const spec = this.#specOf(command);
    const request = { type: 'command', ...this.#to(command, context), params } as const;
    return this.#unlessCanceled({ spec, request, signal: context.signal });
  }

  /** As execute; completes when the borrower has hung up. */
  lend(command: string, to: Meeting, context: CommandContext): Promise<CommandAnswer> {
    const { effect } = this.#specOf(command);
    assert(effect === 'none', 'what moves media is given once, and by nobody else');
    const request = { type: 'lend', ...this.#to(command, context), to } as const;
    return this.#unlessCanceled({ spec: lending, request, signal: context.signal });
  }

  #specOf(command: string): CommandSpec {
    const spec = findCommand(this.#device.deviceClass, command);
    assert(spec !== undefined, `${this.#device.deviceClass} has no command ${command}`);
    return spec;
  }

  #to(command: string, { sessionId }: CommandContext) {
    return { requestId: newId('cmd'), device: this.#device.name, command, sessionId };
  }

  /** Whoever calls a command back that waits need not wait for the one before it. */
  async #unlessCanceled(outgoing: Outgoing): Promise<CommandAnswer> {
    const { signal } = outgoing;
    if (signal === undefined) return this.#inTurn(outgoing, () => undefined);
    if (signal.aborted) return CANCELED;
    const calledBack = Promise.withResolvers<CommandAnswer>();
    const onAbort = (): void => calledBack.resolve(CANCELED);
    signal.addEventListener('abort', onAbort);
    const itsTurn = (): void => signal.removeEventListener('abort', onAbort);
    try {
      return await Promise.race([this.#inTurn(outgoing, itsTurn), calledBack.promise]);
    } finally {
      itsTurn();
    }
  }

  async #inTurn(outgoing: Outgoing, itsTurn: () => void): Promise<CommandAnswer> {
    this.#waiting += 1;
    try {
      return await this.#lock.withLock(async () => {
        itsTurn();
        const { renewed } = this.#host;
        if (renewed !== null) await renewed;
        if (outgoing.signal?.aborted === true) return CANCELED;
        const refusal = this.#refusal();
        if (refusal !== null) return refusal;
        const answer = await this.#send(outgoing);
        this.#handlers.onSettled(outgoing.request.command, outgoing.spec, answer);
        return answer;
      });
    } finally {
      this.#waiting -= 1;
    }
  }

  /**
   * Whatever waited behind a command whose host died meets a host that is down, and ends here: it was
   * meant for a device in another condition.
   */
  #refusal(): CommandAnswer | null {
    if (!this.#host.accepting) return notReady('hostDown');
    return this.#overdue === null ? null : notReady('previousCommandOverdue');
  }

  #send(outgoing: Outgoing): Promise<CommandAnswer> {
    const { spec, request, signal } = outgoing;
    const callBack = (): void => {
      if (canBeCalledBack(spec)) this.#host.cancel(request);
    };
    return new Promise((resolve) => {
      const timer = this.#clock.after(spec.timeoutMs, () => {
        this.#becomeOverdue(request.command);
        resolve(err({ kind: 'noAnswer' }));
        // A driver that heeds it has its device back before the host must be restarted.
        callBack();
        this.#host.giveUpOn(request.requestId);
      });
      signal?.addEventListener('abort', callBack);
      this.#host.send(request, (answer) => {
        signal?.removeEventListener('abort', callBack);
        if (this.#overdue === null) {
          timer.cancel();
          resolve(resultOf(spec, answer));
          return;
        }
        this.#overdue.grace.cancel();
        this.#overdue = null;
        if (answer.kind === 'completion') {
          this.#handlers.onLate(this.#late(outgoing, answer.completion));
        }
      });
    });
  }

  #becomeOverdue(command: string): void {
    const what = `${this.#device.name} ${command}`;
    const grace = this.#clock.after(OVERDUE_GRACE_MS, () => this.#host.restartWhenQuiet(what));
    this.#overdue = { grace };
  }

  #late({ spec, request }: Outgoing, completion: Completion): LateCompletion {
    return {
      device: this.#device.name,
      command: request.command,
      requestId: request.requestId,
      sessionId: request.sessionId,
      completionCode: completion.completionCode,
      errorCode: completion.errorCode,
      payload: spec.effect === 'movesMedia' ? completion.payload : null,
    };
  }
}

function resultOf(spec: CommandSpec, answer: HostAnswer): CommandAnswer {
  return answer.kind === 'hostGone'
    ? err({ kind: 'deviceGone' })
    : fromCompletion(spec, answer.completion);
}
