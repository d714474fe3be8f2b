import { createHash } from 'node:crypto';
import * as z from 'zod';
import { BASE32_ALPHABET, randomBase32 } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';

/**
 * The code a citizen scans: `ANJ1.` + 26 base32 characters (128 random bits, 2 spare) + 2 check
 * characters. It holds no personal data and means nothing without the registry.
 */
export const collectionCodeSchema = z
  .string()
  .refine((text) => faultOf(text) === null, { error: 'not a collection code' })
  .brand<'CollectionCode'>();
export type CollectionCode = z.infer<typeof collectionCodeSchema>;

export type CollectionCodeError =
  { readonly kind: 'notACollectionCode' } | { readonly kind: 'misread' };

const PREFIX = 'ANJ1.';
const FORM = /^ANJ1\.[A-Z2-7]{28}$/;

export function parseCollectionCode(text: string): Result<CollectionCode, CollectionCodeError> {
  const fault = faultOf(text);
  return fault === null ? ok(text as CollectionCode) : err(fault);
}

function faultOf(text: string): CollectionCodeError | null {
  if (!FORM.test(text)) return { kind: 'notACollectionCode' };
  const random = text.slice(PREFIX.length, -2);
  return checkOf(random) === text.slice(-2) ? null : { kind: 'misread' };
}

export function newCollectionCode(): CollectionCode {
  const random = randomBase32(26);
  return `${PREFIX}${random}${checkOf(random)}` as CollectionCode;
}

/** Ten bits of SHA-256: it catches a damaged scan, it authenticates nothing. */
function checkOf(random: string): string {
  const digest = createHash('sha256').update(`${PREFIX}${random}`).digest();
  const letter = (byte: number | undefined): string => BASE32_ALPHABET.charAt((byte ?? 0) & 31);
  return letter(digest[0]) + letter(digest[1]);
}
