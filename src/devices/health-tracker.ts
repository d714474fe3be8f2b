import type { Clock } from '../base/clock.ts';
import type { OpenFault } from '../../drivers/contract/wire.ts';
import type { CommonStatus, DeviceClass } from '../../drivers/contract/words.ts';
import type { CapabilitiesOf, DeviceFault, DeviceHealth, StatusOf } from './health.ts';
import type { DeviceConfig } from './ports.ts';

/** Enough for a technician to see a pattern; the journal keeps the rest. */
const FAULTS_KEPT = 20;

/** What core knows of one device, and the moment each change of it is told. */
export class HealthTracker {
  readonly #clock: Clock;
  readonly #onChange: (health: DeviceHealth) => void;
  #health: DeviceHealth;

  constructor(device: DeviceConfig, clock: Clock, onChange: (health: DeviceHealth) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#health = {
      name: device.name,
      deviceClass: device.deviceClass,
      driver: device.driver,
      real: null,
      state: 'starting',
      reasons: [],
      requiredAction: 'none',
      since: clock.now(),
      lastFaults: [],
      hostGeneration: 0,
      capabilities: null,
      status: null,
      openFault: null,
    };
  }

  get current(): DeviceHealth {
    return this.#health;
  }

  /** The device's driver runs; how the device itself is will be asked. */
  opened(real: boolean, hostGeneration: number): void {
    const starting = { state: 'starting', reasons: [], requiredAction: 'none' } as const;
    this.#change({ ...starting, real, hostGeneration, openFault: null });
  }

  openFailed(openFault: OpenFault): void {
    const reasons = [openFault.kind];
    this.#change({ state: 'offline', reasons, requiredAction: 'configuration', openFault });
  }

  /** The common part of a status, said by the device or concluded about it. */
  say(common: CommonStatus): void {
    const { state, reasons, requiredAction } = common;
    const status = this.#health.status === null ? null : { ...this.#health.status, ...common };
    this.#change({ state, reasons, requiredAction, status });
  }

  answeredStatus(status: StatusOf<DeviceClass>): void {
    const { state, reasons, requiredAction } = status;
    this.#change({ state, reasons, requiredAction, status });
  }

  answeredCapabilities(capabilities: CapabilitiesOf<DeviceClass>): void {
    this.#change({ capabilities });
  }

  commandFailed(command: string, code: string): void {
    const { requiredAction } = this.#health;
    this.#change({ lastFaults: this.#withFault({ code, requiredAction, command }) });
  }

  #change(part: Partial<DeviceHealth>): void {
    const before = this.#health;
    const merged: DeviceHealth = { ...before, ...part };
    const entered = merged.state !== before.state;
    const code = faultCodeOf(merged);
    const fresh = code !== null && (entered || code !== before.reasons[0]);
    this.#health = {
      ...merged,
      since: entered ? this.#clock.now() : before.since,
      lastFaults: fresh
        ? this.#withFault({ code, requiredAction: merged.requiredAction, command: null })
        : merged.lastFaults,
    };
    if (JSON.stringify(this.#health) !== JSON.stringify(before)) this.#onChange(this.#health);
  }

  #withFault(fault: Omit<DeviceFault, 'at'>): readonly DeviceFault[] {
    const all = [...this.#health.lastFaults, { at: this.#clock.now(), ...fault }];
    return all.slice(-FAULTS_KEPT);
  }
}

/** The word for what is wrong, or null where nothing is. */
function faultCodeOf(health: DeviceHealth): string | null {
  const worst = health.reasons[0];
  if (worst !== undefined) return worst;
  return health.state === 'online' || health.state === 'starting' ? null : health.state;
}
