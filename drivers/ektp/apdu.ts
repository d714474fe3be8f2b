import { assert } from '../../src/base/assert.ts';

/** ISO/IEC 7816-4 status words that the sequence tells apart. */
export const SW_SUCCESS = 0x9000;
export const SW_END_OF_FILE = 0x6282;

/** A short command (ISO/IEC 7816-4 §5.1): header, at most 255 data bytes, and the answer length asked for (256 as 0). */
export function shortCommand(
  header: readonly [cla: number, ins: number, p1: number, p2: number],
  data: Uint8Array = new Uint8Array(),
  answerLength?: number,
): Uint8Array {
  assert(data.length <= 255, 'a short command carries at most 255 bytes');
  return Uint8Array.of(
    ...header,
    ...(data.length > 0 ? [data.length, ...data] : []),
    ...(answerLength === undefined ? [] : [answerLength & 0xff]),
  );
}

export interface Answer {
  readonly data: Uint8Array;
  /** SW1 SW2. */
  readonly sw: number;
}

/** null when the answer is too short to hold a status word. */
export function parseAnswer(bytes: Uint8Array): Answer | null {
  if (bytes.length < 2) return null;
  const at = bytes.length - 2;
  return {
    data: bytes.subarray(0, at),
    sw: new DataView(bytes.buffer, bytes.byteOffset + at, 2).getUint16(0),
  };
}

/** Data and status word, as a card sends them. */
export function answerBytes(sw: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(...data, sw >> 8, sw & 0xff);
}

/** SELECT by file identifier (ISO/IEC 7816-4 §11.1.1). */
export const selectFile = (fileId: number): Uint8Array =>
  shortCommand([0x00, 0xa4, 0x00, 0x00], Uint8Array.of(fileId >> 8, fileId & 0xff));

/** READ BINARY with a 15-bit offset (ISO/IEC 7816-4 §11.3.3). */
export function readBinary(offset: number, length: number): Uint8Array {
  assert(offset <= 0x7fff && length <= 256, 'READ BINARY reaches 32 KiB, 256 bytes at a time');
  return shortCommand([0x00, 0xb0, offset >> 8, offset & 0xff], undefined, length);
}
