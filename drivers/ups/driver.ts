import { systemClock, type Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CommandHandlers, Driver, DriverFactory, EmitEvent } from '../contract/driver.ts';
import { KeptOpen, type OpenDevice } from '../contract/kept-open.ts';
import { away, StatusTeller } from '../contract/status-teller.ts';
import {
  UNKNOWN_POWER,
  type Power,
  type UpsCapabilities,
  type UpsStatus,
} from '../contract/ups.ts';
import type { CommonStatus } from '../contract/words.ts';
import { upsOptionsSchema, type UpsOptions } from './options.ts';
import type { Variables } from './protocol.ts';
import { powerOf, statusOf, tells } from './readings.ts';
import { openNutLine, type OpenNutLine } from './transport.ts';
import { UpsWatch, type UpsFault } from './watch.ts';

export interface UpsSurroundings {
  readonly clock: Clock;
  readonly openLine: OpenNutLine;
}

/** A UPS as upsd tells of it. While it tells nothing, the power is unknown: never mains, never battery. */
class Ups implements Driver<'ups'> {
  readonly deviceClass = 'ups';
  readonly handlers: CommandHandlers<'ups'>;
  readonly #options: UpsOptions;
  readonly #emit: EmitEvent<'ups'>;
  readonly #with: UpsSurroundings;
  readonly #status: StatusTeller;
  readonly #kept: KeptOpen;
  #watch: UpsWatch | null = null;
  #power: Power = UNKNOWN_POWER;
  #capabilities: UpsCapabilities | null = null;

  constructor(options: UpsOptions, emit: EmitEvent<'ups'>, surroundings: UpsSurroundings) {
    this.#options = options;
    this.#emit = emit;
    this.#with = surroundings;
    this.#status = new StatusTeller((status) => emit('statusChanged', status));
    this.#kept = new KeptOpen({
      clock: surroundings.clock,
      open: (lost) => this.#open(lost),
      // That it is online again was told with what was read.
      say: (status) => {
        if (status.state !== 'online') this.#tell(status, UNKNOWN_POWER);
      },
    });
    this.handlers = {
      getStatus: () => this.#freshStatus(),
      // Which variables a UPS has is known once they were read.
      getCapabilities: () =>
        Promise.resolve(
          this.#capabilities === null ? err({ kind: 'deviceGone' }) : ok(this.#capabilities),
        ),
    };
  }

  start(): Promise<void> {
    return this.#kept.start();
  }

  stop(): Promise<void> {
    return this.#kept.stop();
  }

  async #freshStatus(): Promise<Result<UpsStatus, never>> {
    await this.#watch?.look();
    return ok({ ...this.#status.latest, power: this.#power });
  }

  async #open(lost: (status: CommonStatus) => void): Promise<Result<OpenDevice, CommonStatus>> {
    const watch = await UpsWatch.open({
      options: this.#options,
      ...this.#with,
      onRead: (variables) => this.#read(variables),
      onLost: (fault) => {
        this.#watch = null;
        lost(statusOfFault(fault));
      },
    });
    if (!watch.ok) return err(statusOfFault(watch.error));
    this.#watch = watch.value;
    return watch;
  }

  #read(variables: Variables): void {
    this.#capabilities = tells(variables);
    this.#tell(statusOf(variables), powerOf(variables));
  }

  #tell(status: CommonStatus, power: Power): void {
    const before = this.#power;
    this.#power = power;
    if (power.source !== before.source || power.batteryLow !== before.batteryLow) {
      this.#emit('powerChanged', power);
    }
    this.#status.tell(status);
  }
}

const statusOfFault = (fault: UpsFault): CommonStatus => {
  const wrongSetUp = ['unknownUps', 'accessDenied', 'signInUnreadable'].includes(fault);
  return wrongSetUp ? { ...away(fault), requiredAction: 'configuration' } : away(fault);
};

export const makeUpsFactory = (
  surroundings: UpsSurroundings,
): DriverFactory<'ups', UpsOptions> => ({
  deviceClass: 'ups',
  options: upsOptionsSchema,
  real: true,
  create: (options, emit) => new Ups(options, emit, surroundings),
});

export const upsFactory = makeUpsFactory({ clock: systemClock, openLine: openNutLine });
