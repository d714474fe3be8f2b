import { createHash } from 'node:crypto';

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [k: string]: Json | undefined };

/**
 * One text for one value: members sorted by UTF-16 code unit, no white space, `undefined` members left
 * out, as in RFC 8785 for the strings, integers, booleans and nulls we use. Fractions are refused,
 * because two programs may print them differently.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RangeError(`canonical JSON holds safe integers only, not ${value}`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`;
  const record = value as Readonly<Record<string, Json | undefined>>;
  // Text is added to text: this stands between every step of a card and the next.
  let members = '';
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

/** Lower-case hexadecimal SHA-256. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export const digestOfJson = (value: Json): string => sha256Hex(canonicalJson(value));
