import * as z from 'zod';
import { err, type Result } from '../../src/base/result.ts';
import { away } from '../contract/status-teller.ts';
import { usbPlace, type DevicePlace } from '../contract/device-place.ts';
import { isWanted, usbIdSchema, usbPortSchema, type UsbWanted } from '../contract/usb-identity.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { LineHandlers, OpenLine, SerialLine } from './serial-line.ts';
import type { ListUsbPorts } from './usb-ports.ts';

/** Where a serial device is, as options say it: by `path`, or by what a USB device says of itself. */
export const serialPlaceOptions = {
  /** The serial device, such as `/dev/serial/by-id/…`. */
  path: z.string().optional(),
  vendorId: usbIdSchema.optional(),
  productId: usbIdSchema.optional(),
  /** Without it any of these ids is meant, of which only one may be plugged in. */
  serialNumber: z.string().min(1).optional(),
  /** Such as `1-1.4`: needed where two alike have no serial number. */
  port: usbPortSchema.optional(),
};

export type SerialPlace =
  { readonly by: 'path'; readonly path: string } | ({ readonly by: 'usb' } & UsbWanted);

export const placesOf = ({ place }: { readonly place: SerialPlace }): readonly DevicePlace[] =>
  place.by === 'path' ? [{ kind: 'path', path: place.path }] : [usbPlace(place)];

type PlaceOptions = z.infer<z.ZodObject<typeof serialPlaceOptions>>;

/** The one way of the two that was given; an issue where it is none, half of one, or both. */
export function placeOf<T extends PlaceOptions>(
  options: T,
  context: z.core.ParsePayload,
): Omit<T, keyof PlaceOptions> & { readonly place: SerialPlace } {
  const { path, vendorId, productId, serialNumber, port, ...others } = options;
  const usbWords = [vendorId, productId, serialNumber, port].filter((word) => word !== undefined);
  if (path !== undefined && usbWords.length === 0) {
    return { ...others, place: { by: 'path', path } };
  }
  if (path === undefined && vendorId !== undefined && productId !== undefined) {
    const told = { serialNumber: serialNumber ?? null, port: port ?? null };
    return { ...others, place: { by: 'usb', vendorId, productId, ...told } };
  }
  context.issues.push({
    code: 'custom',
    message: 'either path, or vendorId and productId (and serialNumber or port)',
    input: options,
  });
  return z.NEVER;
}

export interface SerialBus {
  readonly openLine: OpenLine;
  readonly listPorts: ListUsbPorts;
}

/**
 * Opens what is at a place. Of two devices alike none is taken: which of them is meant cannot be known, and
 * one of them may be an intruder's. The error is the status of a device that is not there.
 */
export async function openAt(
  place: SerialPlace,
  baudRate: number,
  handlers: LineHandlers,
  { openLine, listPorts }: SerialBus,
): Promise<Result<SerialLine, CommonStatus>> {
  const paths = place.by === 'path' ? [place.path] : await pathsOf(place, listPorts);
  const [path, ...more] = paths;
  if (path === undefined) return err(away('absent'));
  if (more.length > 0) return err(TWO_ALIKE);
  const opened = await openLine(path, baudRate, handlers);
  return opened.ok ? opened : err(away(opened.error.kind));
}

const TWO_ALIKE: CommonStatus = {
  state: 'userError',
  reasons: ['twoAlike'],
  requiredAction: 'configuration',
};

async function pathsOf(
  wanted: Extract<SerialPlace, { by: 'usb' }>,
  listPorts: ListUsbPorts,
): Promise<string[]> {
  return (await listPorts()).filter((found) => isWanted(wanted, found)).map(({ path }) => path);
}
