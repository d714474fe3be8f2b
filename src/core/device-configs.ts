import type { UsbWanted } from '../../drivers/contract/usb-identity.ts';
import type { DeviceConfig } from '../devices/ports.ts';
import type { Config, DeviceRole } from './config/schema.ts';

/**
 * A host whose device hangs is restarted, and refuses commands from then on. What moves a card or a sheet
 * must not meet that because a scanner hung, so each of these has a host of its own unless told otherwise.
 */
const movesMedia: ReadonlySet<DeviceRole> = new Set([
  'cardPrinter',
  'oldCardSlot',
  'pagePrinter',
  'receiptPrinter',
]);

/** What waits for drivers of the kernel or libraries of others that may hang, so that nothing else does. */
const mayHang: ReadonlySet<DeviceRole> = new Set(['audio', 'biometric']);

/** Reads photos of e-KTPs, so its host ends with each session; a scan of the next citizen must not be lost with it. */
const seesDocuments: ReadonlySet<DeviceRole> = new Set(['tapReader']);

/** A process starts with the last of its devices, and these are to be known first of all. */
const ofTheCabinet: ReadonlySet<DeviceRole> = new Set(['ups', 'cabinetIo']);

function hostOf({ host, role, name }: Config['devices'][number]): string | undefined {
  if (host !== undefined) return host;
  if ([movesMedia, mayHang, seesDocuments].some((roles) => roles.has(role))) return name;
  return ofTheCabinet.has(role) ? 'cabinet' : undefined;
}

/** The devices of a configuration as the supervisor and the inventory take them. */
export function deviceConfigs(config: Config): DeviceConfig[] {
  return config.devices.map((device) => ({
    name: device.name,
    deviceClass: device.class,
    driver: device.driver,
    options: device.options,
    usb: device.usb,
    host: hostOf(device),
    ...(device.environment?.PCSCLITE_CSOCK_NAME === undefined
      ? {}
      : { environment: { PCSCLITE_CSOCK_NAME: device.environment.PCSCLITE_CSOCK_NAME } }),
  }));
}

/** What else the configuration knows on the USB. */
export const knownOnUsb = ({ alsoOnUsb }: Config): UsbWanted[] =>
  alsoOnUsb.map(({ vendorId, productId, serialNumber, port }) => {
    return { vendorId, productId, serialNumber, port };
  });
