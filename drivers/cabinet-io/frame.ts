import { crc16 } from '../serial-line/crc16.ts';

/** PROTOCOL.md §2. */
const START = 0x24;
const CHECK_MARK = 0x2a;
const END = 0x0d;
const LINE_FEED = 0x0a;
export const MAX_BODY_BYTES = 121;
const CHECK_DIGITS = 4;
const MAX_BETWEEN = MAX_BODY_BYTES + 1 + CHECK_DIGITS;
/** Printable ASCII without the start and the mark. */
const FRAMEABLE = /^[\x20-\x23\x25-\x29\x2b-\x7e]+$/;
const CHECKED = /^([^*]+)\*([0-9A-F]{4})$/;

/** Why bytes were thrown away. */
export type FrameFault = 'badCheck' | 'cutShort' | 'notPrintable' | 'outsideFrame' | 'tooLong';

export type FrameEvent =
  | { readonly kind: 'frame'; readonly body: string }
  | { readonly kind: 'fault'; readonly fault: FrameFault };

/** One whole frame. Throws a RangeError on a body that cannot be framed. */
export function encodeFrame(body: string): Uint8Array {
  if (body.length > MAX_BODY_BYTES || !FRAMEABLE.test(body)) {
    throw new RangeError('not the body of a frame');
  }
  const check = crc16(Buffer.from(body, 'latin1')).toString(16).toUpperCase();
  const mark = String.fromCharCode(CHECK_MARK);
  const text = `${body}${mark}${check.padStart(CHECK_DIGITS, '0')}`;
  return Buffer.concat([Buffer.of(START), Buffer.from(text, 'latin1'), Buffer.of(END)]);
}

/** Finds the frames in what a line delivers. A frame that is not whole and checked costs no more than itself. */
export class FrameReader {
  #inFrame = false;
  #noiseTold = false;
  #held: number[] = [];

  /** Takes bytes as they come, in pieces of any size, and gives what became complete. Never throws. */
  push(bytes: Uint8Array): FrameEvent[] {
    return [...bytes].flatMap((byte) => this.#take(byte) ?? []);
  }

  #take(byte: number): FrameEvent | null {
    if (byte === START) {
      const cutShort = this.#inFrame;
      this.#inFrame = true;
      this.#noiseTold = false;
      this.#held = [];
      return cutShort ? fault('cutShort') : null;
    }
    if (!this.#inFrame) return byte === END || byte === LINE_FEED ? null : this.#noise();
    if (byte === END) {
      this.#inFrame = false;
      return read(Buffer.from(this.#held).toString('latin1'));
    }
    if (byte < 0x20 || byte > 0x7e) return this.#drop('notPrintable');
    if (this.#held.length === MAX_BETWEEN) return this.#drop('tooLong');
    this.#held.push(byte);
    return null;
  }

  /** What follows of a dropped frame, up to the next start, is told with it. */
  #drop(why: FrameFault): FrameEvent {
    this.#inFrame = false;
    this.#noiseTold = true;
    return fault(why);
  }

  /** A line of noise is one fault, not one a byte. */
  #noise(): FrameEvent | null {
    if (this.#noiseTold) return null;
    this.#noiseTold = true;
    return fault('outsideFrame');
  }
}

function read(text: string): FrameEvent {
  const [, body, check] = CHECKED.exec(text) ?? [];
  if (body === undefined || check === undefined) return fault('badCheck');
  const whole = crc16(Buffer.from(body, 'latin1')) === parseInt(check, 16);
  return whole ? { kind: 'frame', body } : fault('badCheck');
}

const fault = (why: FrameFault): FrameEvent => ({ kind: 'fault', fault: why });
