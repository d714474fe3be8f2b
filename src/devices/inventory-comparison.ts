import * as z from 'zod';
import { assertNever } from '../base/assert.ts';
import type { BusListing } from '../../drivers/contract/bus-listing.ts';
import type { DeviceConfig } from './ports.ts';

/** Where a driver's options say that its device is; the names are those the drivers use. */
export type Expectation =
  | { readonly kind: 'usb'; readonly vendorId: number; readonly productId: number }
  | { readonly kind: 'path'; readonly path: string }
  /** Behind a daemon, a network or a socket: none of these buses can show it. */
  | { readonly kind: 'elsewhere' };

export type InventoryLine =
  | {
      readonly kind: 'expected' | 'missing' | 'unknowable' | 'elsewhere';
      readonly device: string;
      readonly driver: string;
      readonly expectation: Expectation;
    }
  | {
      readonly kind: 'unknown';
      readonly bus: keyof BusListing;
      readonly vendorId: number | null;
      readonly productId: number | null;
      readonly path: string | null;
      readonly label: string | null;
    };

const usbOptionsSchema = z.looseObject({ vendorId: z.number(), productId: z.number() });
const pathOptionsSchema = z.looseObject({ path: z.string().startsWith('/') });

export function expectationOf(device: DeviceConfig): Expectation {
  const usb = usbOptionsSchema.safeParse(device.options);
  if (usb.success) {
    return { kind: 'usb', vendorId: usb.data.vendorId, productId: usb.data.productId };
  }
  const port = pathOptionsSchema.safeParse(device.options);
  return port.success ? { kind: 'path', path: port.data.path } : { kind: 'elsewhere' };
}

type Seen = Extract<InventoryLine, { kind: 'unknown' }>;

/** Linux Foundation: the kernel's own root hubs, which are part of every machine. */
const ROOT_HUB_VENDOR = 0x1d6b;

/**
 * One line a configured device, then one for each thing on a bus that no configured device claims.
 * `unknowable`: it was not seen, and a bus on which it might be could not be read. `resolve` follows the
 * links of a path and returns null where nothing is there.
 */
export function compareWithProfile(
  devices: readonly DeviceConfig[],
  listing: BusListing,
  resolve: (path: string) => string | null,
): InventoryLine[] {
  const seen = seenOn(listing);
  const claimed = new Set<string>();
  const configured = devices.map((device): InventoryLine => {
    const expectation = expectationOf(device);
    const own = seen.filter((found) => claims(expectation, found, resolve));
    for (const found of own) claimed.add(identityOf(found));
    const kind = presence(expectation, own.length > 0, listing, resolve);
    return { kind, device: device.name, driver: device.driver, expectation };
  });
  return [...configured, ...seen.filter((found) => !claimed.has(identityOf(found)))];
}

/** A thing with USB ids shows on two buses, as itself and as the port or collection it offers. */
const identityOf = ({ bus, vendorId, productId, path }: Seen): string =>
  vendorId === null || productId === null ? `${bus} ${path ?? ''}` : `${vendorId}:${productId}`;

function seenOn({ usb, hid, serial }: BusListing): Seen[] {
  const kind = 'unknown';
  const devices = (usb.ok ? usb.value : []).filter((found) => found.vendorId !== ROOT_HUB_VENDOR);
  return [
    ...devices.map(({ vendorId, productId, product }): Seen => {
      return { kind, bus: 'usb', vendorId, productId, path: null, label: product };
    }),
    ...(hid.ok ? hid.value : []).map(({ vendorId, productId, path, product }): Seen => {
      return { kind, bus: 'hid', vendorId, productId, path, label: product };
    }),
    ...(serial.ok ? serial.value : []).map(({ vendorId, productId, path, manufacturer }): Seen => {
      return { kind, bus: 'serial', vendorId, productId, path, label: manufacturer };
    }),
  ];
}

function claims(
  expectation: Expectation,
  found: Seen,
  resolve: (path: string) => string | null,
): boolean {
  switch (expectation.kind) {
    case 'usb':
      return expectation.vendorId === found.vendorId && expectation.productId === found.productId;
    case 'path':
      return found.path !== null && resolve(expectation.path) === found.path;
    case 'elsewhere':
      return false;
    default:
      return assertNever(expectation);
  }
}

function presence(
  expectation: Expectation,
  seen: boolean,
  { usb, hid }: BusListing,
  resolve: (path: string) => string | null,
): Exclude<InventoryLine['kind'], 'unknown'> {
  if (expectation.kind === 'elsewhere') return 'elsewhere';
  if (seen) return 'expected';
  // A pseudo-terminal is there without any bus naming it.
  if (expectation.kind === 'path') {
    return resolve(expectation.path) === null ? 'missing' : 'expected';
  }
  return usb.ok && hid.ok ? 'missing' : 'unknowable';
}
