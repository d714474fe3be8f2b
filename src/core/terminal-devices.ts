import type { Logger } from 'pino';
import type { DeviceClass } from '../../drivers/contract/words.ts';
import { err, ok, type Result } from '../base/result.ts';
import { takeBusInventory } from '../devices/bus-inventory.ts';
import { BusWatch } from '../devices/bus-watch.ts';
import type { DeviceProxy, DeviceSupervisor, DeviceTrouble } from '../devices/ports.ts';
import { createDeviceSupervisor } from '../devices/supervisor.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { DeviceRole } from './config/schema.ts';
import { deviceConfigs, knownOnUsb } from './device-configs.ts';
import { HostDeaths, recordContacts, recordDevices } from './device-record.ts';
import type { Foundation } from './foundation.ts';
import type { StartupError } from './startup-error.ts';

/** The devices by what the terminal uses them for; null where none is fitted. */
export interface TerminalDevices {
  readonly supervisor: DeviceSupervisor;
  /** What the configuration does not know. It has not been started. */
  readonly buses: BusWatch;
  readonly tapReader: DeviceProxy<'cardReader'> | null;
  readonly oldCardSlot: DeviceProxy<'cardReader'> | null;
  readonly codeScanner: DeviceProxy<'codeScanner'> | null;
  readonly pagePrinter: DeviceProxy<'pagePrinter'> | null;
  readonly cardPrinter: DeviceProxy<'cardPrinter'> | null;
  readonly fingerSensor: DeviceProxy<'biometric'> | null;
  readonly ups: DeviceProxy<'ups'> | null;
}

/** Starts the device hosts. Completes when each device was asked once, whatever it said. */
export async function startDevices(
  { config, clock, record }: Foundation,
  log: Logger,
  fatal: (cause: unknown) => void,
): Promise<Result<TerminalDevices, StartupError>> {
  const note = (events: readonly JournalEvent[]): void => void record(events).catch(fatal);
  const deaths = new HostDeaths(note);
  const onTrouble = (trouble: DeviceTrouble): void => {
    log.warn({ trouble }, 'device trouble');
    if (trouble.kind === 'hostExited') deaths.note(trouble);
  };
  const supervisor = createDeviceSupervisor({ devices: deviceConfigs(config), clock, onTrouble });
  recordDevices(supervisor, note);
  const named = (role: DeviceRole): string | null =>
    config.devices.find((device) => device.role === role)?.name ?? null;
  const device = <C extends DeviceClass>(
    role: DeviceRole,
    deviceClass: C,
  ): DeviceProxy<C> | null => {
    const name = named(role);
    return name === null ? null : supervisor.device(name, deviceClass);
  };
  // What happened while nobody listened is told at the opening.
  for (const cabinet of supervisor.findByClass('cabinetIo')) {
    recordContacts(cabinet, { record, clock, fatal });
  }
  const started = await supervisor.start();
  if (!started.ok) return err({ kind: 'devices', error: started.error });
  const buses = new BusWatch({
    clock,
    look: () => takeBusInventory(deviceConfigs(config), knownOnUsb(config)),
    onStranger: (stranger) => log.warn({ stranger }, 'unknown device; it is left alone'),
    onFailed: (error) => log.warn({ error }, 'the buses could not be read'),
  });
  return ok({
    supervisor,
    buses,
    tapReader: device('tapReader', 'cardReader'),
    oldCardSlot: device('oldCardSlot', 'cardReader'),
    codeScanner: device('codeScanner', 'codeScanner'),
    pagePrinter: device('pagePrinter', 'pagePrinter'),
    cardPrinter: device('cardPrinter', 'cardPrinter'),
    fingerSensor: device('biometric', 'biometric'),
    ups: device('ups', 'ups'),
  });
}
