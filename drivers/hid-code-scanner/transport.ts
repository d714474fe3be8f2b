import { err, ok, type Result } from '../../src/base/result.ts';
import type { UsbIdentity } from '../contract/usb-identity.ts';
import { usbPortOfNode } from '../contract/usb-port.ts';

export interface ListedHid extends UsbIdentity {
  readonly path: string;
  /** null where the platform does not tell. */
  readonly usagePage: number | null;
  readonly usage: number | null;
}

export interface HidHandlers {
  /** One input report, its report id first. */
  readonly onReport: (report: Uint8Array) => void;
  /** The device went away by itself; not called after `close`. */
  readonly onGone: () => void;
}

export interface OpenHid {
  close(): Promise<void>;
}

export interface HidBus {
  /** `usbFailed`: it could not be listed now. */
  list(): Promise<Result<readonly ListedHid[], 'usbFailed'>>;
  open(path: string, handlers: HidHandlers): Promise<Result<OpenHid, { readonly kind: 'refused' }>>;
}

/** The HID devices of this machine, through hidraw. The native module is loaded at first use. */
export const systemHidBus: HidBus = {
  list: () => hidDevices(),
  async open(path, handlers) {
    const { HIDAsync } = await import('node-hid');
    let device: Awaited<ReturnType<typeof HIDAsync.open>>;
    try {
      device = await HIDAsync.open(path);
    } catch {
      // The library says only that it could not; a busy, forbidden and vanished device look alike.
      return err({ kind: 'refused' });
    }
    let over = false;
    device.on('data', (report: Buffer) => handlers.onReport(report));
    device.on('error', () => {
      if (!over) handlers.onGone();
      over = true;
    });
    // The library begins to read a tick later, and ends the process where the device was closed by then.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    return ok({
      close: async () => {
        over = true;
        // One that was pulled out may not close any more, and holds nothing.
        await device.close().catch(() => undefined);
      },
    });
  },
};

type NodeHid = typeof import('node-hid');

/** As `list`; a shared library that is missing is no fault of the bus, and throws. */
export async function hidDevices(
  load: () => Promise<Pick<NodeHid, 'getHidapiVersion' | 'devicesAsync'>> = () =>
    import('node-hid'),
): Promise<Result<readonly ListedHid[], 'usbFailed'>> {
  const hid = await load();
  // It loads its library when it is first asked for anything.
  hid.getHidapiVersion();
  let devices: Awaited<ReturnType<NodeHid['devicesAsync']>>;
  try {
    devices = await hid.devicesAsync();
  } catch {
    // Its errors have no code, and words of the system.
    return err('usbFailed');
  }
  return ok(
    devices.flatMap(({ path, vendorId, productId, serialNumber, usagePage, usage }) =>
      path === undefined
        ? []
        : [
            {
              path,
              vendorId,
              productId,
              // The library says an empty word where the device has none.
              serialNumber: serialNumber === '' ? null : (serialNumber ?? null),
              port: usbPortOfNode('hidraw', path),
              usagePage: usagePage ?? null,
              usage: usage ?? null,
            },
          ],
    ),
  );
}
