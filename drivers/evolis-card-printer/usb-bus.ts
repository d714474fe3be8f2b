import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { WebUSB as Usb } from 'usb';
import { err, ok, type Result } from '../../src/base/result.ts';
import { usbPortAt } from '../contract/usb-port.ts';
import type { OpenFault, OpenPrinter, TransferFault, UsbPrinterBus } from './transport.ts';

/** USB Printer Class 1.1, §4.1: the interface class. */
const PRINTER_CLASS = 7;
/** §4.2: class requests. */
const GET_DEVICE_ID = 0;
const GET_PORT_STATUS = 1;
const MAX_DEVICE_ID_BYTES = 1_024;
const LENGTH_BYTES = 2;
const CONTROL_MS = 2_000;
/** Linux's own driver of printers. */
const KERNEL_DRIVER = 'usblp';
const READ_BYTES = 512;

type UsbDevice = Awaited<ReturnType<Usb['getDevices']>>[number];

/** What of the descriptors is read; the module types it after a library of the browser that is not here. */
interface Endpoint {
  readonly endpointNumber: number;
  readonly direction: string;
  readonly type: string;
}

interface Configuration {
  readonly interfaces: readonly Interface[];
}

interface Interface {
  readonly interfaceNumber: number;
  readonly alternates: readonly {
    readonly alternateSetting: number;
    readonly interfaceClass: number;
    readonly endpoints: readonly Endpoint[];
  }[];
}

interface Pipes {
  readonly interfaceNumber: number;
  readonly alternateSetting: number;
  readonly out: number;
  readonly in: number;
}

/** The printers on this machine's USB. The native module is loaded at first use. */
export const systemUsbPrinterBus: UsbPrinterBus = {
  async list(wanted) {
    return (await devices())
      .filter(({ vendorId }) => vendorId === wanted)
      .map((device) => ({
        id: idOf(device),
        vendorId: device.vendorId,
        productId: device.productId,
        serialNumber: device.serialNumber ?? null,
        port: usbPortAt(Number(device.bus), device.address),
      }));
  },
  async open(id, onGone) {
    const { WebUSB } = await import('usb');
    const device = (await devices()).find((one) => idOf(one) === id);
    if (device === undefined) return err({ kind: 'absent' });
    const claimed = await claim(device);
    if (!claimed.ok) return claimed;
    const pipes = claimed.value;
    const hub = new WebUSB({ allowAllDevices: true });
    const left = (event: Event): void => {
      const { device: gone } = event as Event & { readonly device: UsbDevice };
      if (idOf(gone) !== id) return;
      hub.removeEventListener('disconnect', left);
      onGone();
    };
    hub.addEventListener('disconnect', left);
    return ok(openPrinter(device, pipes, () => hub.removeEventListener('disconnect', left)));
  },
};

async function devices(): Promise<readonly UsbDevice[]> {
  const { WebUSB } = await import('usb');
  return new WebUSB({ allowAllDevices: true }).getDevices();
}

const idOf = ({ bus, address }: UsbDevice): string => `${bus}.${address}`;

/** The first interface of the class with a pipe each way. */
function pipesOf(device: UsbDevice): Pipes | null {
  const { configurations } = device as { readonly configurations: readonly Configuration[] };
  const interfaces = configurations.flatMap((one) => one.interfaces);
  const found = interfaces.flatMap(({ interfaceNumber, alternates }) =>
    alternates.flatMap(({ alternateSetting, interfaceClass, endpoints }): Pipes[] => {
      const pipe = (direction: string): Endpoint | undefined =>
        endpoints.find((one) => one.type === 'bulk' && one.direction === direction);
      const [inward, outward] = [pipe('in'), pipe('out')];
      if (interfaceClass !== PRINTER_CLASS || inward === undefined || outward === undefined) {
        return [];
      }
      const [into, out] = [inward.endpointNumber, outward.endpointNumber];
      return [{ interfaceNumber, alternateSetting, out, in: into }];
    }),
  );
  return found[0] ?? null;
}

/** Reading the descriptors opens the device already, and may be forbidden. */
async function claim(device: UsbDevice): Promise<Result<Pipes, OpenFault>> {
  try {
    const pipes = pipesOf(device);
    if (pipes === null) return err({ kind: 'noPrinterInterface' });
    await device.open();
    const claimed = await claimInterface(device, pipes);
    if (!claimed.ok) await device.close();
    return claimed.ok ? ok(pipes) : claimed;
  } catch (error) {
    if (says(error, /permission denied/i)) return err({ kind: 'forbidden' });
    if (faultOf(error) === 'gone') return err({ kind: 'absent' });
    throw error;
  }
}

async function claimInterface(
  device: UsbDevice,
  { interfaceNumber, alternateSetting }: Pipes,
): Promise<Result<void, OpenFault>> {
  const holder = holderOf(device, interfaceNumber);
  // Detaching would take it from a program as well, in the middle of whatever that does.
  if (holder !== null && holder !== KERNEL_DRIVER) return err({ kind: 'heldBy', holder });
  try {
    if (holder === KERNEL_DRIVER) await device.detachKernelDriver(interfaceNumber);
    await device.claimInterface(interfaceNumber);
    if (alternateSetting !== 0) {
      await device.selectAlternateInterface(interfaceNumber, alternateSetting);
    }
    return ok(undefined);
  } catch (error) {
    if (!says(error, /busy/i)) throw error;
    return err({ kind: 'heldBy', holder: holderOf(device, interfaceNumber) });
  }
}

/** The kernel driver of an interface, as sysfs has it; `usbfs` stands for a program. */
function holderOf({ bus, address }: UsbDevice, interfaceNumber: number): string | null {
  const folder = '/sys/bus/usb/devices';
  const numberIn = (name: string, file: string): number =>
    Number(readFileSync(path.join(folder, name, file), 'utf8'));
  const device = readdirSync(folder)
    .filter((name) => !name.includes(':'))
    .find(
      (name) => numberIn(name, 'busnum') === Number(bus) && numberIn(name, 'devnum') === address,
    );
  if (device === undefined) return null;
  const configuration = readFileSync(
    path.join(folder, device, 'bConfigurationValue'),
    'utf8',
  ).trim();
  const link = path.join(folder, `${device}:${configuration}.${interfaceNumber}`, 'driver');
  try {
    return path.basename(readlinkSync(link));
  } catch (error) {
    // Whoever held it let go of it in between.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function openPrinter(device: UsbDevice, pipes: Pipes, stopFollowing: () => void): OpenPrinter {
  // §4.2.1: of this request alone the index has the alternate setting beside the interface.
  const idIndex = (pipes.interfaceNumber << 8) | pipes.alternateSetting;
  const ask = async (
    request: number,
    index: number,
    length: number,
  ): Promise<Result<Uint8Array, TransferFault>> =>
    transfer(
      () =>
        device.nativeControlTransferIn(
          {
            requestType: 'class',
            recipient: 'interface',
            request,
            value: 0,
            index,
          },
          CONTROL_MS,
          length,
        ),
      (bytes) => bytes ?? new Uint8Array(0),
    );
  return {
    write: (bytes, timeoutMs) =>
      transfer(
        () => device.nativeTransferOut(pipes.out, timeoutMs, bytes),
        () => undefined,
      ),
    read: (timeoutMs) =>
      transfer(
        () => device.nativeTransferIn(pipes.in, timeoutMs, READ_BYTES),
        (bytes) => bytes ?? new Uint8Array(0),
      ),
    async portStatus() {
      const status = await ask(GET_PORT_STATUS, pipes.interfaceNumber, 1);
      if (!status.ok) return status;
      const [byte] = status.value;
      return byte === undefined ? err('stalled') : ok(byte);
    },
    async deviceId() {
      const id = await ask(GET_DEVICE_ID, idIndex, MAX_DEVICE_ID_BYTES);
      if (!id.ok) return id;
      return ok(Buffer.from(id.value.subarray(LENGTH_BYTES)).toString('latin1'));
    },
    async close() {
      stopFollowing();
      try {
        await device.releaseInterface(pipes.interfaceNumber);
        await device.close();
      } catch (error) {
        // A device that left has let go of everything by itself.
        if (faultOf(error) !== 'gone') throw error;
      }
    },
  };
}

async function transfer<T, U>(
  start: () => Promise<T>,
  take: (transferred: T) => U,
): Promise<Result<U, TransferFault>> {
  try {
    return ok(take(await start()));
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    return err(fault);
  }
}

/**
 * The module has one code, `GenericFailure`, for everything; only its words tell them apart, which are those of
 * a sentence on the control pipe and names of an enumeration on the others.
 */
function faultOf(error: unknown): TransferFault | null {
  if (says(error, /cancelled|timed ?out/i)) return 'late';
  if (says(error, /stall/i)) return 'stalled';
  return says(
    error,
    /disconnected|endpoint not found|invalid state|device not found|no such device/i,
  )
    ? 'gone'
    : null;
}

const says = (error: unknown, words: RegExp): boolean =>
  error instanceof Error && words.test(error.message);
