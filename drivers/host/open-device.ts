import { err, ok, type Result } from '../../src/base/result.ts';
import type { DevicePlace } from '../contract/device-place.ts';
import { findEvent } from '../contract/device-classes.ts';
import { PcscNamespaceConflict } from '../pcsc-card-reader/pcsc-library.ts';
import type { Driver, EmitEvent } from '../contract/driver.ts';
import type { ConfiguredDevice, OpenFault } from '../contract/wire.ts';
import type { DeviceClass } from '../contract/words.ts';
import type { AnyDriverFactory, Catalogue } from './catalogue.ts';
import { missingLibraryOf } from './missing-library.ts';

export interface OpenDevice {
  readonly driver: Driver;
  readonly real: boolean;
}

export interface OpenContext {
  readonly catalogue: Catalogue;
  readonly emit: (event: string, payload: unknown) => void;
  /** Writes one line for the maintainers, without personal data. */
  readonly log: (line: string) => void;
}

/**
 * Loads, checks and starts one driver. Completes when the driver has looked for its device once, found
 * or not. A driver that throws anything but a missing library, or a daemon beside another, is a bug, and the error
 * passes through.
 */
export function openDevice(
  request: ConfiguredDevice,
  context: OpenContext,
): Promise<Result<OpenDevice, OpenFault>> {
  return orExpectedFault(async () => {
    const loaded = await loadDriver(request, context.catalogue);
    if (!loaded.ok) return loaded;
    const { factory, options } = loaded.value;
    const driver = factory.create(options, checkedEmit(request, context));
    await driver.start();
    return ok({ driver, real: factory.real });
  });
}

/** Says what `openDevice` would refuse, and touches no device. */
export function checkDevice(
  request: ConfiguredDevice,
  catalogue: Catalogue,
): Promise<Result<void, OpenFault>> {
  return orExpectedFault(async () => {
    const loaded = await loadDriver(request, catalogue);
    return loaded.ok ? ok(undefined) : loaded;
  });
}

/** Where the device's driver looks for it; null where the driver cannot be loaded, or not with these options. */
export async function placesOf(
  request: ConfiguredDevice,
  catalogue: Catalogue,
): Promise<readonly DevicePlace[] | null> {
  const loaded = await orExpectedFault(() => loadDriver(request, catalogue));
  if (!loaded.ok) return null;
  const { factory, options } = loaded.value;
  return factory.places?.(options) ?? [];
}

async function orExpectedFault<T>(
  work: () => Promise<Result<T, OpenFault>>,
): Promise<Result<T, OpenFault>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PcscNamespaceConflict) return err({ kind: 'pcscNamespaceConflict' });
    const missing = missingLibraryOf(error);
    if (missing === null) throw error;
    return err(missing);
  }
}

async function loadDriver(
  request: ConfiguredDevice,
  catalogue: Catalogue,
): Promise<Result<{ factory: AnyDriverFactory; options: unknown }, OpenFault>> {
  const load = Object.hasOwn(catalogue, request.driver) ? catalogue[request.driver] : undefined;
  if (load === undefined) return err({ kind: 'unknownDriver' });
  const factory = await load();
  if (factory.deviceClass !== request.deviceClass) {
    return err({ kind: 'wrongClass', driverClass: factory.deviceClass });
  }
  const options = factory.options.safeParse(request.options);
  if (!options.success) {
    const issues = options.error.issues.map(
      (issue) => `${issue.path.map(String).join('.') || 'options'}: ${issue.message}`,
    );
    return err({ kind: 'invalidOptions', issues });
  }
  return ok({ factory, options: options.data });
}

/** An event that its class does not know is dropped: what it meant to say cannot be guessed. */
function checkedEmit(request: ConfiguredDevice, context: OpenContext): EmitEvent<DeviceClass> {
  return (event, payload) => {
    const parsed = findEvent(request.deviceClass, event)?.safeParse(payload);
    if (parsed?.success === true) {
      context.emit(event, parsed.data);
      return;
    }
    const places = parsed?.error.issues.map((issue) => issue.path.map(String).join('.')) ?? [];
    context.log(
      `${request.name}: event ${event} breaks its class at [${places.join(' ')}]; dropped`,
    );
  };
}
