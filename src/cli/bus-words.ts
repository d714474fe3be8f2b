import type { UnknownDevice } from '../rpc/terminal-status.ts';

export const hex = (id: number | null): string =>
  id === null ? '????' : id.toString(16).padStart(4, '0');

/** Where it is plugged in and by which serial number it goes, as far as either is known or asked for. */
export const placeWords = (of: {
  readonly port: string | null;
  readonly serialNumber: string | null;
}): string =>
  joined([
    of.port === null ? null : `port ${of.port}`,
    of.serialNumber === null ? null : `serial ${of.serialNumber}`,
  ]);

export const unknownDeviceWords = (found: UnknownDevice): string =>
  joined([
    `${found.bus} ${hex(found.vendorId)}:${hex(found.productId)}`,
    placeWords(found),
    found.label,
  ]);

const joined = (parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(' ');
