import type { Clock } from '../base/clock.ts';
import type { Emitter } from '../base/emitter.ts';
import type { FromHost } from '../../drivers/contract/wire.ts';
import type { DeviceClass } from '../../drivers/contract/words.ts';
import type { HostPlan } from './device-plan.ts';
import { HostProcess } from './host-process.ts';
import { ManagedDevice } from './managed-device.ts';
import type { Startable } from './start-order.ts';
import { raise } from './raise.ts';
import type { DeviceConfigFault, DeviceTrouble, SupervisorEvents } from './ports.ts';

export interface GroupContext {
  readonly clock: Clock;
  readonly entry: string;
  readonly onTrouble: (trouble: DeviceTrouble) => void;
  readonly events: Emitter<SupervisorEvents>;
}

/** One host and the devices that live in it. */
export class HostGroup implements Startable<readonly DeviceConfigFault[]> {
  readonly devices: readonly ManagedDevice[];
  readonly #plan: HostPlan;
  readonly #context: GroupContext;
  readonly #host: HostProcess;
  readonly #configFaults: DeviceConfigFault[] = [];
  /** Readers on which a card lies, and the life of the host that said so. */
  readonly #cardSeenBy = new Map<string, number>();
  readonly #firstLife = Promise.withResolvers<undefined>();

  constructor(plan: HostPlan, context: GroupContext) {
    this.#plan = plan;
    this.#context = context;
    this.#host = new HostProcess(
      { ...plan, entry: context.entry, clock: context.clock },
      {
        onOpened: (frame, renewed) => this.#opened(frame, renewed),
        onOpenFailed: (frame) => this.#openFailed(frame),
        onUnsolicited: (frame) => this.#unsolicited(frame),
        onGone: () => this.#gone(),
        onTrouble: context.onTrouble,
      },
    );
    this.devices = plan.devices.map(
      (device) =>
        new ManagedDevice(device, this.#host, context.clock, {
          onHealth: (health) => context.events.emit('healthChanged', health),
          onLate: (late) => context.events.emit('lateCompletion', late),
        }),
    );
  }

  get classes(): readonly DeviceClass[] {
    return this.#plan.devices.map(({ deviceClass }) => deviceClass);
  }

  /** Completes when the first life of the host has settled, with what was wrong with the configuration. */
  async start(): Promise<readonly DeviceConfigFault[]> {
    this.#host.start();
    await this.#firstLife.promise;
    return this.#configFaults;
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }

  /**
   * As the process itself promises: ends it, and with it what is left of documents in its memory. Not while
   * a card lies on a reader of it, which the next process would announce as if it had just been put there.
   */
  renewIfItSawDocuments(): void {
    const { generation } = this.#host;
    if ([...this.#cardSeenBy.values()].includes(generation)) return;
    this.#host.renewIfItSawDocuments();
  }

  #unsolicited({ device, event, payload }: Extract<FromHost, { type: 'unsolicited' }>): boolean {
    if (event === 'cardInserted') this.#cardSeenBy.set(device, this.#host.generation);
    if (event === 'cardRemoved') this.#cardSeenBy.delete(device);
    return this.#find(device)?.unsolicited(event, payload) ?? false;
  }

  #opened(frame: Extract<FromHost, { type: 'opened' }>, renewed: boolean): boolean {
    const { generation } = this.#host;
    const opened = frame.devices.map(({ name, real }) => ({ device: this.#find(name), real }));
    if (opened.some(({ device }) => device === undefined)) return false;
    if (generation > 1 && !renewed) {
      const devices = this.#plan.devices.map((device) => device.name);
      this.#context.events.emit('hostRestarted', { host: this.#plan.name, generation, devices });
    }
    const told = opened.flatMap(({ device, real }) => device?.opened(real, renewed) ?? []);
    Promise.all(told).then(() => this.#firstLife.resolve(undefined), raise);
    return true;
  }

  #openFailed({ device, fault }: Extract<FromHost, { type: 'openFailed' }>): boolean {
    const found = this.#find(device);
    this.#context.onTrouble({ kind: 'openFailed', device, fault });
    if (fault.kind !== 'missingLibrary') this.#configFaults.push({ device, ...fault });
    found?.openFailed(fault);
    return found !== undefined;
  }

  #gone(): void {
    for (const device of this.devices) device.hostGone();
    this.#firstLife.resolve(undefined);
  }

  #find(name: string): ManagedDevice | undefined {
    return this.devices.find((device) => device.config.name === name);
  }
}
