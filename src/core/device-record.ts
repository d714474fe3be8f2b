import { isOfOneRead } from '../../drivers/contract/code-scanner.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type { Clock } from '../base/clock.ts';
import type { DeviceProxy, DeviceSupervisor, DeviceTrouble } from '../devices/ports.ts';
import type { JournalEvent } from '../journal/catalogue.ts';

type Record = (events: readonly JournalEvent[]) => void;

/** Writes into the record what the devices say of themselves, whenever it changes. */
export function recordDevices(devices: DeviceSupervisor, record: Record): void {
  const last = new Map<string, string>();
  devices.on('healthChanged', (health) => {
    const { name: device, deviceClass, state, requiredAction } = health;
    const reasons = health.reasons.filter((reason) => !isOfOneRead(reason)).map(asCode);
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
  { record, clock, fatal }: ContactsRecord,
): void {
  cabinet.on('sensorChanged', ({ sensor, state }) => {
    const event = { kind: 'device.sensorChanged', device: cabinet.name, sensor, state } as const;
    const tampered = sensor === 'tamper' && state === 'active';
    record([event])
      .then(() => (tampered ? acknowledge(cabinet, clock) : undefined))
      .catch(fatal);
  });
}

interface ContactsRecord {
  readonly record: (events: readonly JournalEvent[]) => Promise<void>;
  readonly clock: Clock;
  readonly fatal: (cause: unknown) => void;
}

const NOBODY = { sessionId: null } as const;
const AGAIN_MS = 5_000;

/**
 * Until the controller has confirmed it: one that waits for it tells no further tampering. A controller that went
 * away tells all anew when it is back, so that nothing is owed to it then.
 */
async function acknowledge(cabinet: DeviceProxy<'cabinetIo'>, clock: Clock): Promise<void> {
  for (;;) {
    const answer = await cabinet.execute('acknowledgeTamper', {}, NOBODY);
    if (answer.ok || !mayBeTriedAgain(answer.error)) return;
    await new Promise<void>((resolve) => void clock.after(AGAIN_MS, resolve));
  }
}

const mayBeTriedAgain = (failure: CommandFailure): boolean =>
  failure.kind === 'noAnswer' ||
  failure.kind === 'hardwareError' ||
  (failure.kind === 'notReady' && failure.reason !== 'hostDown');

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
