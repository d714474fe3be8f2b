import * as z from 'zod';
import { assertNever } from '../base/assert.ts';
import type { BusListing } from '../../drivers/contract/bus-listing.ts';
import { isWanted, type UsbWanted } from '../../drivers/contract/usb-identity.ts';
import { seenOn, type Seen } from './bus-sight.ts';
import type { DeviceConfig } from './ports.ts';

/** Where the configuration says that a device is. */
export type Expectation =
  | ({ readonly kind: 'usb' } & UsbWanted)
  | { readonly kind: 'path'; readonly path: string }
  /** Behind a daemon, a network or a socket: none of these buses can show it. */
  | { readonly kind: 'elsewhere' };

/**
 * `missing`: nothing there is it. `unknowable`: it was not seen, and a bus on which it might be could not be
 * read. `ambiguous`: several are it, or what is it could as well be another configured device; they are named.
 */
export type InventoryLine =
  | {
      readonly kind: 'expected' | 'missing' | 'unknowable' | 'elsewhere';
      readonly device: string;
      readonly driver: string;
      readonly expectation: Expectation;
    }
  | {
      readonly kind: 'ambiguous';
      readonly device: string;
      readonly driver: string;
      readonly expectation: Expectation;
      readonly candidates: readonly Seen[];
    }
  | Stranger;

/** What no configured device claims. Nothing opens it. */
export type Stranger = { readonly kind: 'unknown' } & Seen;

const usbOptionsSchema = z.looseObject({
  vendorId: z.number(),
  productId: z.number().nullable().default(null),
  serialNumber: z.string().nullable().default(null),
  port: z.string().nullable().default(null),
});
const pathOptionsSchema = z.looseObject({ path: z.string().startsWith('/') });

/** The names of the options are those the drivers use. */
export function expectationOf(device: DeviceConfig): Expectation {
  if (device.usb !== undefined) return { kind: 'usb', ...device.usb };
  const usb = usbOptionsSchema.safeParse(device.options);
  if (usb.success) {
    const { vendorId, productId, serialNumber, port } = usb.data;
    return { kind: 'usb', vendorId, productId, serialNumber, port };
  }
  const path = pathOptionsSchema.safeParse(device.options);
  return path.success ? { kind: 'path', path: path.data.path } : { kind: 'elsewhere' };
}

/**
 * One line a configured device, then one for each thing on a bus that neither such a device nor `others`
 * claims. `resolve` follows the links of a path and returns null where nothing is there.
 */
export function compareWithProfile(
  devices: readonly DeviceConfig[],
  listing: BusListing,
  resolve: (path: string) => string | null,
  /** What else belongs to the cabinet: a hub, a touch screen. */
  others: readonly UsbWanted[] = [],
): InventoryLine[] {
  const seen = seenOn(listing);
  const expectations = devices.map(expectationOf);
  const claimed = new Set<string>();
  const lines = devices.map((device, at): InventoryLine => {
    const expectation = expectationOf(device);
    const own = seen.filter((found) => claims(expectation, found, resolve));
    for (const { place } of own) claimed.add(place);
    const candidates = oncePerPlace(own);
    const line = { device: device.name, driver: device.driver, expectation };
    const alike = expectations.some((other, index) => index !== at && areAlike(other, expectation));
    if (candidates.length > 1 || (candidates.length === 1 && alike)) {
      return { kind: 'ambiguous', ...line, candidates };
    }
    return { kind: presence(expectation, own.length > 0, listing, resolve), ...line };
  });
  const isOther = (found: Seen): boolean =>
    others.some((wanted) => claims({ kind: 'usb', ...wanted }, found, resolve));
  for (const found of seen.filter(isOther)) claimed.add(found.place);
  const strangers = oncePerPlace(seen).filter(({ place }) => !claimed.has(place));
  return [...lines, ...strangers.map((found): Stranger => ({ kind: 'unknown', ...found }))];
}

const oncePerPlace = (all: readonly Seen[]): readonly Seen[] =>
  all.filter(({ place }, at) => all.findIndex((other) => other.place === place) === at);

/** Nothing in the configuration tells the two apart. */
const areAlike = (one: Expectation, other: Expectation): boolean =>
  one.kind === 'usb' && JSON.stringify(one) === JSON.stringify(other);

function claims(
  expectation: Expectation,
  found: Seen,
  resolve: (path: string) => string | null,
): boolean {
  switch (expectation.kind) {
    case 'usb': {
      const { vendorId, productId, serialNumber, port } = found;
      if (vendorId === null || productId === null) return false;
      return isWanted(expectation, { vendorId, productId, serialNumber, port });
    }
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
): 'expected' | 'missing' | 'unknowable' | 'elsewhere' {
  if (expectation.kind === 'elsewhere') return 'elsewhere';
  if (seen) return 'expected';
  // A pseudo-terminal is there without any bus naming it.
  if (expectation.kind === 'path') {
    return resolve(expectation.path) === null ? 'missing' : 'expected';
  }
  return usb.ok && hid.ok ? 'missing' : 'unknowable';
}
