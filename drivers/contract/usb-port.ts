import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { usbPortSchema } from './usb-identity.ts';

const SYSFS = '/sys';

/** Where a device with these two numbers of the kernel is plugged in; null where the system does not tell. */
export function usbPortAt(bus: number, address: number, sysfs: string = SYSFS): string | null {
  const folder = path.join(sysfs, 'bus/usb/devices');
  if (!existsSync(folder)) return null;
  const numberIn = (name: string, file: string): number | null =>
    orGone(() => Number(readFileSync(path.join(folder, name, file), 'utf8')));
  const found = readdirSync(folder).find(
    (name) =>
      usbPortSchema.safeParse(name).success &&
      numberIn(name, 'busnum') === bus &&
      numberIn(name, 'devnum') === address,
  );
  return found ?? null;
}

/**
 * What a device says of itself in a string descriptor (USB 2.0 §9.6.7), as the kernel read it when it was plugged in;
 * null where it says nothing, or left. To ask the device would be to open it, which may be forbidden or too late.
 */
export function usbWordAt(
  port: string | null,
  word: 'serial' | 'manufacturer' | 'product',
  sysfs: string = SYSFS,
): string | null {
  if (port === null) return null;
  const file = path.join(sysfs, 'bus/usb/devices', port, word);
  const said = orGone(() => readFileSync(file, 'utf8').replace(/\n$/, ''));
  return said === '' ? null : said;
}

/** Where the device behind a node such as `/dev/hidraw0` is plugged in; null for one that is not on the USB. */
export function usbPortOfNode(
  kind: 'hidraw' | 'tty',
  node: string,
  sysfs: string = SYSFS,
): string | null {
  const link = path.join(sysfs, 'class', kind, path.basename(node), 'device');
  const device = orGone(() => realpathSync(link));
  // The last of them: each hub on the way has its own.
  return device?.split('/').findLast((part) => usbPortSchema.safeParse(part).success) ?? null;
}

/** What is pulled out takes its files with it. */
function orGone<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENOTDIR') return null;
    throw error;
  }
}
