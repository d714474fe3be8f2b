import { fileURLToPath } from 'node:url';
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { DeviceClass } from '../../drivers/contract/words.ts';
import { RemoteDevice } from './device-proxy.ts';
import { planHosts } from './device-plan.ts';
import type { HealthTrend } from './fault-history.ts';
import type { DeviceHealth } from './health.ts';
import { HostGroup } from './host-group.ts';
import type { ManagedDevice } from './managed-device.ts';
import { startInStages } from './start-order.ts';
import type {
  DeviceConfig,
  DeviceConfigFault,
  DeviceProxy,
  DeviceSupervisor,
  DeviceSupervisorError,
  DeviceTrouble,
  SupervisorEvents,
} from './ports.ts';

export interface SupervisorOptions {
  readonly devices: readonly DeviceConfig[];
  readonly clock: Clock;
  /** The host's program; the real one unless a test brings its own. */
  readonly hostEntry?: string;
  readonly onTrouble: (trouble: DeviceTrouble) => void;
}

const HOST_ENTRY = fileURLToPath(new URL('../../drivers/host/main.ts', import.meta.url));

/** Makes the supervisor of these devices. Nothing is started before `start`. */
export function createDeviceSupervisor(options: SupervisorOptions): DeviceSupervisor {
  return new Supervisor(options);
}

class Supervisor implements DeviceSupervisor {
  readonly #events = new Emitter<SupervisorEvents>();
  readonly #groups: readonly HostGroup[];
  readonly #devices: readonly ManagedDevice[];
  readonly #planFaults: readonly DeviceConfigFault[];

  constructor({ devices, clock, hostEntry = HOST_ENTRY, onTrouble }: SupervisorOptions) {
    const plans = planHosts(devices);
    this.#planFaults = plans.ok ? [] : plans.error;
    this.#groups = (plans.ok ? plans.value : []).map(
      (plan) => new HostGroup(plan, { clock, entry: hostEntry, onTrouble, events: this.#events }),
    );
    this.#devices = this.#groups.flatMap((group) => group.devices);
  }

  async start(): Promise<Result<void, DeviceSupervisorError>> {
    const fromHosts = await startInStages(this.#groups);
    const faults = [...this.#planFaults, ...fromHosts.flat()];
    if (faults.length === 0) return ok(undefined);
    await this.stop();
    return err({ kind: 'configuration', faults });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#groups.map((group) => group.stop()));
  }

  device<C extends DeviceClass>(name: string, deviceClass: C): DeviceProxy<C> {
    const found = this.#find(name);
    assert(found.config.deviceClass === deviceClass, `${name} is no ${deviceClass}`);
    return new RemoteDevice(found, deviceClass);
  }

  findByClass<C extends DeviceClass>(deviceClass: C): DeviceProxy<C>[] {
    return this.#devices
      .filter((device) => device.config.deviceClass === deviceClass)
      .map((device) => new RemoteDevice(device, deviceClass));
  }

  list(): DeviceHealth[] {
    return this.#devices.map((device) => device.health);
  }

  forgetDocuments(): void {
    for (const group of this.#groups) group.renewIfItSawDocuments();
  }

  trendOf(name: string): HealthTrend {
    return this.#find(name).trend;
  }

  #find(name: string): ManagedDevice {
    const found = this.#devices.find((device) => device.config.name === name);
    assert(found !== undefined, `no device ${name} is configured`);
    return found;
  }

  on<K extends keyof SupervisorEvents>(
    event: K,
    listener: (payload: SupervisorEvents[K]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }
}
