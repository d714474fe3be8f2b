import { randomBytes, randomInt } from 'node:crypto';

/** RFC 4648 base32 without padding: no letter of it needs shift, and none is mistaken in a code scan. */
export const BASE32_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** `length` characters drawn uniformly from the base32 alphabet: 5 random bits each. */
export function randomBase32(length: number): string {
  return Array.from(randomBytes(length), (byte) => BASE32_ALPHABET.charAt(byte & 31)).join('');
}

/** `length` decimal digits drawn uniformly. */
export function randomDigits(length: number): string {
  return Array.from({ length }, () => randomInt(10)).join('');
}

/** A new identifier such as `att_K7Q2…`: the prefix says what it names, 80 random bits make it unique. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBase32(16)}`;
}
