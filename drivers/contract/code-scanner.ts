import * as z from 'zod';
import { command } from './command.ts';
import { commonStatusSchema } from './words.ts';

export const codeScannerCapabilitiesSchema = z.strictObject({
  /** The lamp and the decoder can be put to sleep. */
  switchable: z.boolean(),
  /** The frame carries a check of its own. */
  framed: z.boolean(),
});
export type CodeScannerCapabilities = z.infer<typeof codeScannerCapabilitiesSchema>;

export const codeScannerCommands = {
  getStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: z.strictObject({ ...commonStatusSchema.shape }),
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  getCapabilities: command({
    effect: 'none',
    params: z.strictObject({}),
    result: codeScannerCapabilitiesSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
} as const;

/**
 * Whether a reason of a status tells of the last read alone (`readDropped.<fault>`), which another code that
 * somebody holds up may end: nothing is wrong with the scanner then.
 */
export const isOfOneRead = (reason: string): boolean => reason.startsWith('readDropped.');

/** The longest payload that is passed on; a longer one is dropped by the driver and reported as a fault. */
export const MAX_CODE_BYTES = 512;

export const codeScannerEvents = {
  /** Printable ASCII as read; what it means is the session's business. */
  codeRead: z.strictObject({ payload: z.string().max(MAX_CODE_BYTES) }),
} as const;
