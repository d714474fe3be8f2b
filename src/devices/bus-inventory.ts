import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { compiledCode } from '../base/compiled-code.ts';
import { err, ok, type Result } from '../base/result.ts';
import {
  busListSchema,
  type BusFault,
  type BusList,
  type BusListing,
} from '../../drivers/contract/bus-listing.ts';
import type { UsbWanted } from '../../drivers/contract/usb-identity.ts';
import { compareWithProfile, type InventoryLine } from './inventory-comparison.ts';
import type { DeviceConfig } from './ports.ts';

/** `anjungan devices`: what should be there, what is not, what nobody asked for. */
export interface BusInventory {
  readonly lines: readonly InventoryLine[];
  /** Buses that could not be read; devices on them are `unknowable`. */
  readonly faults: readonly { readonly bus: keyof BusListing; readonly fault: BusFault }[];
}

export type BusInventoryError = {
  readonly kind: 'listingFailed';
  readonly exitCode: number | null;
};

const LIST_ENTRY = fileURLToPath(new URL('../../drivers/host/bus-list.ts', import.meta.url));
/** udevadm walks every device the kernel has. */
const LIST_LIMIT_MS = 30_000;
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

const resolvePath = (path: string): string | null => (existsSync(path) ? realpathSync(path) : null);

const execFailureSchema = z.object({ code: z.union([z.number(), z.string()]).nullish() });

/**
 * Reads the buses in a process of its own, so that a native module can crash nothing but the question,
 * and compares them with the cabinet profile: the devices, and whatever else is on its USB. Opens no device.
 */
export async function takeBusInventory(
  devices: readonly DeviceConfig[],
  others: readonly UsbWanted[],
): Promise<Result<BusInventory, BusInventoryError>> {
  const list = await listBuses(devices);
  if (!list.ok) return list;
  const { listing, places } = list.value;
  const placed = devices.map((device, at) => ({ device, places: places[at] ?? null }));
  const buses = ['usb', 'hid', 'serial'] as const;
  return ok({
    lines: compareWithProfile(placed, listing, resolvePath, others),
    faults: buses.flatMap((bus) => {
      const listed = listing[bus];
      return listed.ok ? [] : [{ bus, fault: listed.error }];
    }),
  });
}

/** What the buses show, and where the drivers of these devices look for them. */
export async function listBuses(
  devices: readonly DeviceConfig[],
): Promise<Result<BusList, BusInventoryError>> {
  const argv = ['--disable-warning=ExperimentalWarning', LIST_ENTRY];
  const settings = { env: { PATH: SYSTEM_PATH, ...compiledCode() }, timeout: LIST_LIMIT_MS };
  try {
    const running = promisify(execFile)(process.execPath, argv, settings);
    const asked = devices.map(({ name, deviceClass, driver, options }) => {
      return { name, deviceClass, driver, options };
    });
    // A child that died early is known by its exit status.
    running.child.stdin?.on('error', () => undefined);
    running.child.stdin?.end(JSON.stringify(asked));
    const { stdout } = await running;
    return ok(busListSchema.parse(JSON.parse(stdout)));
  } catch (error) {
    const failure = execFailureSchema.safeParse(error);
    // A native library may write into what the program prints.
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      return err({ kind: 'listingFailed', exitCode: 0 });
    }
    if (!failure.success) throw error;
    const { code } = failure.data;
    return err({ kind: 'listingFailed', exitCode: typeof code === 'number' ? code : null });
  }
}
