import {
  claimUsbInterface,
  clearUsbHalt,
  releaseUsbInterface,
  usbDescriptorsOf,
  usbDevices,
  usbIdOf,
  usbPortOf,
  usbTransfer,
  type NoUsb,
  type UsbDevice,
} from '../usb/usb-interface.ts';
import { usbWordAt } from '../contract/usb-port.ts';
import { assert } from '../../src/base/assert.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { ccidInterfacesIn, type CcidInterface } from './descriptors.ts';
import type { CcidBus, OpenCcid } from './transport.ts';

/** CCID 1.1 §5.3.1: class request to the interface. */
const ABORT = 0x01;
const CONTROL_MS = 1_000;

interface Found {
  readonly id: string;
  readonly port: string;
  readonly device: UsbDevice;
  readonly shape: CcidInterface;
}

/** The CCID interfaces on this machine's USB. */
export const systemCcidBus: CcidBus = {
  async list() {
    const interfaces = await found();
    if (!interfaces.ok) return interfaces;
    return ok(
      interfaces.value.map(({ id, port, device, shape }) => ({
        id,
        vendorId: device.vendorId,
        productId: device.productId,
        serialNumber: usbWordAt(port, 'serial'),
        port,
        shape,
      })),
    );
  },
  async open(id) {
    const interfaces = await found();
    const wanted = interfaces.ok ? interfaces.value.find((one) => one.id === id) : undefined;
    if (wanted === undefined) return err({ kind: 'absent' });
    // Linux has no driver of its own for this class: whoever holds one is a program, and keeps it.
    const claimed = await claimUsbInterface(wanted.device, () => wanted.shape, null);
    return claimed.ok ? ok(openReader(wanted)) : claimed;
  },
};

async function found(): Promise<Result<readonly Found[], NoUsb>> {
  const devices = await usbDevices();
  if (!devices.ok) return devices;
  const interfaces = devices.value.flatMap((device) => {
    const port = usbPortOf(device);
    const descriptors = port === null ? null : usbDescriptorsOf(port);
    if (port === null || descriptors === null) return [];
    return ccidInterfacesIn(descriptors).map((shape) => ({
      id: `${usbIdOf(device)}:${shape.interfaceNumber}`,
      port,
      device,
      shape,
    }));
  });
  return ok(interfaces);
}

function openReader({ device, shape }: Found): OpenCcid {
  const read = (endpoint: number, bytes: number, timeoutMs: number) =>
    usbTransfer(
      device,
      () => device.nativeTransferIn(endpoint, timeoutMs, bytes),
      (taken) => taken ?? new Uint8Array(0),
    );
  return {
    write: (bytes, timeoutMs) =>
      usbTransfer(
        device,
        () => device.nativeTransferOut(shape.bulkOut, timeoutMs, bytes),
        () => undefined,
      ),
    read: (bytes, timeoutMs) => read(shape.bulkIn, bytes, timeoutMs),
    notice: (timeoutMs) => {
      const { interruptIn } = shape;
      assert(interruptIn !== null, 'the interface has an interrupt pipe');
      return read(interruptIn.endpoint, interruptIn.packetBytes, timeoutMs);
    },
    clearHalt: (pipe) => clearUsbHalt(device, pipe, pipe === 'in' ? shape.bulkIn : shape.bulkOut),
    requestAbort: (slot, sequence) =>
      usbTransfer(
        device,
        () =>
          device.nativeControlTransferOut(
            {
              requestType: 'class',
              recipient: 'interface',
              request: ABORT,
              value: (sequence << 8) | slot,
              index: shape.interfaceNumber,
            },
            CONTROL_MS,
            new Uint8Array(0),
          ),
        () => undefined,
      ),
    close: () => releaseUsbInterface(device, shape.interfaceNumber),
  };
}
