const PART_BYTES = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/**
 * A P-256 signature in DER (RFC 3279 section 2.2.3: SEQUENCE of INTEGER r and s) as r ‖ s of 32 bytes
 * each (IEEE P1363). Null where it is not one; lengths of P-256 all fit the short form.
 */
export function rawFromDer(der: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(der);
  if (bytes[0] !== SEQUENCE || bytes[1] !== bytes.length - 2) return null;
  const r = readInteger(bytes, 2);
  const s = r === null ? null : readInteger(bytes, r.end);
  if (r === null || s?.end !== bytes.length) return null;
  return Buffer.concat([r.part, s.part]);
}

function readInteger(
  bytes: Buffer,
  at: number,
): { readonly part: Uint8Array; readonly end: number } | null {
  const length = bytes[at + 1] ?? 0;
  const end = at + 2 + length;
  if (bytes[at] !== INTEGER || length === 0 || end > bytes.length) return null;
  let value = bytes.subarray(at + 2, end);
  // DER puts a zero before a first bit of one, and leaves out every other leading zero.
  if (value.length > 1 && value[0] === 0) value = value.subarray(1);
  if (value.length > PART_BYTES) return null;
  return { part: Buffer.concat([Buffer.alloc(PART_BYTES - value.length), value]), end };
}
