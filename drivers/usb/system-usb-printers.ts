import { err, ok, type Result } from '../../src/base/result.ts';
import {
  claimUsbInterface,
  clearUsbHalt,
  releaseUsbInterface,
  usbDevices,
  usbIdOf,
  usbIdentityOf,
  usbTransfer,
  type TransferFault,
  type UsbDevice,
} from './usb-interface.ts';
import type { OpenPrinter, UsbPrinterBus } from './usb-printer.ts';

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
    const devices = await usbDevices();
    if (!devices.ok) return devices;
    const ours = devices.value.filter(({ vendorId }) => vendorId === wanted);
    return ok(
      ours.map((device) => ({
        id: usbIdOf(device),
        ...usbIdentityOf(device),
      })),
    );
  },
  async open(id, onGone) {
    const { WebUSB } = await import('usb');
    const devices = await usbDevices();
    const device = devices.ok ? devices.value.find((one) => usbIdOf(one) === id) : undefined;
    if (device === undefined) return err({ kind: 'absent' });
    const claimed = await claimUsbInterface(device, () => pipesOf(device), KERNEL_DRIVER);
    if (!claimed.ok) return claimed;
    const pipes = claimed.value;
    if (pipes === null) return err({ kind: 'noPrinterInterface' });
    const hub = new WebUSB({ allowAllDevices: true });
    const left = (event: Event): void => {
      const { device: gone } = event as Event & { readonly device: UsbDevice };
      if (usbIdOf(gone) !== id) return;
      hub.removeEventListener('disconnect', left);
      onGone();
    };
    hub.addEventListener('disconnect', left);
    return ok(openPrinter(device, pipes, () => hub.removeEventListener('disconnect', left)));
  },
};

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

function openPrinter(device: UsbDevice, pipes: Pipes, stopFollowing: () => void): OpenPrinter {
  // §4.2.1: of this request alone the index has the alternate setting beside the interface.
  const idIndex = (pipes.interfaceNumber << 8) | pipes.alternateSetting;
  const ask = async (
    request: number,
    index: number,
    length: number,
  ): Promise<Result<Uint8Array, TransferFault>> =>
    usbTransfer(
      device,
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
      usbTransfer(
        device,
        () => device.nativeTransferOut(pipes.out, timeoutMs, bytes),
        () => undefined,
      ),
    read: (timeoutMs) =>
      usbTransfer(
        device,
        () => device.nativeTransferIn(pipes.in, timeoutMs, READ_BYTES),
        (bytes) => bytes ?? new Uint8Array(0),
      ),
    clearHalt: (pipe) => clearUsbHalt(device, pipe, pipes[pipe]),
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
      await releaseUsbInterface(device, pipes.interfaceNumber);
    },
  };
}
