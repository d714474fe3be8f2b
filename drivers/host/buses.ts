import type * as z from 'zod';
import { err, ok, type Result } from '../../src/base/result.ts';
import type {
  BusFault,
  hidDeviceSchema,
  serialPortSchema,
  usbDeviceSchema,
} from '../contract/bus-listing.ts';
import { usbPortAt, usbPortOfNode, usbWordAt } from '../contract/usb-port.ts';
import { missingLibraryOf } from './missing-library.ts';

type Listed<T extends z.ZodType> = Promise<Result<z.infer<T>[], BusFault>>;

/** Everything on the USB, opened or not; `noBus` where the kernel has none, as in most containers. */
export async function listUsbDevices(): Listed<typeof usbDeviceSchema> {
  return expectFaults(noUsbBus, async () => {
    const { WebUSB } = await import('usb');
    const devices = await new WebUSB({ allowAllDevices: true }).getDevices();
    return devices.map(({ vendorId, productId, bus, address }) => {
      const port = usbPortAt(Number(bus), address);
      return {
        ...{ vendorId, productId, port },
        serialNumber: said(usbWordAt(port, 'serial')),
        manufacturer: said(usbWordAt(port, 'manufacturer')),
        product: said(usbWordAt(port, 'product')),
      };
    });
  });
}

/** Every HID collection that the kernel shows through hidraw. */
export async function listHidDevices(): Listed<typeof hidDeviceSchema> {
  return expectFaults(
    () => null,
    async () => {
      const { default: hid } = await import('node-hid');
      return (await hid.devicesAsync()).map((device) => ({
        vendorId: device.vendorId,
        productId: device.productId,
        serialNumber: said(device.serialNumber),
        port: device.path === undefined ? null : usbPortOfNode('hidraw', device.path),
        path: device.path ?? null,
        product: said(device.product),
        usagePage: device.usagePage ?? null,
      }));
    },
  );
}

/** Serial ports that udev knows; a pseudo-terminal is never among them. */
export async function listSerialPorts(): Listed<typeof serialPortSchema> {
  return expectFaults(noUdevadm, async () => {
    const { SerialPort } = await import('serialport');
    return (await SerialPort.list()).map((port) => ({
      path: port.path,
      vendorId: usbIdOf(port.vendorId),
      productId: usbIdOf(port.productId),
      serialNumber: said(port.serialNumber),
      port: usbPortOfNode('tty', port.path),
      manufacturer: said(port.manufacturer),
    }));
  });
}

async function expectFaults<T>(
  known: (error: unknown) => BusFault | null,
  list: () => Promise<T>,
): Promise<Result<T, BusFault>> {
  try {
    return ok(await list());
  } catch (error) {
    const fault = missingLibraryOf(error) ?? known(error);
    if (fault === null) throw error;
    return err(fault);
  }
}

/** The module has one code, `GenericFailure`, for everything; only its sentence names the folder. */
function noUsbBus(error: unknown): BusFault | null {
  const absent =
    error instanceof Error && error.message.includes('/sys/bus/usb/devices/ not found');
  return absent ? { kind: 'noBus' } : null;
}

/** node-serialport lists ports by running udevadm. */
function noUdevadm(error: unknown): BusFault | null {
  const absent = error instanceof Error && error.message === 'spawn udevadm ENOENT';
  return absent ? { kind: 'missingProgram', program: 'udevadm', debianPackage: 'udev' } : null;
}

const MAX_SAID = 80;

/** A device may say anything of itself, and it is shown on screens: control characters are left out. */
function said(text: string | undefined | null): string | null {
  const shown = (text ?? '').replace(/\p{C}/gu, '').trim().slice(0, MAX_SAID);
  return shown === '' ? null : shown;
}

/** udev writes USB ids in hexadecimal. */
const usbIdOf = (text: string | undefined): number | null =>
  text !== undefined && /^[0-9a-f]{4}$/i.test(text) ? parseInt(text, 16) : null;
