import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { WebUSB as Usb } from 'usb';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { OpenFault, OpenPrinter, TransferFault, UsbPrinterBus } from './transport.ts';

/** USB Printer Class 1.1, §4.1: the interface class. */
const PRINTER_CLASS = 7;
/** §4.2: class requests. */
const GET_DEVICE_ID = 0;
const GET_PORT_STATUS = 1;
const MAX_DEVICE_ID_BYTES = 1_024;
const LENGTH_BYTES = 2;
const CONTROL_MS = 2_000;
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
  async list() {
    return (await devices()).flatMap((device) =>
      pipesOf(device) === null
        ? []
        : [
            {
              id: idOf(device),
              vendorId: device.vendorId,
              productId: device.productId,
              serialNumber: device.serialNumber ?? null,
            },
          ],
    );
  },
  async open(id, onGone) {
    const { WebUSB } = await import('usb');
    const device = (await devices()).find((one) => idOf(one) === id);
    if (device === undefined) return err({ kind: 'absent' });
    const pipes = pipesOf(device);
    if (pipes === null) return err({ kind: 'noPrinterInterface' });
    const claimed = await claim(device, pipes);
    if (!claimed.ok) return claimed;
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

async function claim(
  device: UsbDevice,
  { interfaceNumber, alternateSetting }: Pipes,
): Promise<Result<void, OpenFault>> {
  try {
    await device.open();
    // Says so where no kernel driver holds it, which is as good.
    await device.detachKernelDriver(interfaceNumber).catch((error: unknown) => {
      if (!says(error, 'no kernel driver attached')) throw error;
    });
    await device.claimInterface(interfaceNumber);
    if (alternateSetting !== 0) {
      await device.selectAlternateInterface(interfaceNumber, alternateSetting);
    }
    return ok(undefined);
  } catch (error) {
    if (says(error, 'busy'))
      return err({ kind: 'heldBy', holder: holderOf(device, interfaceNumber) });
    if (says(error, 'ermission denied')) return err({ kind: 'forbidden' });
    if (says(error, 'disconnected', 'device not found')) return err({ kind: 'absent' });
    throw error;
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
  const ask = async (request: number, length: number): Promise<Result<Uint8Array, TransferFault>> =>
    transfer(
      () =>
        device.nativeControlTransferIn(
          {
            requestType: 'class',
            recipient: 'interface',
            request,
            value: 0,
            index: (pipes.interfaceNumber << 8) | pipes.alternateSetting,
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
      const status = await ask(GET_PORT_STATUS, 1);
      if (!status.ok) return status;
      const [byte] = status.value;
      return byte === undefined ? err('stalled') : ok(byte);
    },
    async deviceId() {
      const id = await ask(GET_DEVICE_ID, MAX_DEVICE_ID_BYTES);
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

/** The module has one code, `GenericFailure`, for everything; only its sentences tell them apart. */
function faultOf(error: unknown): TransferFault | null {
  if (says(error, 'cancelled', 'timed out')) return 'late';
  if (says(error, 'stalled')) return 'stalled';
  const gone = says(
    error,
    'disconnected',
    'endpoint not found',
    'invalid state',
    'device not found',
  );
  return gone ? 'gone' : null;
}

const says = (error: unknown, ...sentences: readonly string[]): boolean =>
  error instanceof Error && sentences.some((sentence) => error.message.includes(sentence));
