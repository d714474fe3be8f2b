import { answerBytes } from './apdu.ts';

/** What a simulated card does with a command. `silent`: never answers. `gone`: leaves the slot during the command. */
export type IccReply =
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'silent' }
  | { readonly kind: 'gone' };

/** A simulated chip as a slot sees it. */
export interface SimulatedIcc {
  /** Answer to reset (ISO/IEC 7816-3 §8). */
  readonly atr: Uint8Array;
  /** Commands it did not know or that came out of order; a test expects none. */
  readonly violations: readonly string[];
  reset(): void;
  transmit(apdu: Uint8Array): IccReply;
}

/** The parts of a short command; null when its lengths do not fit. */
export interface ShortCommand {
  readonly cla: number;
  readonly ins: number;
  readonly p1p2: number;
  readonly data: Buffer;
  /** 0 asks for all, undefined for none. */
  readonly answerLength: number | undefined;
}

export function parseCommand(apdu: Uint8Array): ShortCommand | null {
  const bytes = Buffer.from(apdu);
  if (bytes.length < 4) return null;
  const head = { cla: bytes.readUInt8(0), ins: bytes.readUInt8(1), p1p2: bytes.readUInt16BE(2) };
  if (bytes.length === 4) return { ...head, data: Buffer.alloc(0), answerLength: undefined };
  const fifth = bytes.readUInt8(4);
  if (bytes.length === 5) return { ...head, data: Buffer.alloc(0), answerLength: fifth };
  const dataEnd = 5 + fifth;
  if (fifth === 0 || bytes.length < dataEnd || bytes.length > dataEnd + 1) return null;
  return {
    ...head,
    data: bytes.subarray(5, dataEnd),
    answerLength: bytes.length > dataEnd ? bytes.readUInt8(dataEnd) : undefined,
  };
}

export const answer = (sw: number, data?: Uint8Array): IccReply => ({
  kind: 'answer',
  bytes: answerBytes(sw, data),
});

export const SW_WRONG_LENGTH = 0x6700;
export const SW_SECURE_MESSAGING_WRONG = 0x6988;
export const SW_NOT_AUTHORISED = 0x6982;
export const SW_CONDITIONS_NOT_SATISFIED = 0x6985;
export const SW_NO_FILE_SELECTED = 0x6986;
export const SW_WRONG_DATA = 0x6a80;
export const SW_FILE_NOT_FOUND = 0x6a82;
export const SW_OUTSIDE_FILE = 0x6b00;
export const SW_UNKNOWN_INSTRUCTION = 0x6d00;
export const SW_UNKNOWN_CLASS = 0x6e00;
export const SW_AUTHENTICATION_FAILED = 0x6300;
