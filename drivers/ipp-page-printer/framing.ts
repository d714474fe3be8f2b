/** RFC 8010 §3.1.1 and §3.4.1: version, status code and request id come before the first group. */
const HEADER_BYTES = 8;
/** RFC 8010 §3.5.1, delimiter tags: the groups there are, and the end of all attributes. */
const END_OF_ATTRIBUTES = 0x03;
const GROUPS: ReadonlySet<number> = new Set([0x01, 0x02, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09]);
/** RFC 8010 §3.5.2: `unsupported`, `unknown`, `no-value` and their like have no value bytes. */
const OUT_OF_BAND = { first: 0x10, last: 0x1f } as const;
const END_COLLECTION = 0x37;
/** RFC 8010 §3.9: values of one size: integer, boolean, enum, dateTime, resolution, rangeOfInteger. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [0x21, 4],
  [0x22, 1],
  [0x23, 4],
  [0x31, 11],
  [0x32, 9],
  [0x33, 8],
  [END_COLLECTION, 0],
]);
/** Values of any size: octetString, begCollection, and the character strings from text to memberAttrName. */
const FREE: ReadonlySet<number> = new Set([
  0x30, 0x34, 0x41, 0x42, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a,
]);
/** RFC 8010 §3.9, textWithLanguage and nameWithLanguage: two strings, each after its own length. */
const WITH_LANGUAGE: ReadonlySet<number> = new Set([0x35, 0x36]);

/**
 * Whether every length in an answer is one that its tag may have, stays within the answer, and leads to the next
 * tag, up to the end of the attributes. The parser in use believes lengths: one below nought sends it back over
 * the same bytes for ever, and one that does not go with its tag makes it read values as lengths.
 */
export function isWellFramed(answer: Buffer): boolean {
  let at = HEADER_BYTES;
  let inGroup = false;
  while (at < answer.length) {
    const tag = answer.readUInt8(at);
    if (tag === END_OF_ATTRIBUTES) return true;
    if (tag < OUT_OF_BAND.first) {
      if (!GROUPS.has(tag)) return false;
      inGroup = true;
      at += 1;
      continue;
    }
    const value = fieldAt(answer, fieldAt(answer, at + 1)?.end ?? answer.length);
    if (!inGroup || value === null || !isValue(tag, answer.subarray(value.start, value.end))) {
      return false;
    }
    at = value.end;
  }
  return false;
}

/** What follows a length of two bytes, signed (SIGNED-SHORT); null where it is negative or goes beyond the end. */
function fieldAt(
  bytes: Buffer,
  at: number,
): { readonly start: number; readonly end: number } | null {
  if (at + 2 > bytes.length) return null;
  const length = bytes.readInt16BE(at);
  const start = at + 2;
  return length < 0 || start + length > bytes.length ? null : { start, end: start + length };
}

function isValue(tag: number, value: Buffer): boolean {
  if (tag <= OUT_OF_BAND.last) return value.length === 0;
  if (WITH_LANGUAGE.has(tag)) {
    const language = fieldAt(value, 0);
    return language !== null && fieldAt(value, language.end)?.end === value.length;
  }
  return FREE.has(tag) || FIXED_BYTES.get(tag) === value.length;
}
