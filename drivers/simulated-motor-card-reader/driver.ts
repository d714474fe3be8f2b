import { z } from 'zod';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { LineLink } from '../../src/base/line-link.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { cardReaderCommands, type CardReaderStatus } from '../contract/card-reader.ts';
import type {
  CommandFailure,
  CommandSpec,
  ErrorCodeOf,
  ParamsOf,
  ResultOf,
} from '../contract/command.ts';
import { checkedAnswer } from '../contract/completion.ts';
import type { CommandHandlers, Driver, DriverFactory, EmitEvent } from '../contract/driver.ts';
import type { CommonStatus } from '../contract/words.ts';
import { MOTOR_READER_DEVICE, motorReaderEventSchema } from './protocol.ts';

export const simulatedMotorCardReaderOptionsSchema = z.strictObject({
  /** The cabinet's device socket. */
  socketPath: z.string(),
  retryMs: z.number().int().positive().default(500),
  /** How long to wait for any answer; null for nine tenths of what core waits for that command. */
  answerTimeoutMs: z.number().int().positive().nullable().default(null),
});
export type SimulatedMotorCardReaderOptions = z.infer<typeof simulatedMotorCardReaderOptionsSchema>;

const AWAY_STATUS: CommonStatus = {
  state: 'powerOff',
  reasons: ['unreachable'],
  requiredAction: 'maintenance',
};

/** What is known of a device that cannot be reached. */
const AWAY: CardReaderStatus = {
  ...AWAY_STATUS,
  card: 'unknown',
  captureBin: 'unknown',
  capturedCount: null,
};

/** The driver stops waiting a little before core does, so that core hears `noAnswer` from it. */
const PATIENCE = 0.9;

class SimulatedMotorCardReader implements Driver<'cardReader'> {
  readonly deviceClass = 'cardReader';
  readonly handlers: CommandHandlers<'cardReader'>;
  readonly #link: LineLink;
  readonly #answerTimeoutMs: number | null;
  readonly #emit: EmitEvent<'cardReader'>;
  #said: CommonStatus | null = null;

  constructor(
    options: SimulatedMotorCardReaderOptions,
    emit: EmitEvent<'cardReader'>,
    clock: Clock,
  ) {
    this.#emit = emit;
    this.#answerTimeoutMs = options.answerTimeoutMs;
    this.#link = new LineLink({
      socketPath: options.socketPath,
      hello: { device: MOTOR_READER_DEVICE },
      retryMs: options.retryMs,
      clock,
      onUp: () => undefined,
      onDown: (reason) => this.#say({ ...AWAY_STATUS, reasons: [reason] }),
      onEvent: (raw) => this.#tell(raw),
    });
    const askStatus = this.#handler('getStatus', cardReaderCommands.getStatus);
    this.handlers = {
      getStatus: async (params) => {
        const status = await askStatus(params);
        return !status.ok && status.error.kind === 'deviceGone' ? ok(AWAY) : status;
      },
      getCapabilities: this.#handler('getCapabilities', cardReaderCommands.getCapabilities),
      readIdentity: this.#handler('readIdentity', cardReaderCommands.readIdentity),
      acceptCard: this.#handler('acceptCard', cardReaderCommands.acceptCard),
      captureCard: this.#handler('captureCard', cardReaderCommands.captureCard),
      returnCard: this.#handler('returnCard', cardReaderCommands.returnCard),
    };
  }

  start(): Promise<void> {
    return this.#link.start();
  }

  stop(): Promise<void> {
    return this.#link.stop();
  }

  /** An event outside the protocol tells nothing that could be passed on; the status still can be asked. */
  #tell(raw: unknown): void {
    const event = motorReaderEventSchema.safeParse(raw);
    if (!event.success) return;
    if (event.data.event === 'statusChanged') this.#say(event.data.status);
    else this.#emit(event.data.event, {});
  }

  /** While the cabinet is away each attempt to reach it fails alike, which is no news. */
  #say(status: CommonStatus): void {
    if (JSON.stringify(status) === JSON.stringify(this.#said)) return;
    this.#said = status;
    this.#emit('statusChanged', status);
  }

  #handler<S extends CommandSpec>(
    command: string,
    spec: S,
  ): (params: ParamsOf<S>) => Promise<Result<ResultOf<S>, CommandFailure<ErrorCodeOf<S>>>> {
    return async (params) => {
      const waitMs = this.#answerTimeoutMs ?? spec.timeoutMs * PATIENCE;
      const reply = await this.#link.request({ command, params }, waitMs);
      if (!reply.ok) {
        return err({ kind: reply.error.kind === 'noAnswer' ? 'noAnswer' : 'deviceGone' });
      }
      return checkedAnswer(spec, reply.value) as Result<
        ResultOf<S>,
        CommandFailure<ErrorCodeOf<S>>
      >;
    };
  }
}

export const makeSimulatedMotorCardReaderFactory = (
  clock: Clock,
): DriverFactory<'cardReader', SimulatedMotorCardReaderOptions> => ({
  deviceClass: 'cardReader',
  options: simulatedMotorCardReaderOptionsSchema,
  real: false,
  create: (options, emit) => new SimulatedMotorCardReader(options, emit, clock),
});

export const simulatedMotorCardReaderFactory = makeSimulatedMotorCardReaderFactory(systemClock);
