import * as z from 'zod';
import { blankKindSchema } from '../../domain/document.ts';
import { code, ownId, stockNumber } from '../../domain/words.ts';

export { code, ownId, stockNumber };

/**
 * The only kinds of text an event may hold. Each has a form that no name, NIK, PIN, print code or
 * printed value fits, so that the record cannot become a register of people by mistake.
 */

/** Lower-case hexadecimal SHA-256. */
export const digest = z
  .string()
  .max(64)
  .regex(/^[0-9a-f]{64}$/)
  .meta({ title: 'digest' });

/** Of AES-GCM: 12 bytes in lower-case hexadecimal. */
export const nonce = z
  .string()
  .max(24)
  .regex(/^[0-9a-f]{24}$/)
  .meta({ title: 'nonce' });

export const terminalId = z
  .string()
  .max(40)
  .regex(/^(?!.*\d{16})[A-Za-z0-9][A-Za-z0-9-]*$/)
  .meta({ title: 'terminal identifier' });

/** Version of a program, as in Semantic Versioning. */
export const version = z
  .string()
  .max(40)
  .regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}(-[a-z0-9.-]{1,20})?$/)
  .meta({ title: 'version' });

export const count = z.number().int().nonnegative().max(1_000_000_000).meta({ title: 'count' });
export const durationMs = z
  .number()
  .int()
  .nonnegative()
  .max(Number.MAX_SAFE_INTEGER)
  .meta({ title: 'milliseconds' });

/** A blank as events name it. */
export const blankInEvent = z.strictObject({
  kind: blankKindSchema,
  batch: stockNumber,
  serial: stockNumber,
  source: z.enum(['expected', 'read']),
});
