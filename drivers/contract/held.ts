import * as z from 'zod';
import { command } from './command.ts';

/**
 * Where a process of this terminal waits for the host, and the word that it expects as the first line; a
 * word is good for one meeting. What is said there does not pass through core.
 */
export const meetingSchema = z.strictObject({
  socketPath: z.string(),
  ticket: z.string().regex(/^[0-9a-f]{32}$/),
});
export type Meeting = z.infer<typeof meetingSchema>;

/**
 * Bytes that another process holds, in the place of a parameter in base64: the host fetches them and
 * holds them against length and digest before its driver sees the command, as a printer does that is
 * given the address of a document (Print-URI, RFC 8011 §4.2.2).
 */
export const heldContentSchema = z.strictObject({
  ...meetingSchema.shape,
  bytes: z.number().int().positive(),
  /** Hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type HeldContent = z.infer<typeof heldContentSchema>;

/** Parameters as core gives them: any that is in base64 may be held elsewhere. */
export type Handed<P> = {
  readonly [K in keyof P]: K extends `${string}Base64` ? P[K] | HeldContent : P[K];
};

/**
 * The end of a lending: one command of a device, which moves no media, is lent to the process that waits at
 * a meeting. That one gives it as often as it likes, until it hangs up; nothing else reaches the device
 * meanwhile.
 */
export const lending = command({
  effect: 'none',
  params: meetingSchema,
  /** How often it was given. */
  result: z.strictObject({ commands: z.number().int().nonnegative() }),
  errorCodes: [],
  timeoutMs: 60_000,
});
