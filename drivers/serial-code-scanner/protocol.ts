import type { Clock } from '../../src/base/clock.ts';
import { MAX_CODE_BYTES } from '../contract/code-scanner.ts';
import { crc16 } from '../serial-line/crc16.ts';

export const STX = 0x02;
export const ETX = 0x03;
const CR = 0x0d;
const LF = 0x0a;
const CHECK_DIGITS = 4;
/** The bytes of one read follow each other at once; what comes later than this is of another. */
export const MAX_BYTE_GAP_MS = 500;

/** Why bytes were dropped. A dropped read never becomes a shorter one. */
export type ScanFault = 'tooLong' | 'badCheck' | 'notPrintable' | 'outsideFrame' | 'partMissing';

export type ScanEvent =
  | { readonly kind: 'code'; readonly payload: string }
  | { readonly kind: 'fault'; readonly fault: ScanFault };

export interface ScanDecoder {
  /** Takes bytes as they come, in pieces of any size, and gives what became complete. Never throws. */
  push(bytes: Uint8Array): ScanEvent[];
}

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;

/** STX, payload, ETX, then the CRC of payload and ETX as four upper-case hexadecimal digits. */
export function encodeFrame(payload: string): Buffer {
  const body = Buffer.concat([Buffer.from(payload, 'latin1'), Buffer.of(ETX)]);
  const check = crc16(body).toString(16).toUpperCase().padStart(CHECK_DIGITS, '0');
  return Buffer.concat([Buffer.of(STX), body, Buffer.from(check, 'latin1')]);
}

/** The framed mode. An STX always begins anew, so that a frame cut short costs no more than itself. */
export class FrameDecoder implements ScanDecoder {
  #state: 'idle' | 'payload' | 'check' | 'skipping' = 'idle';
  #payload: number[] = [];
  #check = '';
  #noiseTold = false;

  push(bytes: Uint8Array): ScanEvent[] {
    return [...bytes].flatMap((byte) => this.#take(byte) ?? []);
  }

  #take(byte: number): ScanEvent | null {
    if (byte === STX) {
      const cutShort = this.#state === 'payload' || this.#state === 'check';
      this.#state = 'payload';
      this.#payload = [];
      this.#check = '';
      this.#noiseTold = false;
      return cutShort ? fault('badCheck') : null;
    }
    switch (this.#state) {
      case 'idle':
        return byte === CR || byte === LF ? null : this.#noise();
      case 'skipping':
        return null;
      case 'payload':
        return this.#takePayload(byte);
      case 'check':
        return this.#takeCheck(byte);
    }
  }

  #takePayload(byte: number): ScanEvent | null {
    if (byte === ETX) {
      this.#state = 'check';
      return null;
    }
    if (!isPrintable(byte)) return this.#skip('notPrintable');
    if (this.#payload.length === MAX_CODE_BYTES) return this.#skip('tooLong');
    this.#payload.push(byte);
    return null;
  }

  #takeCheck(byte: number): ScanEvent | null {
    const digit = String.fromCharCode(byte);
    if (!/[0-9A-F]/.test(digit)) return this.#skip('badCheck');
    this.#check += digit;
    if (this.#check.length < CHECK_DIGITS) return null;
    this.#state = 'idle';
    const body = Buffer.of(...this.#payload, ETX);
    if (crc16(body) !== parseInt(this.#check, 16)) return fault('badCheck');
    const payload = Buffer.from(this.#payload).toString('latin1');
    return payload === '' ? null : { kind: 'code', payload };
  }

  /** Says the fault once and passes over the rest up to the next STX. */
  #skip(why: ScanFault): ScanEvent {
    this.#state = 'skipping';
    this.#payload = [];
    return fault(why);
  }

  /** A line of noise is one fault, not one a byte. CR and LF are none: many scanners end a frame with them. */
  #noise(): ScanEvent | null {
    if (this.#noiseTold) return null;
    this.#noiseTold = true;
    return fault('outsideFrame');
  }
}

/**
 * The unframed mode: each read ends with CR, an LF after it is ignored. Nothing proves that a read is whole, but what
 * comes after a pause in one is not its rest: all up to the next CR is dropped, for half a code must neither begin the
 * next citizen's nor pass for a shorter one.
 */
export class LineDecoder implements ScanDecoder {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #payload: number[] = [];
  #skipping = false;
  #lastAtMs = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  push(bytes: Uint8Array): ScanEvent[] {
    const nowMs = this.#clock.monotonicMs();
    const paused = this.#payload.length > 0 && nowMs - this.#lastAtMs > MAX_BYTE_GAP_MS;
    this.#lastAtMs = nowMs;
    const missing = paused ? [this.#skip('partMissing')] : [];
    return [...missing, ...[...bytes].flatMap((byte) => this.#take(byte) ?? [])];
  }

  #take(byte: number): ScanEvent | null {
    if (byte === CR) {
      const payload = Buffer.from(this.#payload).toString('latin1');
      const whole = !this.#skipping && payload !== '';
      this.#payload = [];
      this.#skipping = false;
      return whole ? { kind: 'code', payload } : null;
    }
    if (this.#skipping) return null;
    if (byte === LF && this.#payload.length === 0) return null;
    if (!isPrintable(byte)) return this.#skip('notPrintable');
    if (this.#payload.length === MAX_CODE_BYTES) return this.#skip('tooLong');
    this.#payload.push(byte);
    return null;
  }

  #skip(why: ScanFault): ScanEvent {
    this.#skipping = true;
    this.#payload = [];
    return fault(why);
  }
}

const fault = (why: ScanFault): ScanEvent => ({ kind: 'fault', fault: why });
