import type { BusListing } from '../../drivers/contract/bus-listing.ts';

/** One thing as one bus shows it. A device on the USB is shown by every bus that it offers something on. */
export interface Seen {
  readonly bus: keyof BusListing;
  /** The same word for whatever is one device: its port, or what it says of itself where no port is known. */
  readonly place: string;
  readonly vendorId: number | null;
  readonly productId: number | null;
  readonly serialNumber: string | null;
  readonly port: string | null;
  readonly path: string | null;
  readonly label: string | null;
}

/** Linux Foundation: the kernel's own root hubs, which are part of every machine. */
const ROOT_HUB_VENDOR = 0x1d6b;

export function seenOn({ usb, hid, serial }: BusListing): Seen[] {
  const devices = (usb.ok ? usb.value : []).filter((found) => found.vendorId !== ROOT_HUB_VENDOR);
  return [
    ...devices.map(({ vendorId, productId, serialNumber, port, product }) =>
      placed({ bus: 'usb', vendorId, productId, serialNumber, port, path: null, label: product }),
    ),
    ...(hid.ok ? hid.value : []).map(({ vendorId, productId, serialNumber, port, path, product }) =>
      placed({ bus: 'hid', vendorId, productId, serialNumber, port, path, label: product }),
    ),
    ...(serial.ok ? serial.value : []).map(({ manufacturer: label, ...found }) =>
      placed({ bus: 'serial', ...found, label }),
    ),
  ];
}

const placed = (found: Omit<Seen, 'place'>): Seen => ({ ...found, place: placeOf(found) });

function placeOf({
  bus,
  port,
  vendorId,
  productId,
  serialNumber,
  path,
}: Omit<Seen, 'place'>): string {
  if (port !== null) return `port ${port}`;
  return vendorId === null || productId === null
    ? `${bus} ${path ?? ''}`
    : `${vendorId}:${productId}:${serialNumber ?? ''}`;
}
