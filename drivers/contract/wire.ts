import * as z from 'zod';
import { meetingSchema } from './held.ts';
import { completionCodeSchema, deviceClassSchema } from './words.ts';

/** A configured device, as its host is told of it. */
export const configuredDeviceSchema = z.strictObject({
  name: z.string(),
  deviceClass: deviceClassSchema,
  driver: z.string(),
  options: z.unknown(),
});
export type ConfiguredDevice = z.infer<typeof configuredDeviceSchema>;

/**
 * Frames between core and the device host: JSON lines over an inherited descriptor. The five message
 * types are XFS4IoT's: command, acknowledge, completion, event (belonging to a command) and unsolicited;
 * `open` and `lend` are ours, and `cancel` stands for XFS4IoT's command Common.Cancel.
 */
export const toHostSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('open'),
    devices: z.array(configuredDeviceSchema),
  }),
  z.strictObject({
    type: z.literal('command'),
    requestId: z.string(),
    device: z.string(),
    command: z.string(),
    /** Bytes in base64 may be held elsewhere: see `held.ts`. */
    params: z.unknown(),
    /** The citizen's session or the staff action on whose behalf; null for housekeeping. */
    sessionId: z.string().nullable(),
  }),
  /** Completes when the borrower has hung up. */
  z.strictObject({
    type: z.literal('lend'),
    requestId: z.string(),
    device: z.string(),
    command: z.string(),
    to: meetingSchema,
    sessionId: z.string().nullable(),
  }),
  /**
   * Nobody wants that command or lending any more. It has no answer of its own: the command completes, as
   * `canceled` or as it really ended. One that has completed already is no longer known, and nothing happens.
   */
  z.strictObject({ type: z.literal('cancel'), requestId: z.string(), device: z.string() }),
]);
export type ToHost = z.infer<typeof toHostSchema>;

/** Why a device could not be opened. All but a missing library are faults of the configuration. */
export const openFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unknownDriver') }),
  z.strictObject({ kind: z.literal('wrongClass'), driverClass: deviceClassSchema }),
  /** One line an issue, naming the option and never its value. */
  z.strictObject({ kind: z.literal('invalidOptions'), issues: z.array(z.string()) }),
  /** It asks for another PC/SC daemon than a device that was opened before it in the same process. */
  z.strictObject({ kind: z.literal('pcscNamespaceConflict') }),
  /** A native module found no shared library; the Debian package that holds it, where we know it. */
  z.strictObject({
    kind: z.literal('missingLibrary'),
    library: z.string(),
    debianPackage: z.string().nullable(),
  }),
]);
export type OpenFault = z.infer<typeof openFaultSchema>;

export const fromHostSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('opened'),
    devices: z.array(
      z.strictObject({
        name: z.string(),
        deviceClass: deviceClassSchema,
        driver: z.string(),
        real: z.boolean(),
      }),
    ),
  }),
  /** One for each device that could not be opened, before `opened` lists those that were. */
  z.strictObject({ type: z.literal('openFailed'), device: z.string(), fault: openFaultSchema }),
  z.strictObject({ type: z.literal('acknowledge'), requestId: z.string() }),
  z.strictObject({
    type: z.literal('completion'),
    requestId: z.string(),
    completionCode: completionCodeSchema,
    errorCode: z.string().nullable(),
    reason: z.string().nullable(),
    payload: z.unknown(),
  }),
  z.strictObject({
    type: z.literal('unsolicited'),
    device: z.string(),
    event: z.string(),
    payload: z.unknown(),
  }),
]);
export type FromHost = z.infer<typeof fromHostSchema>;
