import { err, ok, type Result } from '../../src/base/result.ts';
import { Mutex } from '../../src/base/mutex.ts';
import { canBeCalledBack, type CommandFailure, type CommandSpec } from '../contract/command.ts';
import { checkedAnswer, toCompletion } from '../contract/completion.ts';
import { findCommand } from '../contract/device-classes.ts';
import type { Driver } from '../contract/driver.ts';
import type { FromHost, ToHost } from '../contract/wire.ts';
import { relayFrom, withHeld } from './meeting.ts';

export type CommandFrame = Extract<ToHost, { type: 'command' }>;
export type LendFrame = Extract<ToHost, { type: 'lend' }>;

type Handler = (params: unknown, signal?: AbortSignal) => Promise<unknown>;
type Answer = Result<unknown, CommandFailure>;

const CANCELED: Answer = err({ kind: 'canceled' });

export interface DispatcherContext {
  readonly name: string;
  readonly driver: Driver;
  readonly send: (frame: FromHost) => void;
  readonly log: (line: string) => void;
}

/** Feeds one driver: acknowledges at once, then runs one command at a time in order of arrival. */
export class Dispatcher {
  readonly #context: DispatcherContext;
  readonly #lock = new Mutex();
  /** By request: what tells a command that waits or runs that nobody wants it any more. */
  readonly #unfinished = new Map<string, AbortController>();

  constructor(context: DispatcherContext) {
    this.#context = context;
  }

  /**
   * Completes when the command's completion has been sent. Rejects when the driver threw, which a driver
   * promises not to do; nothing is sent then, so that core sees the host die and no answer.
   */
  accept({ requestId, command, params }: CommandFrame): Promise<void> {
    return this.#serve(requestId, async (signal) => {
      const whole = await withHeld(params);
      // What could not be had was never given to the driver: nothing moved.
      if (!whole.ok) return err({ kind: 'invalidData', reason: whole.error.kind });
      return signal.aborted ? CANCELED : this.#give(command, whole.value, signal);
    });
  }

  /** Calls a command or lending back. One that has ended is no longer known: its completion is under way. */
  cancel(requestId: string): void {
    this.#unfinished.get(requestId)?.abort();
  }

  /** As accept; the command is given by whoever waits at the meeting, until that one hangs up. */
  lend({ requestId, command, to }: LendFrame): Promise<void> {
    return this.#serve(requestId, async (signal) => {
      const { effect } = findCommand(this.#context.driver.deviceClass, command) ?? {};
      if (effect !== 'none') return err({ kind: 'unsupported' });
      const give = async (params: unknown) =>
        toCompletion(await this.#give(command, params, signal));
      const lent = await relayFrom(to, give, signal);
      if (signal.aborted) return CANCELED;
      return lent.ok ? ok(lent.value) : err({ kind: 'notReady', reason: lent.error.kind });
    });
  }

  async #serve(requestId: string, work: (signal: AbortSignal) => Promise<Answer>): Promise<void> {
    const calledBack = new AbortController();
    const { signal } = calledBack;
    this.#unfinished.set(requestId, calledBack);
    this.#context.send({ type: 'acknowledge', requestId });
    const answer = await this.#lock.withLock(() => work(signal));
    this.#unfinished.delete(requestId);
    this.#context.send({ type: 'completion', requestId, ...toCompletion(answer) });
  }

  async #give(command: string, given: unknown, signal: AbortSignal): Promise<Answer> {
    const { name, driver } = this.#context;
    const spec = findCommand(driver.deviceClass, command);
    const handlers = driver.handlers as Readonly<Record<string, Handler | undefined>>;
    const handler = spec === undefined ? undefined : handlers[command]?.bind(handlers);
    if (spec === undefined || handler === undefined) return err({ kind: 'unsupported' });
    const params = spec.params.safeParse(given);
    if (!params.success) {
      const places = params.error.issues.map((issue) => issue.path.map(String).join('.'));
      this.#context.log(`${name}: ${command} got bad parameters at [${places.join(' ')}]`);
      return err({ kind: 'invalidData', reason: places.join(' ') });
    }
    // What moves media hears nothing of it: half a movement is worse than one that nobody wants.
    const heard = canBeCalledBack(spec) ? signal : undefined;
    return this.#checked(spec, command, await handler(params.data, heard));
  }

  #checked(spec: CommandSpec, command: string, answer: unknown): Answer {
    const checked = checkedAnswer(spec, answer);
    if (checked.breach !== undefined) {
      const places = checked.breach.join(' ');
      this.#context.log(`${this.#context.name}: ${command} broke its class at [${places}]`);
    }
    return checked;
  }
}
