import { err, ok, type Result } from '../../src/base/result.ts';
import { Mutex } from '../../src/base/mutex.ts';
import type { CommandFailure, CommandSpec } from '../contract/command.ts';
import { checkedAnswer, toCompletion } from '../contract/completion.ts';
import { findCommand } from '../contract/device-classes.ts';
import type { Driver } from '../contract/driver.ts';
import type { FromHost, ToHost } from '../contract/wire.ts';
import { relayFrom, withHeld } from './meeting.ts';

export type CommandFrame = Extract<ToHost, { type: 'command' }>;
export type LendFrame = Extract<ToHost, { type: 'lend' }>;

type Handler = (params: unknown) => Promise<unknown>;

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

  constructor(context: DispatcherContext) {
    this.#context = context;
  }

  /**
   * Completes when the command's completion has been sent. Rejects when the driver threw, which a driver
   * promises not to do; nothing is sent then, so that core sees the host die and no answer.
   */
  accept({ requestId, command, params }: CommandFrame): Promise<void> {
    return this.#serve(requestId, async () => {
      const whole = await withHeld(params);
      // What could not be had was never given to the driver: nothing moved.
      if (!whole.ok) return err({ kind: 'invalidData', reason: whole.error.kind });
      return this.#give(command, whole.value);
    });
  }

  /** As accept; the command is given by whoever waits at the meeting, until that one hangs up. */
  lend({ requestId, command, to }: LendFrame): Promise<void> {
    return this.#serve(requestId, async () => {
      const { effect } = findCommand(this.#context.driver.deviceClass, command) ?? {};
      if (effect !== 'none') return err({ kind: 'unsupported' });
      const lent = await relayFrom(to, async (params) =>
        toCompletion(await this.#give(command, params)),
      );
      return lent.ok ? ok(lent.value) : err({ kind: 'notReady', reason: lent.error.kind });
    });
  }

  async #serve(
    requestId: string,
    work: () => Promise<Result<unknown, CommandFailure>>,
  ): Promise<void> {
    this.#context.send({ type: 'acknowledge', requestId });
    const answer = await this.#lock.withLock(work);
    this.#context.send({ type: 'completion', requestId, ...toCompletion(answer) });
  }

  async #give(command: string, given: unknown): Promise<Result<unknown, CommandFailure>> {
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
    return this.#run(spec, command, handler, params.data);
  }

  async #run(
    spec: CommandSpec,
    command: string,
    handler: Handler,
    params: unknown,
  ): Promise<Result<unknown, CommandFailure>> {
    const checked = checkedAnswer(spec, await handler(params));
    if (checked.breach !== undefined) {
      const places = checked.breach.join(' ');
      this.#context.log(`${this.#context.name}: ${command} broke its class at [${places}]`);
    }
    return checked;
  }
}
