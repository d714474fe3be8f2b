const CONSTRUCTED = 0x20;
const NULL = 0x05;
const MAX_DEPTH = 40;

/**
 * Where the DER value that starts at `start` ends, or null when its lengths are not the shortest, or do
 * not add up with those inside it (ITU-T X.690, 10.1). The ASN.1 parser forgives both.
 */
export function endOfDer(
  bytes: Uint8Array,
  start = 0,
  limit: number = bytes.length,
  depth = 0,
): number | null {
  const tag = bytes[start];
  const first = bytes[start + 1];
  // No structure of CMS or X.509 has a tag number of two bytes, and zero is no tag but padding.
  if (tag === undefined || tag === 0 || first === undefined || (tag & 0x1f) === 0x1f) return null;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 3 || depth > MAX_DEPTH) return null;
  const long = bytes.subarray(start + 2, start + 2 + lengthBytes);
  const length = first < 0x80 ? first : long.reduce((sum, byte) => sum * 256 + byte, 0);
  const shortest = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  const bodyStart = start + 2 + lengthBytes;
  const end = bodyStart + length;
  if (lengthBytes !== shortest || end > limit || (tag === NULL && length !== 0)) return null;
  if ((tag & CONSTRUCTED) === 0) return end;
  let at: number | null = bodyStart;
  while (at !== null && at < end) at = endOfDer(bytes, at, end, depth + 1);
  return at === end ? end : null;
}
