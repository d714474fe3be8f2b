import * as z from 'zod';
import { command } from './command.ts';
import { commonStatusSchema } from './words.ts';

export const upsCapabilitiesSchema = z.strictObject({
  /** Estimates how long the battery lasts. */
  runtime: z.boolean(),
  charge: z.boolean(),
});
export type UpsCapabilities = z.infer<typeof upsCapabilitiesSchema>;

/** What the terminal runs on. */
export const powerSchema = z.strictObject({
  source: z.enum(['mains', 'battery', 'unknown']),
  /** The UPS itself says that its battery ends soon; null where it cannot be asked. */
  batteryLow: z.boolean().nullable(),
  /** Seconds at the present load; null where the UPS does not estimate it. */
  runtimeLeftS: z.number().int().nonnegative().nullable(),
  /** 0 to 100; null where the UPS does not measure it. */
  chargePercent: z.number().int().min(0).max(100).nullable(),
});
export type Power = z.infer<typeof powerSchema>;

/** Nothing is known of the power: not that it is there, and not that it is away. */
export const UNKNOWN_POWER: Power = {
  source: 'unknown',
  batteryLow: null,
  runtimeLeftS: null,
  chargePercent: null,
};

/** The words are those of XFS4IoT Auxiliaries `uninterruptiblePowerSupply`, with what it leaves out. */
export const upsStatusSchema = z.strictObject({
  ...commonStatusSchema.shape,
  power: powerSchema,
});
export type UpsStatus = z.infer<typeof upsStatusSchema>;

export const upsCommands = {
  getStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: upsStatusSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  getCapabilities: command({
    effect: 'none',
    params: z.strictObject({}),
    result: upsCapabilitiesSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
} as const;

export const upsEvents = {
  /** Sent whenever source or `batteryLow` changes; charge and runtime alone are no news. */
  powerChanged: powerSchema,
} as const;
