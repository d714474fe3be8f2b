import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { WebUSB as Usb } from 'usb';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { UsbIdentity } from '../contract/usb-identity.ts';
import { usbPortAt, usbWordAt } from '../contract/usb-port.ts';
import type { BulkPipe } from './bulk-pipes.ts';
import { Lending } from './lending.ts';

export type UsbDevice = Awaited<ReturnType<Usb['getDevices']>>[number];

/** `late`: nothing went over in time. `gone`: the device left the bus. `stalled`: the transfer was refused or broken off. */
export type TransferFault = 'late' | 'gone' | 'stalled';

export type ClaimFault =
  | { readonly kind: 'absent' }
  | { readonly kind: 'forbidden' }
  /** Another program or kernel driver has it; its name where the system tells. */
  | { readonly kind: 'heldBy'; readonly holder: string | null }
  /** The device or the system would not, for a reason without a name of its own, such as no configuration. */
  | { readonly kind: 'usbFailed' };

const DEVICES = '/sys/bus/usb/devices';
/** How sysfs calls every program that has claimed an interface. */
const SOME_PROGRAM = 'usbfs';

/**
 * `noBus`: the kernel of this machine shows no USB at all, as in most containers. `usbFailed`: it could not be
 * listed now, as where a device left while it was read.
 */
export type NoUsb = 'noBus' | 'usbFailed';

/** Everything on the USB of this machine; nothing is opened. The native module is loaded at first use. */
export async function usbDevices(
  list: () => Promise<readonly UsbDevice[]> = systemDevices,
): Promise<Result<readonly UsbDevice[], NoUsb>> {
  try {
    return ok(await list());
  } catch (error) {
    if (!isOfUsb(error)) throw error;
    return err(says(error, /\/sys\/bus\/usb\/devices\/ not found/) ? 'noBus' : 'usbFailed');
  }
}

async function systemDevices(): Promise<readonly UsbDevice[]> {
  const { WebUSB } = await import('usb');
  return new WebUSB({ allowAllDevices: true }).getDevices();
}

/** Names the device for as long as it stays plugged in. */
export const usbIdOf = ({ bus, address }: UsbDevice): string => `${bus}.${address}`;

/** Where it is plugged in, which is also the name of its folder in sysfs; null where the system does not tell. */
export const usbPortOf = ({ bus, address }: UsbDevice): string | null =>
  usbPortAt(Number(bus), address);

export function usbIdentityOf(device: UsbDevice): UsbIdentity {
  const port = usbPortOf(device);
  const { vendorId, productId } = device;
  return { vendorId, productId, serialNumber: usbWordAt(port, 'serial'), port };
}

/** Its descriptors as the device gave them: that of the device, then every configuration (USB 2.0 §9.6). */
export function usbDescriptorsOf(port: string): Uint8Array | null {
  return unlessLeft(() => readFileSync(path.join(DEVICES, port, 'descriptors')));
}

interface Choice {
  readonly interfaceNumber: number;
  readonly alternateSetting: number;
}

/** As `claimUsbInterfaces`, where the choice is one interface. */
export const claimUsbInterface = <C extends Choice>(
  device: UsbDevice,
  choose: () => C | null,
  replaceable: string | null,
): Promise<Result<C | null, ClaimFault>> =>
  claimUsbInterfaces(device, choose, (choice) => [choice], replaceable);

/**
 * Opens the device and claims the chosen interfaces of it for us alone; completes with the choice, null where there
 * is none. A kernel driver is detached only where it is `replaceable`: detaching takes an interface from a program
 * as well, in the middle of whatever that does.
 */
export async function claimUsbInterfaces<C>(
  device: UsbDevice,
  choose: () => C | null,
  interfacesOf: (choice: C) => readonly Choice[],
  replaceable: string | null,
): Promise<Result<C | null, ClaimFault>> {
  try {
    // Reading the descriptors through the module opens the device already, and may be forbidden.
    const choice = choose();
    if (choice === null) return ok(null);
    await device.open();
    letGo.delete(device);
    const claimed = await claimAll(device, interfacesOf(choice), replaceable);
    if (claimed.ok) return ok(choice);
    await closeQuietly(device);
    return claimed;
  } catch (error) {
    return err(claimFaultOf(error));
  }
}

async function claimAll(
  device: UsbDevice,
  choices: readonly Choice[],
  replaceable: string | null,
): Promise<Result<void, ClaimFault>> {
  for (const one of choices) {
    const claimed = await claim(device, one, replaceable);
    if (!claimed.ok) return claimed;
  }
  return ok(undefined);
}

async function claim(
  device: UsbDevice,
  { interfaceNumber, alternateSetting }: Choice,
  replaceable: string | null,
): Promise<Result<void, ClaimFault>> {
  const driver = driverOf(device, interfaceNumber);
  if (driver !== null && driver !== replaceable) {
    return err({ kind: 'heldBy', holder: holderOf(device, driver) });
  }
  try {
    if (driver !== null) await device.detachKernelDriver(interfaceNumber);
    await device.claimInterface(interfaceNumber);
    if (alternateSetting !== 0) {
      await device.selectAlternateInterface(interfaceNumber, alternateSetting);
    }
    return ok(undefined);
  } catch (error) {
    if (!says(error, /busy/i)) return err(claimFaultOf(error));
    return err({ kind: 'heldBy', holder: holderOf(device, driverOf(device, interfaceNumber)) });
  }
}

const lendings = new WeakMap<UsbDevice, Lending>();
const letGo = new WeakSet<UsbDevice>();

function lendingOf(device: UsbDevice): Lending {
  const lending = lendings.get(device) ?? new Lending();
  lendings.set(device, lending);
  return lending;
}

/** Completes when the interface is free for others. */
export const releaseUsbInterface = (device: UsbDevice, interfaceNumber: number): Promise<void> =>
  releaseUsbInterfaces(device, [interfaceNumber]);

/** No transfer is begun from now on. Completes when none is under way, all are released and the device is closed. */
export function releaseUsbInterfaces(
  device: UsbDevice,
  interfaceNumbers: readonly number[],
): Promise<void> {
  letGo.add(device);
  return lendingOf(device).alone(async () => {
    for (const number of interfaceNumbers) {
      await unlessUsbFails(() => device.releaseInterface(number));
    }
    await closeQuietly(device);
  });
}

/** Closing lets go of everything that is claimed; a device that left has done so by itself. */
const closeQuietly = (device: UsbDevice): Promise<void> => unlessUsbFails(() => device.close());

async function unlessUsbFails(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isOfUsb(error)) throw error;
  }
}

/**
 * Carries one transfer of the device out, unless it was let go of; what the module throws for a device that is slow,
 * gone or refuses is a fault.
 */
export async function usbTransfer<T, U>(
  device: UsbDevice,
  start: () => Promise<T>,
  take: (transferred: T) => U,
): Promise<Result<U, TransferFault>> {
  const gone = err<TransferFault>('gone');
  if (letGo.has(device)) return gone;
  return lendingOf(device).share(async () => {
    // It may have waited for its turn.
    if (letGo.has(device)) return gone;
    try {
      return ok(take(await start()));
    } catch (error) {
      if (!isOfUsb(error)) throw error;
      return err(transferFaultOf(error) ?? 'stalled');
    }
  });
}

/**
 * USB 2.0 §9.4.5, CLEAR_FEATURE(ENDPOINT_HALT); nothing of a device that was let go of. Transfers wait meanwhile, on
 * both pipes.
 */
export const clearUsbHalt = (
  device: UsbDevice,
  pipe: BulkPipe,
  endpointNumber: number,
): Promise<void> =>
  lendingOf(device).alone(async () => {
    if (letGo.has(device)) return;
    await unlessUsbFails(() => device.clearHalt(pipe, endpointNumber));
  });

/** The kernel driver of an interface, as sysfs has it; null where none has it. */
function driverOf(device: UsbDevice, interfaceNumber: number): string | null {
  const port = usbPortOf(device);
  if (port === null) return null;
  return unlessLeft(() => {
    const configuration = readFileSync(path.join(DEVICES, port, 'bConfigurationValue'), 'utf8');
    const name = `${port}:${configuration.trim()}.${interfaceNumber}`;
    return path.basename(readlinkSync(path.join(DEVICES, name, 'driver')));
  });
}

/** Who stands behind `usbfs`: the program, where this user may see what it has open. */
function holderOf({ bus, address }: UsbDevice, driver: string | null): string | null {
  if (driver !== SOME_PROGRAM) return driver;
  const node = `/dev/bus/usb/${threeDigits(Number(bus))}/${threeDigits(address)}`;
  const others = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
  );
  const holder = others.find((pid) => openFilesOf(pid).includes(node));
  if (holder === undefined) return driver;
  return unlessLeft(() => readFileSync(`/proc/${holder}/comm`, 'utf8').trim()) ?? driver;
}

function openFilesOf(pid: string): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  const names = unlessLeft(() => readdirSync(folder)) ?? [];
  return names.map((name) => unlessLeft(() => readlinkSync(path.join(folder, name))) ?? '');
}

const threeDigits = (value: number): string => String(value).padStart(3, '0');

/** What the kernel shows of devices and processes may be gone, or be another user's, while it is read. */
function unlessLeft<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENODEV', 'ESRCH', 'EACCES', 'EPERM'].includes(code ?? '')) return null;
    throw error;
  }
}

/**
 * The module has one code, `GenericFailure`, for everything; only its words tell them apart, which are those of
 * a sentence on the control pipe and names of an enumeration on the others.
 */
function transferFaultOf(error: unknown): TransferFault | null {
  if (says(error, /cancelled|timed ?out/i)) return 'late';
  // `Fault` is what a transfer ends with that was under way when the device was pulled out, before the bus says so.
  if (says(error, /stall|\bfault\b/i)) return 'stalled';
  return says(
    error,
    /disconnected|endpoint not found|invalid state|device not found|no such device/i,
  )
    ? 'gone'
    : null;
}

/** Whatever its words, it ends one device and not the process with all the others. Ours would have another code. */
function isOfUsb(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'GenericFailure';
}

function claimFaultOf(error: unknown): ClaimFault {
  if (!isOfUsb(error)) throw error;
  if (says(error, /permission denied/i)) return { kind: 'forbidden' };
  return { kind: transferFaultOf(error) === 'gone' ? 'absent' : 'usbFailed' };
}

const says = (error: unknown, words: RegExp): boolean =>
  error instanceof Error && words.test(error.message);
