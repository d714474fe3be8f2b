/**
 * Lengths of values that have one of their own, by value tag (RFC 8010 §3.5.2 and §3.9). Null: any length.
 * The out-of-band values of §3.5.2 hold nothing.
 */
const VALUE_LENGTHS: ReadonlyMap<number, number | null> = new Map([
  // unsupported, default, unknown, no-value, not-settable, delete-attribute, admin-define
  ...[0x10, 0x11, 0x12, 0x13, 0x15, 0x16, 0x17].map((tag) => [tag, 0] as const),
  // integer, boolean, enum
  ...([
    [0x21, 4],
    [0x22, 1],
    [0x23, 4],
    // octetString, dateTime, resolution, rangeOfInteger
    [0x30, null],
    [0x31, 11],
    [0x32, 9],
    [0x33, 8],
    // begCollection, textWithLanguage, nameWithLanguage, endCollection
    [0x34, null],
    [0x35, null],
    [0x36, null],
    [0x37, null],
  ] as const),
  // textWithoutLanguage, nameWithoutLanguage, keyword, uri, uriScheme, charset, naturalLanguage,
  // mimeMediaType, memberAttrName
  ...[0x41, 0x42, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a].map((tag) => [tag, null] as const),
]);
const WITH_LANGUAGE: readonly number[] = [0x35, 0x36];
const BEGIN_COLLECTION = 0x34;
const END_COLLECTION = 0x37;
/** §3.5.1: from here on a byte is a value tag, below it begins a group. */
const FIRST_VALUE_TAG = 0x10;
const LAST_GROUP_TAG = 0x09;
const END_OF_ATTRIBUTES = 0x03;
/** Version, status code and request id (§3.1.1). */
const HEAD_BYTES = 8;

/** The head of an answer whose attributes are well formed. */
export interface Frame {
  /** RFC 8011 appendix B. */
  readonly statusCode: number;
  readonly requestId: number;
}

/**
 * Walks through a whole answer, and is null where it breaks the encoding of RFC 8010 §3 anywhere or ends
 * too early. The library that then reads the values believes every length, and takes the end of a collection that
 * never began for a value without one: from there on it reads other bytes than were walked through here, and of a
 * length below zero the same ones for ever.
 */
export function frameOf(bytes: Buffer): Frame | null {
  if (bytes.length < HEAD_BYTES + 1) return null;
  let at = HEAD_BYTES;
  let inGroup = false;
  let depth = 0;
  while (at < bytes.length) {
    const tag = bytes.readUInt8(at);
    // §3.1.6: a collection ends before its group does.
    if (tag < FIRST_VALUE_TAG && depth > 0) return null;
    if (tag === END_OF_ATTRIBUTES) {
      return { statusCode: bytes.readUInt16BE(2), requestId: bytes.readInt32BE(4) };
    }
    if (tag < FIRST_VALUE_TAG) {
      if (tag === 0 || tag > LAST_GROUP_TAG) return null;
      inGroup = true;
      at += 1;
      continue;
    }
    const next = inGroup ? endOfAttribute(bytes, at) : null;
    if (next === null) return null;
    if (tag === BEGIN_COLLECTION) depth += 1;
    if (tag === END_COLLECTION) depth -= 1;
    if (depth < 0) return null;
    at = next;
  }
  return null;
}

/** tag, name-length, name, value-length, value (§3.1.4); lengths are SIGNED-SHORT and not below zero. */
function endOfAttribute(bytes: Buffer, at: number): number | null {
  const tag = bytes.readUInt8(at);
  const valueAt = endOfLengthed(bytes, at + 1);
  const end = valueAt === null ? null : endOfLengthed(bytes, valueAt);
  if (valueAt === null || end === null) return null;
  const length = end - valueAt - 2;
  const lengthOfTag = VALUE_LENGTHS.get(tag);
  if (lengthOfTag === undefined || (lengthOfTag !== null && lengthOfTag !== length)) return null;
  return WITH_LANGUAGE.includes(tag) && !isLanguageAndText(bytes.subarray(valueAt + 2, end))
    ? null
    : end;
}

/** Two lengthed parts that fill it (§3.9); languages are too short to need the first length's high byte. */
function isLanguageAndText(value: Buffer): boolean {
  const textAt = endOfLengthed(value, 0);
  return textAt !== null && textAt - 2 <= 0xff && endOfLengthed(value, textAt) === value.length;
}

/** May lie beyond the bytes, where nothing follows any more. */
function endOfLengthed(bytes: Buffer, at: number): number | null {
  if (at + 2 > bytes.length) return null;
  const length = bytes.readInt16BE(at);
  return length < 0 ? null : at + 2 + length;
}
