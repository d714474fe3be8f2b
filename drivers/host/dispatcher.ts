import { err, type Result } from '../../src/base/result.ts';
import { Mutex } from '../../src/base/mutex.ts';
import type { CommandFailure, CommandSpec } from '../contract/command.ts';
import { checkedAnswer, toCompletion } from '../contract/completion.ts';
import { findCommand } from '../contract/device-classes.ts';
import type { Driver } from '../contract/driver.ts';
import type { FromHost, ToHost } from '../contract/wire.ts';

export type CommandFrame = Extract<ToHost, { type: 'command' }>;

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
  async accept(frame: CommandFrame): Promise<void> {
    this.#context.send({ type: 'acknowledge', requestId: frame.requestId });
    const answer = await this.#answer(frame);
    const { requestId } = frame;
    this.#context.send({ type: 'completion', requestId, ...toCompletion(answer) });
  }

  async #answer(frame: CommandFrame): Promise<Result<unknown, CommandFailure>> {
    const { name, driver } = this.#context;
    const spec = findCommand(driver.deviceClass, frame.command);
    const handlers = driver.handlers as Readonly<Record<string, Handler | undefined>>;
    const handler = spec === undefined ? undefined : handlers[frame.command]?.bind(handlers);
    if (spec === undefined || handler === undefined) return err({ kind: 'unsupported' });
    const params = spec.params.safeParse(frame.params);
    if (!params.success) {
      const places = params.error.issues.map((issue) => issue.path.map(String).join('.'));
      this.#context.log(`${name}: ${frame.command} got bad parameters at [${places.join(' ')}]`);
      return err({ kind: 'invalidData', reason: places.join(' ') });
    }
    return this.#lock.withLock(() => this.#run(spec, frame.command, handler, params.data));
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
