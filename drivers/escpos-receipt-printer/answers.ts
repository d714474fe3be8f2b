import { stateOfAutomatic, type PrinterState } from './protocol.ts';

export type Answer =
  /** To `DLE EOT`; which of the four questions it belongs to, the byte does not say. */
  | { readonly kind: 'realTime'; readonly byte: number }
  /** Nobody asked (`GS a`). */
  | { readonly kind: 'automatic'; readonly state: PrinterState }
  /** To `GS r`. */
  | { readonly kind: 'paper' }
  | { readonly kind: 'processId'; readonly id: string }
  | { readonly kind: 'cleared' }
  /** No answer that the reference knows. */
  | { readonly kind: 'noise' };

/** The reference, "Identifying the transmitted status": the fixed bits by which a first byte tells what it is. */
const FIRST = { mask: 0x93, realTime: 0x12, automatic: 0x10 } as const;
/** Of what is in its turn, and of the second to fourth byte of an automatic status: bits 4 and 7 are off. */
const IN_TURN_MASK = 0x90;
const AUTOMATIC_BYTES = 4;
/** A block is header, identifier, characters and NUL. */
const BLOCK = 0x37;
const PROCESS_ID = 0x22;
const CLEARED = 0x25;
const ID_CHARACTERS = 4;
/** Flow control of a serial line, which may come in the middle of anything. */
const XON = 0x11;
const XOFF = 0x13;

/** Tells answers apart as their bytes come, in pieces of any size. Never throws, and holds at most seven bytes. */
export class AnswerReader {
  #held: number[] = [];

  push(bytes: Uint8Array): Answer[] {
    return [...bytes].flatMap((byte) => (byte === XON || byte === XOFF ? [] : this.#take(byte)));
  }

  #take(byte: number): readonly Answer[] {
    const [first] = this.#held;
    if (first === undefined) return this.#begin(byte);
    const fits = first === BLOCK ? this.#fitsBlock(byte) : (byte & IN_TURN_MASK) === 0;
    if (!fits) {
      this.#held = [];
      return [{ kind: 'noise' }, ...this.#begin(byte)];
    }
    this.#held.push(byte);
    return first === BLOCK ? this.#endOfBlock(byte) : this.#endOfAutomatic();
  }

  #begin(byte: number): readonly Answer[] {
    const fixed = byte & FIRST.mask;
    if (fixed === FIRST.realTime) return [{ kind: 'realTime', byte }];
    if ((byte & IN_TURN_MASK) === 0) return [{ kind: 'paper' }];
    if (fixed !== FIRST.automatic && byte !== BLOCK) return [{ kind: 'noise' }];
    this.#held = [byte];
    return [];
  }

  #fitsBlock(byte: number): boolean {
    const [, identifier] = this.#held;
    if (identifier === undefined) return byte === PROCESS_ID || byte === CLEARED;
    const characters = this.#held.length - 2;
    const wanted = identifier === PROCESS_ID ? ID_CHARACTERS : 0;
    return characters === wanted ? byte === 0 : byte >= 0x20 && byte <= 0x7e;
  }

  #endOfBlock(byte: number): readonly Answer[] {
    if (byte !== 0) return [];
    const [, identifier, ...rest] = this.#held;
    this.#held = [];
    if (identifier === CLEARED) return [{ kind: 'cleared' }];
    return [{ kind: 'processId', id: String.fromCharCode(...rest.slice(0, ID_CHARACTERS)) }];
  }

  #endOfAutomatic(): readonly Answer[] {
    const [printer, error, paper, reserved] = this.#held;
    if (printer === undefined || error === undefined || paper === undefined) return [];
    if (reserved === undefined || this.#held.length < AUTOMATIC_BYTES) return [];
    this.#held = [];
    return [{ kind: 'automatic', state: stateOfAutomatic([printer, error, paper, reserved]) }];
  }
}
