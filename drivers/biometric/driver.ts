import * as z from 'zod';
import { assertNever } from '../../src/base/assert.ts';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { err, ok } from '../../src/base/result.ts';
import type {
  CommandHandlers,
  CommandResult,
  Driver,
  DriverFactory,
  EmitEvent,
  Params,
} from '../contract/driver.ts';
import { StatusTeller } from '../contract/status-teller.ts';
import { EngineKeeper, type EngineAnswer, type EngineFailure } from './engine-keeper.ts';
import { MAX_REFERENCE_BYTES, type EngineKind } from './protocol.ts';
import { systemEngine, type EngineCommand, type StartEngine } from './transport.ts';

export const biometricOptionsSchema = z.strictObject({
  /** The agency's engine, by its absolute path. */
  program: z.string().regex(/^\//),
  args: z.array(z.string()).default([]),
});
export type BiometricOptions = z.infer<typeof biometricOptionsSchema>;

export interface BiometricSurroundings {
  readonly clock: Clock;
  readonly startEngine: StartEngine;
}

/** How much longer than a capture an engine may take to compare; with the longest capture, less than core waits. */
export const COMPARE_MS = 10_000;

type Decided = CommandResult<'biometric', 'captureAndMatch'>;

/** Drives one engine, real or simulated, and never the one in the place of the other. */
export class BiometricDriver implements Driver<'biometric'> {
  readonly deviceClass = 'biometric';
  readonly handlers: CommandHandlers<'biometric'>;
  readonly #status: StatusTeller;
  readonly #keeper: EngineKeeper;

  constructor(
    command: EngineCommand,
    kind: EngineKind,
    emit: EmitEvent<'biometric'>,
    { clock, startEngine }: BiometricSurroundings,
  ) {
    this.#status = new StatusTeller((status) => emit('statusChanged', status));
    this.#keeper = new EngineKeeper({
      clock,
      startEngine,
      command,
      kind,
      say: (status) => this.#status.tell(status),
      guide: (guidance) => emit('guidance', { guidance }),
    });
    this.handlers = {
      getStatus: () => Promise.resolve(ok(this.#status.latest)),
      getCapabilities: () => Promise.resolve(this.#capabilities()),
      captureAndMatch: (params) => this.#captureAndMatch(params),
    };
  }

  start(): Promise<void> {
    return this.#keeper.start();
  }

  stop(): Promise<void> {
    return this.#keeper.stop();
  }

  #capabilities(): CommandResult<'biometric', 'getCapabilities'> {
    const { hello } = this.#keeper;
    if (hello === null) return this.#notReady();
    const { engine, presentationAttackDetection, formats } = hello;
    return ok({ engine, presentationAttackDetection, formats });
  }

  async #captureAndMatch(params: Params<'biometric', 'captureAndMatch'>): Promise<Decided> {
    const { hello, isRunning } = this.#keeper;
    if (hello === null || !isRunning || this.#status.latest.state !== 'online') {
      return this.#notReady();
    }
    if (!hello.formats.includes(params.format)) {
      return err({ kind: 'invalidData', reason: 'formatNotCompared' });
    }
    if (Buffer.byteLength(params.referenceBase64, 'base64') > MAX_REFERENCE_BYTES)
      return badReference;
    const answer = await this.#keeper.ask(params, params.captureTimeoutMs + COMPARE_MS);
    return judged(answer, params.falseMatchPerMillion);
  }

  #notReady() {
    const { reasons, state } = this.#status.latest;
    return err({ kind: 'notReady' as const, reason: reasons[0] ?? state });
  }
}

const badReference: Decided = err({ kind: 'commandError', errorCode: 'badReference' });

/** Only what an engine decided, at the rate asked for or a stricter one, is a decision. */
function judged(answer: EngineAnswer, falseMatchPerMillion: number): Decided {
  switch (answer.type) {
    case 'failed':
      return failed(answer.why);
    case 'undecided':
      return err({ kind: 'commandError', errorCode: answer.reason });
    case 'decided':
      if (answer.falseMatchPerMillion > falseMatchPerMillion) {
        return err({ kind: 'hardwareError', reason: 'weakerThanAsked' });
      }
      return ok({ decision: answer.decision, captureQuality: answer.captureQuality });
    default:
      return assertNever(answer);
  }
}

function failed(why: EngineFailure): Decided {
  switch (why) {
    case 'engineSilent':
      return err({ kind: 'noAnswer' });
    case 'protocolBroken':
      return err({ kind: 'hardwareError', reason: why });
    case 'engineEnded':
    case 'missingEngine':
      return err({ kind: 'deviceGone' });
    default:
      return assertNever(why);
  }
}

export const makeBiometricFactory = (
  surroundings: BiometricSurroundings,
): DriverFactory<'biometric', BiometricOptions> => ({
  deviceClass: 'biometric',
  options: biometricOptionsSchema,
  real: true,
  create: (options, emit) => new BiometricDriver(options, 'real', emit, surroundings),
});

export const biometricFactory = makeBiometricFactory({
  clock: systemClock,
  startEngine: systemEngine,
});
