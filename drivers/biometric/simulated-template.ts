import { createHash } from 'node:crypto';
import type { FingerPosition } from '../contract/biometric.ts';

/** A point where a ridge ends or forks: position in dots, direction in steps of 1.40625 degrees. */
export interface Minutia {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/** ISO/IEC 19794-2:2005, 8.3: the header of a record. */
const FORMAT_IDENTIFIER = Buffer.from('FMR\0 20\0', 'latin1');
const HEADER_BYTES = 24;
/** 8.4: position, view and impression, quality, count. */
const VIEW_HEADER_BYTES = 4;
const MINUTIA_BYTES = 6;
/** 8.5: the length of what a maker adds, which is nothing here. */
const EXTENDED_BYTES = 2;
/** 9.2: x, y, and type with direction, in one byte each. */
const COMPACT_MINUTIA_BYTES = 3;

const MINUTIAE = 30;
/** 197 dots a centimetre (500 a inch), on a field of 250 by 250 dots, so that the compact form holds it too. */
const DOTS_PER_CM = 197;
const FIELD_DOTS = 250;
/** 8.4.1, table 5. */
const POSITIONS: readonly FingerPosition[] = [
  'rightThumb',
  'rightIndex',
  'rightMiddle',
  'rightRing',
  'rightLittle',
  'leftThumb',
  'leftIndex',
  'leftMiddle',
  'leftRing',
  'leftLittle',
];

/** The minutiae of a finger that nobody has: drawn from its name, and the same each time. */
export function minutiaeOf(person: string, finger: FingerPosition): readonly Minutia[] {
  return Array.from({ length: MINUTIAE }, (_, n) => {
    const drawn = createHash('sha256').update(`${person}/${finger}/${n}`).digest();
    return {
      x: drawn.readUInt16BE(0) % FIELD_DOTS,
      y: drawn.readUInt16BE(2) % FIELD_DOTS,
      angle: drawn.readUInt8(4) & 0x3f,
    };
  });
}

/** A reference of such a finger, as a registry or a chip would hold it. */
export function simulatedReference(
  person: string,
  finger: FingerPosition,
  format: 'iso19794-2' | 'iso19794-2-compact',
): Buffer {
  const minutiae = minutiaeOf(person, finger);
  if (format === 'iso19794-2-compact') {
    return Buffer.concat(minutiae.map(({ x, y, angle }) => Buffer.of(x, y, 0x40 | angle)));
  }
  const header = Buffer.alloc(HEADER_BYTES + VIEW_HEADER_BYTES);
  FORMAT_IDENTIFIER.copy(header);
  header.writeUInt32BE(header.length + minutiae.length * MINUTIA_BYTES + EXTENDED_BYTES, 8);
  for (const at of [14, 16]) header.writeUInt16BE(FIELD_DOTS, at);
  for (const at of [18, 20]) header.writeUInt16BE(DOTS_PER_CM, at);
  header.writeUInt8(1, 22);
  header.writeUInt8(POSITIONS.indexOf(finger) + 1, HEADER_BYTES);
  header.writeUInt8(80, HEADER_BYTES + 2);
  header.writeUInt8(minutiae.length, HEADER_BYTES + 3);
  const points = minutiae.map(({ x, y, angle }) => {
    const point = Buffer.alloc(MINUTIA_BYTES);
    point.writeUInt16BE(0x4000 | x, 0);
    point.writeUInt16BE(y, 2);
    point.writeUInt8(angle * 4, 4);
    return point;
  });
  return Buffer.concat([header, ...points, Buffer.alloc(EXTENDED_BYTES)]);
}

/** The minutiae of the first view of a record, or null where it is no record. Never throws. */
export function readReference(record: Buffer): readonly Minutia[] | null {
  const first = HEADER_BYTES + VIEW_HEADER_BYTES;
  if (record.length < first || !record.subarray(0, 8).equals(FORMAT_IDENTIFIER)) return null;
  const count = record.readUInt8(HEADER_BYTES + 3);
  const isWhole = record.readUInt32BE(8) === record.length && record.readUInt8(22) >= 1;
  if (!isWhole || first + count * MINUTIA_BYTES + EXTENDED_BYTES > record.length) return null;
  return Array.from({ length: count }, (_, n) => {
    const at = first + n * MINUTIA_BYTES;
    return {
      x: record.readUInt16BE(at) & 0x3fff,
      y: record.readUInt16BE(at + 2) & 0x3fff,
      angle: record.readUInt8(at + 4) >> 2,
    };
  });
}

/** As `readReference`, of the compact form, which has no header to be known by. */
export function readCompactReference(record: Buffer): readonly Minutia[] | null {
  if (record.length === 0 || record.length % COMPACT_MINUTIA_BYTES !== 0) return null;
  return Array.from({ length: record.length / COMPACT_MINUTIA_BYTES }, (_, n) => {
    const at = n * COMPACT_MINUTIA_BYTES;
    return {
      x: record.readUInt8(at),
      y: record.readUInt8(at + 1),
      angle: record.readUInt8(at + 2) & 0x3f,
    };
  });
}
