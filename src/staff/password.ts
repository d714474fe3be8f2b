import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import * as z from 'zod';

const argon2Async = promisify(argon2);

/** Cost of argon2id (RFC 9106); stored beside each hash, so that it may rise later. */
export const passwordParamsSchema = z.strictObject({
  memoryKib: z.number().int(),
  passes: z.number().int(),
  parallelism: z.number().int(),
});
export type PasswordParams = z.infer<typeof passwordParamsSchema>;

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. */
export const CURRENT_PARAMS: PasswordParams = { memoryKib: 19_456, passes: 2, parallelism: 1 };

export interface PasswordHash {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  readonly params: PasswordParams;
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { salt, hash: await derive(password, salt, CURRENT_PARAMS), params: CURRENT_PARAMS };
}

export async function isPassword(password: string, stored: PasswordHash): Promise<boolean> {
  const derived = await derive(password, stored.salt, stored.params);
  return timingSafeEqual(derived, stored.hash);
}

/** True for a hash that costs less than new ones do: it is made anew when its password is next given. */
export const isOutdated = ({ params }: PasswordHash): boolean =>
  params.memoryKib < CURRENT_PARAMS.memoryKib ||
  params.passes < CURRENT_PARAMS.passes ||
  params.parallelism !== CURRENT_PARAMS.parallelism;

/** Nobody's hash: for names that do not exist, so that they cost what others cost. */
export const decoyHash: PasswordHash = {
  salt: Buffer.alloc(16),
  hash: Buffer.alloc(32),
  params: CURRENT_PARAMS,
};

async function derive(
  password: string,
  salt: Uint8Array,
  params: PasswordParams,
): Promise<Uint8Array> {
  return argon2Async('argon2id', {
    // One form for what looks alike on two keyboards.
    message: password.normalize('NFC'),
    nonce: salt,
    tagLength: 32,
    memory: params.memoryKib,
    passes: params.passes,
    parallelism: params.parallelism,
  });
}
