import type { DeviceProxy, DeviceSupervisor, DeviceTrouble } from '../devices/ports.ts';
import type { JournalEvent } from '../journal/catalogue.ts';

type Record = (events: readonly JournalEvent[]) => void;

/** Writes into the record what the devices say of themselves, whenever it changes. */
export function recordDevices(devices: DeviceSupervisor, record: Record): void {
  const last = new Map<string, string>();
  devices.on('healthChanged', (health) => {
    const { name: device, deviceClass, state, requiredAction } = health;
    const reasons = health.reasons.map(asCode);
    const now = JSON.stringify([state, reasons, requiredAction]);
    if (last.get(device) === now) return;
    last.set(device, now);
    record([{ kind: 'device.stateChanged', device, deviceClass, state, reasons, requiredAction }]);
  });
  devices.on('lateCompletion', ({ device, command, completionCode, errorCode, sessionId }) => {
    const code = errorCode === null ? null : asCode(errorCode);
    const kind = 'device.answeredLate';
    record([{ kind, device, command, completionCode, errorCode: code, sessionId }]);
  });
}

/**
 * Writes the contacts of the cabinet into the record. Tampering is acknowledged once it is there, and not
 * before: until then the controller goes on telling it, to the next core if this one dies.
 */
export function recordContacts(
  cabinet: DeviceProxy<'cabinetIo'>,
  record: (events: readonly JournalEvent[]) => Promise<void>,
  fatal: (cause: unknown) => void,
): void {
  cabinet.on('sensorChanged', ({ sensor, state }) => {
    const event = { kind: 'device.sensorChanged', device: cabinet.name, sensor, state } as const;
    const tampered = sensor === 'tamper' && state === 'active';
    record([event])
      .then(() => (tampered ? cabinet.execute('acknowledgeTamper', {}, NOBODY) : null))
      .catch(fatal);
  });
}

const NOBODY = { sessionId: null } as const;

/** Notes a device host that ended; how often, by host, is counted here. */
export class HostDeaths {
  readonly #record: Record;
  readonly #restarts = new Map<string, number>();

  constructor(record: Record) {
    this.#record = record;
  }

  note(trouble: Extract<DeviceTrouble, { kind: 'hostExited' }>): void {
    const { host, exitCode, signal } = trouble;
    const restarts = (this.#restarts.get(host) ?? 0) + 1;
    this.#restarts.set(host, restarts);
    this.#record([{ kind: 'device.hostRestarted', host, exitCode, signal, restarts }]);
  }
}

/** A device's own word may be anything; the record holds it only where it has the form of a code. */
export const asCode = (reason: string): string =>
  /^(?!.*\d{6})[a-z][A-Za-z0-9.-]{0,79}$/.test(reason) ? reason : 'unprintableReason';
