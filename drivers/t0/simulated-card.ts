/** What a simulated chip does. `silent`: never answers. `gone`: leaves the slot during the command. */
export type ChipReply =
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'silent' }
  | { readonly kind: 'gone' };

/** A simulated chip, which takes whole commands. */
export interface SimulatedChip {
  /** Answer to reset (ISO/IEC 7816-3 §8). */
  readonly atr: Uint8Array;
  reset(): void;
  transmit(apdu: Uint8Array): ChipReply;
}

const GET_RESPONSE = 0xc0;
const SECURE_MESSAGING = 0x0c;
const SW_SUCCESS = 0x90;
const MOST_BYTES = 256;

/**
 * The card's end of T=0 (ISO/IEC 7816-3 §12.2), with no allowance made: data go one way only in a unit. What is
 * answered to data waits until GET RESPONSE fetches it, at most as many bytes as were announced; who asks for another
 * length than there is, is told the right one and nothing else.
 */
export class StrictT0 {
  #waiting: Uint8Array | null = null;

  /** Null where the unit is none, or comes out of turn. */
  take(chip: Pick<SimulatedChip, 'transmit'>, unit: Uint8Array): ChipReply | null {
    const [cla = 0, ins, , , p3] = unit;
    if (p3 === undefined) return null;
    const asked = p3 === 0 ? MOST_BYTES : p3;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (ins === GET_RESPONSE) {
      const isOne = unit.length === 5 && (cla & SECURE_MESSAGING) === 0;
      return waiting !== null && isOne ? this.#fetch(waiting, asked) : null;
    }
    const hasData = unit.length > 5;
    if (hasData && (p3 === 0 || unit.length !== 5 + p3)) return null;
    const reply = chip.transmit(unit);
    if (reply.kind !== 'answer' || reply.bytes.length <= 2) return reply;
    if (hasData) return this.#keep(reply.bytes, new Uint8Array(0));
    const length = reply.bytes.length - 2;
    const isWhole = length === asked || reply.bytes.at(-2) !== SW_SUCCESS;
    return isWhole ? reply : answer(Uint8Array.of(0x6c, length & 0xff));
  }

  forget(): void {
    this.#waiting = null;
  }

  #fetch(waiting: Uint8Array, asked: number): ChipReply | null {
    if (asked > Math.min(MOST_BYTES, waiting.length - 2)) return null;
    return this.#keep(waiting.subarray(asked), waiting.subarray(0, asked));
  }

  /** Answers with `now`, and that so many bytes wait; where nothing waits but a status word, with that word. */
  #keep(rest: Uint8Array, now: Uint8Array): ChipReply {
    if (rest.length <= 2) return answer(Buffer.concat([now, rest]));
    this.#waiting = rest;
    const bytes = Math.min(MOST_BYTES, rest.length - 2);
    return answer(Buffer.concat([now, Uint8Array.of(0x61, bytes & 0xff)]));
  }
}

/** A SIMULATED card with contacts that speaks T=0 and nothing else, whatever the chip in it offers. */
export class SimulatedT0Card implements SimulatedChip {
  /** No interface bytes: T=0 at its default speed. */
  readonly atr = Uint8Array.of(0x3b, 0x00);
  /** Units against the rules; a test expects none. */
  readonly violations: string[] = [];
  readonly #chip: SimulatedChip;
  readonly #t0 = new StrictT0();

  constructor(chip: SimulatedChip) {
    this.#chip = chip;
  }

  reset(): void {
    this.#t0.forget();
    this.#chip.reset();
  }

  /** One unit. One against the rules is a wrong length (6700). */
  transmit(unit: Uint8Array): ChipReply {
    const reply = this.#t0.take(this.#chip, unit);
    if (reply !== null) return reply;
    this.violations.push(`T=0 card: ${Buffer.from(unit).toString('hex')}`);
    return answer(Uint8Array.of(0x67, 0x00));
  }
}

const answer = (bytes: Uint8Array): ChipReply => ({ kind: 'answer', bytes });
