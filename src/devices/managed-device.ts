import type { Clock, TimerHandle } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { err } from '../base/result.ts';
import type { CommandFailure, CommandSpec } from '../../drivers/contract/command.ts';
import { CONTRACT_BREACH } from '../../drivers/contract/completion.ts';
import type { Meeting } from '../../drivers/contract/held.ts';
import { findEvent } from '../../drivers/contract/device-classes.ts';
import type { OpenFault } from '../../drivers/contract/wire.ts';
import { commonStatusSchema, type DeviceClass } from '../../drivers/contract/words.ts';
import { DeviceQueue, QUEUE_REFUSALS, type CommandAnswer } from './device-queue.ts';
import type { HealthTrend } from './fault-history.ts';
import type { CapabilitiesOf, DeviceHealth, StatusOf } from './health.ts';
import { HealthTracker } from './health-tracker.ts';
import type { HostProcess } from './host-process.ts';
import { raise } from './raise.ts';
import type { CommandContext, DeviceConfig, LateCompletion } from './ports.ts';

export interface ManagedDeviceHandlers {
  readonly onHealth: (health: DeviceHealth) => void;
  readonly onLate: (late: LateCompletion) => void;
}

/** A device nobody uses is asked how it is this often. */
export const STATUS_POLL_MS = 10_000;
const HOUSEKEEPING: CommandContext = { sessionId: null };

/** One device over all the lives of its host: its queue, its health, its events. */
export class ManagedDevice {
  readonly config: DeviceConfig;
  readonly events = new Emitter<Record<string, unknown>>();
  readonly #host: HostProcess;
  readonly #clock: Clock;
  readonly #health: HealthTracker;
  readonly #queue: DeviceQueue;
  #poll: TimerHandle | null = null;
  #capabilitiesAsked = false;
  #refreshing = false;
  #refreshAgain = false;

  constructor(
    config: DeviceConfig,
    host: HostProcess,
    clock: Clock,
    handlers: ManagedDeviceHandlers,
  ) {
    this.config = config;
    this.#host = host;
    this.#clock = clock;
    this.#health = new HealthTracker(config, clock, handlers.onHealth);
    this.#queue = new DeviceQueue(config, host, clock, {
      onSettled: (command, spec, answer) => this.#settled(command, spec, answer),
      onLate: (late) => {
        handlers.onLate(late);
        this.#refreshSoon();
      },
    });
  }

  get health(): DeviceHealth {
    return this.#health.current;
  }

  get trend(): HealthTrend {
    return this.#health.trend;
  }

  execute(command: string, params: unknown, context: CommandContext): Promise<CommandAnswer> {
    return this.#unlessClosed(() => this.#queue.execute(command, params, context));
  }

  lend(command: string, to: Meeting, context: CommandContext): Promise<CommandAnswer> {
    return this.#unlessClosed(() => this.#queue.lend(command, to, context));
  }

  #unlessClosed(ask: () => Promise<CommandAnswer>): Promise<CommandAnswer> {
    const failed = this.health.openFault !== null;
    return failed ? Promise.resolve(err({ kind: 'notReady', reason: 'openFailed' })) : ask();
  }

  /** Completes when the device has told, or failed to tell, what it can do and how it is. */
  async opened(real: boolean, renewed: boolean): Promise<void> {
    const { generation } = this.#host;
    if (renewed) this.#health.renewed(generation);
    else this.#health.opened(real, generation);
    this.#capabilitiesAsked = false;
    await this.#refresh();
    this.#pollLater();
  }

  openFailed(fault: OpenFault): void {
    this.#health.openFailed(fault);
  }

  hostGone(): void {
    this.#poll?.cancel();
    this.#health.hostEnded();
  }

  /** False where the payload is not of the event's class. */
  unsolicited(event: string, payload: unknown): boolean {
    const parsed = findEvent(this.config.deviceClass, event)?.safeParse(payload);
    if (parsed?.success !== true) return false;
    if (event === 'statusChanged') this.#statusChanged(commonStatusSchema.parse(parsed.data));
    this.events.emit(event, parsed.data);
    return true;
  }

  /** An event holds the common part only; trays and feeders have to be asked for. */
  #statusChanged(common: ReturnType<typeof commonStatusSchema.parse>): void {
    const before = this.health;
    this.#health.say(common);
    if (this.health !== before && this.#host.accepting) this.#refreshSoon();
  }

  #settled(command: string, spec: CommandSpec, answer: CommandAnswer): void {
    this.#pollLater();
    if (!answer.ok) this.#noteFailure(command, spec, answer.error);
    if (spec.effect === 'movesMedia') this.#refreshSoon();
  }

  #noteFailure(command: string, spec: CommandSpec, failure: CommandFailure): void {
    if (failure.kind === 'hardwareError') {
      const breach = failure.reason === CONTRACT_BREACH;
      this.#health.commandFailed(command, failure.reason, breach ? 'softwareError' : undefined);
    }
    if (failure.kind === 'commandError' && spec.effect === 'movesMedia') {
      this.#health.commandFailed(command, failure.errorCode);
    }
    if (failure.kind === 'noAnswer') {
      this.#health.commandFailed(command, 'noAnswer', 'reset');
      this.#health.say({ state: 'offline', reasons: ['noAnswer'], requiredAction: 'reset' });
    }
  }

  #pollLater(): void {
    this.#poll?.cancel();
    if (!this.#host.accepting) return;
    this.#poll = this.#clock.after(STATUS_POLL_MS, () => {
      if (this.#queue.idle && this.#host.accepting) this.#refreshSoon();
      else this.#pollLater();
    });
  }

  #refreshSoon(): void {
    this.#refresh().catch(raise);
  }

  /** One status question at a time; whatever changed while it ran is asked for once more. */
  async #refresh(): Promise<void> {
    this.#refreshAgain = true;
    if (this.#refreshing) return;
    this.#refreshing = true;
    try {
      while (this.#refreshAgain) {
        this.#refreshAgain = false;
        await this.#ask();
      }
    } finally {
      this.#refreshing = false;
    }
  }

  async #ask(): Promise<void> {
    if (!this.#capabilitiesAsked && !(await this.#askCapabilities())) return;
    const status = await this.execute('getStatus', {}, HOUSEKEEPING);
    // What the device said meanwhile is newer than this answer; it is asked again.
    if (this.#refreshAgain) return;
    if (status.ok) this.#health.answeredStatus(status.value as StatusOf<DeviceClass>);
    else this.#noStatus(status.error);
  }

  /** False where the answer is worthless. A device that is away cannot tell them yet, but has a status. */
  async #askCapabilities(): Promise<boolean> {
    const capabilities = await this.execute('getCapabilities', {}, HOUSEKEEPING);
    if (capabilities.ok) {
      this.#health.answeredCapabilities(capabilities.value as CapabilitiesOf<DeviceClass>);
      this.#capabilitiesAsked = true;
      return true;
    }
    const { kind } = capabilities.error;
    if (kind === 'notReady' || kind === 'deviceGone' || kind === 'noAnswer') return true;
    this.#noStatus(capabilities.error);
    return false;
  }

  /** Without capabilities or status a device is not to be used; why not is the best status there is. */
  #noStatus(failure: CommandFailure): void {
    const code = 'reason' in failure ? failure.reason : failure.kind;
    const queueSpoke = QUEUE_REFUSALS.some((reason) => reason === code);
    if (queueSpoke || failure.kind === 'noAnswer' || !this.#host.accepting) return;
    if (failure.kind === 'notReady' || failure.kind === 'deviceGone') {
      this.#health.say({ state: 'offline', reasons: [code], requiredAction: 'maintenance' });
    } else {
      const requiredAction = 'softwareError';
      this.#health.say({ state: 'hardwareError', reasons: [code], requiredAction });
    }
  }
}
