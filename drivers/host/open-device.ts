import { err, ok, type Result } from '../../src/base/result.ts';
import { findEvent } from '../contract/device-classes.ts';
import type { Driver, EmitEvent } from '../contract/driver.ts';
import type { OpenFault, ToHost } from '../contract/wire.ts';
import type { DeviceClass } from '../contract/words.ts';
import type { AnyDriverFactory, Catalogue } from './catalogue.ts';
import { missingLibraryOf } from './missing-library.ts';

export type DeviceRequest = Extract<ToHost, { type: 'open' }>['devices'][number];

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
 * or not. A driver that throws anything but a missing library is a bug, and the error passes through.
 */
export async function openDevice(
  request: DeviceRequest,
  context: OpenContext,
): Promise<Result<OpenDevice, OpenFault>> {
  const load = Object.hasOwn(context.catalogue, request.driver)
    ? context.catalogue[request.driver]
    : undefined;
  if (load === undefined) return err({ kind: 'unknownDriver' });
  try {
    return await startDriver(await load(), request, context);
  } catch (error) {
    const missing = missingLibraryOf(error);
    if (missing === null) throw error;
    return err(missing);
  }
}

async function startDriver(
  factory: AnyDriverFactory,
  request: DeviceRequest,
  context: OpenContext,
): Promise<Result<OpenDevice, OpenFault>> {
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
  const driver = factory.create(options.data, checkedEmit(request, context));
  await driver.start();
  return ok({ driver, real: factory.real });
}

/** An event that its class does not know is dropped: what it meant to say cannot be guessed. */
function checkedEmit(request: DeviceRequest, context: OpenContext): EmitEvent<DeviceClass> {
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
