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
  list(): Promise<readonly ListedHid[]>;
  open(path: string, handlers: HidHandlers): Promise<Result<OpenHid, { readonly kind: 'refused' }>>;
}

/** The HID devices of this machine, through hidraw. The native module is loaded at first use. */
export const systemHidBus: HidBus = {
  async list() {
    const { devicesAsync } = await import('node-hid');
    const devices = await devicesAsync();
    return devices.flatMap(({ path, vendorId, productId, serialNumber, usagePage, usage }) =>
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
    );
  },
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
      if (over) return;
      over = true;
      void device.close();
      handlers.onGone();
    });
    return ok({
      close: async () => {
        if (over) return;
        over = true;
        await device.close();
      },
    });
  },
};
