import * as z from 'zod';
import type { Clock } from '../../src/base/clock.ts';
import { LineLink } from '../../src/base/line-link.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CommandFailure, CommandSpec } from './command.ts';
import { checkedAnswer } from './completion.ts';
import { deviceClasses, type Commands } from './device-classes.ts';
import type { CommandHandlers, Driver, DriverFactory, EmitEvent } from './driver.ts';
import { lineEventSchema, type LineEvent } from './line-words.ts';
import { away, StatusTeller } from './status-teller.ts';
import type { CommonStatus, DeviceClass } from './words.ts';

export const lineDriverOptionsSchema = z.strictObject({
  /** The cabinet's device socket. */
  socketPath: z.string(),
  retryMs: z.number().int().positive().default(500),
  /** How long to wait for any answer; null for nine tenths of what core waits for that command. */
  answerTimeoutMs: z.number().int().positive().nullable().default(null),
});
export type LineDriverOptions = z.infer<typeof lineDriverOptionsSchema>;

/** The driver stops waiting a little before core does, so that core hears `noAnswer` from it. */
const PATIENCE = 0.9;

export interface SimulatedDevice<C extends DeviceClass> {
  readonly deviceClass: C;
  /** Its name on the cabinet's socket. */
  readonly name: string;
  /** What its status says besides the common part while it cannot be reached. */
  readonly unseen: Omit<z.infer<Commands<C>['getStatus']['result']>, keyof CommonStatus>;
}

/** Carries the commands of any class over the line to a simulated device, and its answers and events back. */
class LineDriver<C extends DeviceClass> implements Driver<C> {
  readonly deviceClass: C;
  readonly handlers: CommandHandlers<C>;
  readonly #link: LineLink;
  readonly #answerTimeoutMs: number | null;
  readonly #events: z.ZodType<LineEvent<C>>;
  readonly #emit: EmitEvent<C>;
  readonly #status: StatusTeller;

  constructor(
    device: SimulatedDevice<C>,
    options: LineDriverOptions,
    emit: EmitEvent<C>,
    clock: Clock,
  ) {
    this.deviceClass = device.deviceClass;
    this.#emit = emit;
    this.#answerTimeoutMs = options.answerTimeoutMs;
    this.#events = lineEventSchema(device.deviceClass);
    this.#status = new StatusTeller((status) => this.#tell('statusChanged', status));
    this.#link = new LineLink({
      socketPath: options.socketPath,
      hello: { device: device.name },
      retryMs: options.retryMs,
      clock,
      onUp: () => undefined,
      onDown: (reason) => this.#status.tell(away(reason)),
      onEvent: (raw) => this.#hear(raw),
    });
    const commands: readonly (readonly [string, CommandSpec])[] = Object.entries(
      deviceClasses[device.deviceClass].commands,
    );
    const handlers = commands.map(([name, spec]) => [
      name,
      async (params: unknown) => {
        const answer = await this.#ask(name, spec, params);
        const gone = name === 'getStatus' && !answer.ok && answer.error.kind === 'deviceGone';
        return gone ? ok({ ...away('unreachable'), ...device.unseen }) : answer;
      },
    ]);
    // One handler for each command of the class, whose table TypeScript cannot follow by name.
    this.handlers = Object.fromEntries(handlers) as CommandHandlers<C>;
  }

  start(): Promise<void> {
    return this.#link.start();
  }

  stop(): Promise<void> {
    return this.#link.stop();
  }

  async #ask(
    command: string,
    spec: CommandSpec,
    params: unknown,
  ): Promise<Result<unknown, CommandFailure>> {
    const waitMs = this.#answerTimeoutMs ?? spec.timeoutMs * PATIENCE;
    const reply = await this.#link.request({ command, params }, waitMs);
    if (!reply.ok) {
      return err({ kind: reply.error.kind === 'noAnswer' ? 'noAnswer' : 'deviceGone' });
    }
    return checkedAnswer(spec, reply.value);
  }

  /** An event outside the class tells nothing that could be passed on; the status still can be asked. */
  #hear(raw: unknown): void {
    const heard = this.#events.safeParse(raw);
    if (!heard.success) return;
    const { event, payload } = heard.data as { event: string; payload: CommonStatus };
    if (event === 'statusChanged') this.#status.tell(payload);
    else this.#tell(event, payload);
  }

  /** The payload was checked against that event of the class. */
  #tell(event: string, payload: unknown): void {
    (this.#emit as (event: string, payload: unknown) => void)(event, payload);
  }
}

/** A simulated device of any class as the host opens it. */
export const lineDriverFactory = <C extends DeviceClass>(
  device: SimulatedDevice<C>,
  clock: Clock,
): DriverFactory<C, LineDriverOptions> => ({
  deviceClass: device.deviceClass,
  options: lineDriverOptionsSchema,
  real: false,
  create: (options, emit) => new LineDriver(device, options, emit, clock),
});
