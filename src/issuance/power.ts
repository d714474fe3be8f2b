import { UNKNOWN_POWER, type Power } from '../../drivers/contract/ups.ts';
import type { DeviceProxy } from '../devices/ports.ts';

/** Whether the power lasts for what is about to begin. */
export interface PowerSupply {
  suffices(neededMs: number): boolean;
}

/**
 * Whether something that takes so long may begin on this power.
 *
 * On battery only the UPS's own estimate says yes. Without one, that the battery is not low yet says too
 * little: a UPS calls it low a minute or two before the end, when a card would be half printed.
 *
 * Unknown is not battery: a terminal whose upsd is away prints as one that has no UPS would, and the
 * technician's page shows the device as away. Unknown with a low battery is the end that was announced.
 */
export function sufficesFor(
  { source, batteryLow, runtimeLeftS }: Power,
  neededMs: number,
): boolean {
  switch (source) {
    case 'mains':
      return true;
    case 'unknown':
      return batteryLow !== true;
    case 'battery':
      return batteryLow !== true && runtimeLeftS !== null && runtimeLeftS * 1000 >= neededMs;
  }
}

/**
 * The power of this terminal as its UPS last told it. Once the battery was low the terminal is parked until
 * the mains is back: a battery that recovers because nothing is printed would be low again with the next
 * card. A UPS that goes away while on battery, as network gear does that hangs on the same mains, leaves the
 * terminal on battery with nobody to say how long.
 */
export class PowerWatch implements PowerSupply {
  readonly #ups: DeviceProxy<'ups'> | null;
  #power: Power = UNKNOWN_POWER;
  #parked = false;

  constructor(ups: DeviceProxy<'ups'> | null) {
    this.#ups = ups;
    ups?.on('powerChanged', (power) => this.#hear(power));
  }

  /** Always, where no UPS is fitted. */
  suffices(neededMs: number): boolean {
    return !this.#parked && sufficesFor(this.#power, neededMs);
  }

  /** Asks the UPS. Completes when it answered, or is known not to. */
  async refresh(): Promise<void> {
    if (this.#ups === null) return;
    const answer = await this.#ups.execute('getStatus', {}, { sessionId: null });
    const there = answer.ok && answer.value.state === 'online';
    this.#hear(there ? answer.value.power : UNKNOWN_POWER);
  }

  #hear(power: Power): void {
    const lostOnBattery = power.source === 'unknown' && this.#power.source === 'battery';
    this.#power = lostOnBattery ? { ...power, source: 'battery', runtimeLeftS: null } : power;
    if (power.source === 'mains') this.#parked = false;
    else if (power.batteryLow === true) this.#parked = true;
  }
}
