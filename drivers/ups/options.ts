import { isIPv4 } from 'node:net';
import * as z from 'zod';
import { NUT_PORT } from './protocol.ts';

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

export const upsOptionsSchema = z
  .strictObject({
    /** The UPS as upsd calls it: a section of its `ups.conf`. */
    ups: z.string().regex(/^[\w.-]{1,64}$/),
    host: z.string().min(1).default('127.0.0.1'),
    port: z.number().int().min(1).max(65_535).default(NUT_PORT),
    /** Files with one line each: a user of `upsd.users`, and the password. Reading needs neither. */
    signIn: z.strictObject({ userFile: z.string(), passwordFile: z.string() }).optional(),
  })
  .refine(({ host, signIn }) => signIn === undefined || isThisMachine(host), {
    path: ['signIn'],
    error: 'a password goes to upsd in the clear, and so to this machine alone',
  });
export type UpsOptions = z.infer<typeof upsOptionsSchema>;
