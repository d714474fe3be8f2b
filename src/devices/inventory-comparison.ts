import { assertNever } from '../base/assert.ts';
import type { BusListing } from '../../drivers/contract/bus-listing.ts';
import type { DevicePlace } from '../../drivers/contract/device-place.ts';
import { isWanted, type UsbWanted } from '../../drivers/contract/usb-identity.ts';
import { seenOn, type Seen } from './bus-sight.ts';
import type { DeviceConfig } from './ports.ts';

/** Where the configuration says that a device is. */
export type Expectation =
  | DevicePlace
  /** Behind a daemon, a network or a socket: none of these buses can show it. */
  | { readonly kind: 'elsewhere' }
  /** Its driver does not run here, or not with these options, and so cannot say. */
  | { readonly kind: 'unsaid' };

/** One configured device, and where its driver looks for it; null where that is not known. */
export interface PlacedDevice {
  readonly device: Pick<DeviceConfig, 'name' | 'driver' | 'usb'>;
  readonly places: readonly DevicePlace[] | null;
}

/**
 * `missing`: nothing there is it. `unknowable`: it was not seen, and a bus on which it might be could not be
 * read, or nothing says what it would be seen as. `ambiguous`: several are it, or what is it could as well be another configured device; they are named.
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

/** What the configuration itself says of the USB goes before what the driver makes of its options. */
function expectationsOf({ device, places }: PlacedDevice): readonly Expectation[] {
  if (device.usb !== undefined) return [{ kind: 'usb', ...device.usb }];
  if (places === null) return [{ kind: 'unsaid' }];
  return places.length === 0 ? [{ kind: 'elsewhere' }] : places;
}

/**
 * One line a configured device, or more where its driver drives several, then one for each thing on a bus that neither such a device nor `others`
 * claims. `resolve` follows the links of a path and returns null where nothing is there.
 */
export function compareWithProfile(
  devices: readonly PlacedDevice[],
  listing: BusListing,
  resolve: (path: string) => string | null,
  /** What else belongs to the cabinet: a hub, a touch screen. */
  others: readonly UsbWanted[] = [],
): InventoryLine[] {
  const seen = seenOn(listing);
  const wanted = devices.flatMap((one) =>
    expectationsOf(one).map((expectation) => ({ device: one.device, expectation })),
  );
  const claimed = new Set<string>();
  const lines = wanted.map(({ device, expectation }, at): InventoryLine => {
    const own = seen.filter((found) => claims(expectation, found, resolve));
    for (const { place } of own) claimed.add(place);
    const candidates = oncePerPlace(own);
    const line = { device: device.name, driver: device.driver, expectation };
    const alike = wanted.some(
      (other, index) => index !== at && areAlike(other.expectation, expectation),
    );
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
    case 'anyOfItsKind':
    case 'elsewhere':
    case 'unsaid':
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
  if (seen) return 'expected';
  switch (expectation.kind) {
    case 'elsewhere':
      return 'elsewhere';
    case 'anyOfItsKind':
    case 'unsaid':
      return 'unknowable';
    case 'path':
      // A pseudo-terminal is there without any bus naming it.
      return resolve(expectation.path) === null ? 'missing' : 'expected';
    case 'usb':
      return usb.ok && hid.ok ? 'missing' : 'unknowable';
    default:
      return assertNever(expectation);
  }
}
