import { err, ok, type Result } from '../../src/base/result.ts';
import { isWanted, type UsbWanted } from '../contract/usb-identity.ts';
import {
  claimUsbInterfaces,
  releaseUsbInterfaces,
  usbDevices,
  usbIdentityOf,
  usbTransfer,
  type ClaimFault,
  type NoUsb,
  type TransferFault,
  type UsbDevice,
} from '../usb/usb-interface.ts';
import { BOOT_REPORT_BYTES } from './keyboard-protocol.ts';
import type { HidHandlers, OpenHid } from './transport.ts';

/** HID 1.11 §4.1 to §4.3: interface class, the subclass of boot devices, and the protocol of a keyboard. */
const HID_CLASS = 3;
const BOOT_SUBCLASS = 1;
const KEYBOARD_PROTOCOL = 1;
/** §7.2.4 and §7.2.6: class requests; boot protocol, and a report only where something changed. */
const SET_IDLE = 0x0a;
const SET_PROTOCOL = 0x0b;
const BOOT_PROTOCOL = 0;
const ON_CHANGE_ONLY = 0;
const CONTROL_MS = 1_000;
/** How long one wait for a key lasts, and so a close at most. What comes at its end is not lost (Linux usbfs). */
const READ_MS = 500;
/** Linux's own driver of HID devices, which makes keyboards of them. */
const KERNEL_DRIVER = 'usbhid';

export type GrabFault =
  | ClaimFault
  | { readonly kind: NoUsb }
  /** Two that may be meant are plugged in. */
  | { readonly kind: 'twoAlike' }
  /** Nothing of it, as it is configured, is a boot keyboard, whose reports are known without its descriptor. */
  | { readonly kind: 'noBootKeyboard' };

export interface UsbKeyboardBus {
  /**
   * Takes all that is HID of the one device that is wanted from the kernel, so that nothing of it types anywhere,
   * and reads its boot keyboard. What was taken is not given back by `close`: until it is plugged in anew it
   * types nowhere.
   */
  grab(wanted: UsbWanted, handlers: HidHandlers): Promise<Result<OpenHid, GrabFault>>;
}

/** What of the descriptors is read; the module types it after a library of the browser that is not here. */
interface Interface {
  readonly interfaceNumber: number;
  readonly alternate: {
    readonly interfaceClass: number;
    readonly interfaceSubclass: number;
    readonly interfaceProtocol: number;
    readonly endpoints: readonly {
      readonly endpointNumber: number;
      readonly direction: string;
      readonly type: string;
    }[];
  };
}

interface Keyboard {
  readonly interfaceNumber: number;
  readonly endpoint: number;
}

interface Taken {
  readonly keyboard: Keyboard;
  /** Every interface of it that is HID. */
  readonly all: readonly number[];
}

/** The keyboards on this machine's USB. The native module is loaded at first use. */
export const systemUsbKeyboardBus: UsbKeyboardBus = {
  async grab(wanted, handlers) {
    const devices = await usbDevices();
    if (!devices.ok) return err({ kind: devices.error });
    const [device, ...more] = devices.value.filter((one) => isWanted(wanted, usbIdentityOf(one)));
    if (device === undefined) return err({ kind: 'absent' });
    if (more.length > 0) return err({ kind: 'twoAlike' });
    const taken = await take(device);
    return taken.ok ? ok(reading(device, taken.value, handlers)) : taken;
  },
};

async function take(device: UsbDevice): Promise<Result<Taken, GrabFault>> {
  const claimed = await claimUsbInterfaces(
    device,
    () => hidPartsOf(device),
    ({ all }) => all.map((interfaceNumber) => ({ interfaceNumber, alternateSetting: 0 })),
    KERNEL_DRIVER,
  );
  if (!claimed.ok) return claimed;
  if (claimed.value === null) return err({ kind: 'noBootKeyboard' });
  const taken = claimed.value;
  // What it sends otherwise only its descriptor tells, and is not to be taken for this.
  const told = await tell(device, SET_PROTOCOL, BOOT_PROTOCOL, taken.keyboard);
  if (!told.ok) {
    await releaseUsbInterfaces(device, taken.all);
    return err({ kind: told.error === 'gone' ? 'absent' : 'noBootKeyboard' });
  }
  // It may refuse this one, and then repeats reports that change nothing.
  await tell(device, SET_IDLE, ON_CHANGE_ONLY, taken.keyboard);
  return ok(taken);
}

/** Null where nothing of it is a boot keyboard, or it is not configured. */
function hidPartsOf(device: UsbDevice): Taken | null {
  const { configuration } = device as {
    readonly configuration?: { readonly interfaces: readonly Interface[] } | null;
  };
  // One that the kernel did not configure, as for want of power on its port, has no interfaces.
  if (configuration === undefined || configuration === null) return null;
  const { interfaces } = configuration;
  const keyboard = interfaces.flatMap(keyboardOf)[0];
  if (keyboard === undefined) return null;
  const all = interfaces
    .filter(({ alternate }) => alternate.interfaceClass === HID_CLASS)
    .map(({ interfaceNumber }) => interfaceNumber);
  return { keyboard, all };
}

function keyboardOf({ interfaceNumber, alternate }: Interface): Keyboard[] {
  const { interfaceClass, interfaceSubclass, interfaceProtocol, endpoints } = alternate;
  const isOne =
    interfaceClass === HID_CLASS &&
    interfaceSubclass === BOOT_SUBCLASS &&
    interfaceProtocol === KEYBOARD_PROTOCOL;
  const pipe = endpoints.find((one) => one.direction === 'in' && one.type === 'interrupt');
  return isOne && pipe !== undefined ? [{ interfaceNumber, endpoint: pipe.endpointNumber }] : [];
}

function tell(
  device: UsbDevice,
  request: number,
  value: number,
  { interfaceNumber: index }: Keyboard,
): Promise<Result<void, TransferFault>> {
  const setup = { requestType: 'class', recipient: 'interface', request, value, index } as const;
  return usbTransfer(
    device,
    () => device.nativeControlTransferOut(setup, CONTROL_MS, new Uint8Array(0)),
    () => undefined,
  );
}

function reading(device: UsbDevice, { keyboard, all }: Taken, handlers: HidHandlers): OpenHid {
  let over = false;
  /** Asked anew after each wait: it may have been closed meanwhile. */
  const isOver = (): boolean => over;
  const read = async (): Promise<void> => {
    while (!isOver()) {
      const report = await usbTransfer(
        device,
        () => device.nativeTransferIn(keyboard.endpoint, READ_MS, BOOT_REPORT_BYTES),
        (bytes) => bytes,
      );
      if (report.ok) {
        // A packet without bytes ends a transfer and is no report (USB 2.0 §5.7.3); some devices send one after each.
        const bytes = report.value;
        if (!isOver() && bytes !== null && bytes.length > 0) handlers.onReport(bytes);
        continue;
      }
      if (report.error === 'late') continue;
      if (isOver()) return;
      over = true;
      await releaseUsbInterfaces(device, all);
      handlers.onGone();
    }
  };
  const ended = read();
  return {
    async close() {
      const wasOver = over;
      over = true;
      await ended;
      if (!wasOver) await releaseUsbInterfaces(device, all);
    },
  };
}
