import { isOfOneRead } from '../../drivers/contract/code-scanner.ts';
import type { Clock } from '../base/clock.ts';
import type { OpenFault } from '../../drivers/contract/wire.ts';
import type { CommonStatus, DeviceClass, RequiredAction } from '../../drivers/contract/words.ts';
import { FaultHistory, type HealthTrend } from './fault-history.ts';
import type { CapabilitiesOf, DeviceFault, DeviceHealth, StatusOf } from './health.ts';
import type { DeviceConfig } from './ports.ts';

/** Enough for a technician to see a pattern; the journal keeps the rest. */
const FAULTS_KEPT = 20;

/** What core knows of one device, and the moment each change of it is told. */
export class HealthTracker {
  readonly #clock: Clock;
  readonly #onChange: (health: DeviceHealth) => void;
  readonly #history: FaultHistory;
  #health: DeviceHealth;
  /** The newest fault is a command's, and the status that says what it asks for has not come yet. */
  #actionIsOpen = false;

  constructor(device: DeviceConfig, clock: Clock, onChange: (health: DeviceHealth) => void) {
    this.#clock = clock;
    this.#history = new FaultHistory(clock);
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

  get trend(): HealthTrend {
    return this.#history.trend();
  }

  /** The device's driver runs; how the device itself is will be asked. */
  opened(real: boolean, hostGeneration: number): void {
    const starting = { state: 'starting', reasons: [], requiredAction: 'none' } as const;
    this.#change({ ...starting, real, hostGeneration, openFault: null });
  }

  /** Another process drives it now; as far as anybody knows, the device is as it was. */
  renewed(hostGeneration: number): void {
    this.#change({ hostGeneration });
  }

  hostEnded(): void {
    this.#history.restart();
    this.say({ state: 'offline', reasons: ['hostGone'], requiredAction: 'softwareError' });
  }

  openFailed(openFault: OpenFault): void {
    const reasons = [openFault.kind];
    this.#change({ state: 'offline', reasons, requiredAction: 'configuration', openFault });
  }

  /** The common part of a status, said by the device or concluded about it. */
  say(common: CommonStatus): void {
    const { state, reasons, requiredAction } = common;
    const status = this.#health.status === null ? null : { ...this.#health.status, ...common };
    this.#nameAction(requiredAction);
    this.#change({ state, reasons, requiredAction, status });
  }

  answeredStatus(status: StatusOf<DeviceClass>): void {
    const { state, reasons, requiredAction } = status;
    this.#nameAction(requiredAction);
    this.#actionIsOpen = false;
    this.#change({ state, reasons, requiredAction, status });
  }

  answeredCapabilities(capabilities: CapabilitiesOf<DeviceClass>): void {
    this.#change({ capabilities });
  }

  /** Where the action is left out, it is the one that the device asks for next. */
  commandFailed(command: string, code: string, action?: RequiredAction): void {
    const requiredAction = action ?? this.#health.requiredAction;
    this.#change({ lastFaults: this.#withFault({ code, requiredAction, command }) });
    this.#actionIsOpen = requiredAction === 'none';
  }

  #nameAction(requiredAction: RequiredAction): void {
    const { lastFaults } = this.#health;
    const newest = lastFaults.at(-1);
    if (!this.#actionIsOpen || newest === undefined || requiredAction === 'none') return;
    this.#actionIsOpen = false;
    const named = { ...newest, requiredAction };
    this.#health = { ...this.#health, lastFaults: [...lastFaults.slice(0, -1), named] };
  }

  #change(part: Partial<DeviceHealth>): void {
    const before = this.#health;
    const merged: DeviceHealth = { ...before, ...part };
    const entered = merged.state !== before.state;
    const code = faultCodeOf(merged);
    const fresh = code !== null && (entered || code !== faultCodeOf(before));
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
    this.#history.fault();
    const all = [...this.#health.lastFaults, { at: this.#clock.now(), ...fault }];
    return all.slice(-FAULTS_KEPT);
  }
}

/** The word for what is wrong, or null where nothing is. */
function faultCodeOf(health: DeviceHealth): string | null {
  const worst = health.reasons.find((reason) => !isOfOneRead(reason));
  if (worst !== undefined) return worst;
  return health.state === 'online' || health.state === 'starting' ? null : health.state;
}
