import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

/** A serial port of a USB device that is plugged in. */
export interface UsbPort {
  /** The port's device file, which may be another after each plugging. */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  /** As the device says it (USB 2.0 §9.6.1, iSerialNumber); null where it has none. */
  readonly serialNumber: string | null;
  /** Where it is plugged in, as Linux names it. */
  readonly port: string;
}

/** Completes with what is plugged in now; a device that leaves meanwhile may or may not be among it. */
export type ListUsbPorts = () => Promise<readonly UsbPort[]>;

/**
 * Reads them from the kernel itself, so that no udev is needed: each terminal device of a USB interface is a
 * link in `class/tty`, and the device above that interface has files of its ids (Linux, sysfs-bus-usb).
 */
export function usbPortsOf(sysfs: string): ListUsbPorts {
  return async () => {
    const folder = path.join(sysfs, 'class/tty');
    const names = (await orNull(readdir(folder))) ?? [];
    const ports = await Promise.all(names.map((name) => portOf(sysfs, path.join(folder, name))));
    return ports.flatMap((port) => port ?? []);
  };
}

export const usbPorts: ListUsbPorts = usbPortsOf('/sys');

async function portOf(sysfs: string, link: string): Promise<UsbPort | null> {
  const root = await orNull(realpath(sysfs));
  const device = await orNull(realpath(path.join(link, 'device')));
  if (root === null || device === null) return null;
  for (let at = device; at.startsWith(`${root}${path.sep}`); at = path.dirname(at)) {
    const vendorId = idIn(await textOf(at, 'idVendor'));
    const productId = idIn(await textOf(at, 'idProduct'));
    if (vendorId === null || productId === null) continue;
    const serialNumber = await textOf(at, 'serial');
    // The kernel names the folder of a device after its port.
    const port = path.basename(at);
    const file = path.join('/dev', path.basename(link));
    return { path: file, vendorId, productId, serialNumber, port };
  }
  return null;
}

async function textOf(folder: string, file: string): Promise<string | null> {
  const text = await orNull(readFile(path.join(folder, file), 'utf8'));
  return text?.replace(/\n$/, '') ?? null;
}

/** What is not there is null, be it that it never was or that it was pulled out meanwhile. */
async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENODEV') return null;
    throw error;
  }
}

const idIn = (text: string | null): number | null =>
  text !== null && /^[0-9a-f]{4}$/.test(text) ? parseInt(text, 16) : null;
