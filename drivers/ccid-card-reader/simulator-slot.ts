/** A simulated chip as a slot of the simulated reader sees it. */
export interface SimulatedCard {
  /** Answer to reset (ISO/IEC 7816-3 §8). */
  readonly atr: Uint8Array;
  reset(): void;
  /** `silent`: never answers. `gone`: leaves the slot during the command. */
  transmit(
    apdu: Uint8Array,
  ):
    | { readonly kind: 'answer'; readonly bytes: Uint8Array }
    | { readonly kind: 'silent' }
    | { readonly kind: 'gone' };
}

/** What one block made the card do. `null`: the block is against the rules. */
export type BlockEnd =
  | { readonly kind: 'answer'; readonly chain: number; readonly data: Uint8Array }
  | { readonly kind: 'silent' }
  | { readonly kind: 'gone' }
  | null;

/** One slot: the card in it, its power, and the parts of a long command or answer (CCID 1.1 §6.1.4, §6.2.1). */
export class SimulatedSlot {
  card: SimulatedCard | null = null;
  isPowered = false;
  changed = false;
  #command: Uint8Array[] = [];
  #answer: Uint8Array | null = null;

  put(card: SimulatedCard | null): void {
    this.card = card;
    this.isPowered = false;
    this.changed = true;
    this.#forget();
  }

  powerOn(card: SimulatedCard): Uint8Array {
    card.reset();
    this.isPowered = true;
    this.#forget();
    return card.atr;
  }

  powerOff(): void {
    this.card?.reset();
    this.isPowered = false;
    this.#forget();
  }

  /** A whole command in one block. */
  whole(card: SimulatedCard, data: Uint8Array): BlockEnd {
    const reply = card.transmit(data);
    return reply.kind === 'answer' ? whole(reply.bytes) : reply;
  }

  /**
   * A unit of T=0 (ISO/IEC 7816-3 §12.2): data one way only. What a card answers to data waits until GET RESPONSE
   * fetches it, at most as many bytes as were announced.
   */
  overT0(card: SimulatedCard, unit: Uint8Array): BlockEnd {
    const [, ins, , , p3] = unit;
    if (p3 === undefined) return null;
    const waiting = this.#answer;
    if (ins === 0xc0) {
      if (waiting === null || unit.length !== 5) return null;
      const [asked, sw] = [p3 === 0 ? 256 : p3, waiting.length - 2];
      if (asked > Math.min(256, sw)) return null;
      const rest = waiting.subarray(asked);
      this.#answer = rest.length > 2 ? rest : null;
      return whole(Buffer.concat([waiting.subarray(0, asked), statusOf(rest)]));
    }
    if (unit.length !== 5 && (p3 === 0 || unit.length !== 5 + p3)) return null;
    this.#answer = null;
    const reply = card.transmit(unit);
    if (reply.kind !== 'answer') return reply;
    if (unit.length === 5 || reply.bytes.length <= 2) return whole(reply.bytes);
    this.#answer = reply.bytes;
    return whole(statusOf(reply.bytes));
  }

  /** A block of the extended level, where `room` bytes go into one. */
  chained(card: SimulatedCard, level: number, data: Uint8Array, room: number): BlockEnd {
    if (level === 0x10) return data.length === 0 ? this.#goOn(room) : null;
    const begun = this.#command.length > 0;
    if (begun !== (level === 2 || level === 3) || level > 3 || this.#answer !== null) return null;
    if (level !== 0 && data.length === 0) return null;
    this.#command.push(data);
    if (level === 1 || level === 3) {
      return { kind: 'answer', chain: 0x10, data: new Uint8Array(0) };
    }
    const reply = card.transmit(Buffer.concat(this.#command));
    this.#command = [];
    if (reply.kind !== 'answer') return reply;
    if (reply.bytes.length <= room) return { kind: 'answer', chain: 0, data: reply.bytes };
    this.#answer = reply.bytes.subarray(room);
    return { kind: 'answer', chain: 1, data: reply.bytes.subarray(0, room) };
  }

  #goOn(room: number): BlockEnd {
    const rest = this.#answer;
    if (rest === null) return null;
    const isLast = rest.length <= room;
    this.#answer = isLast ? null : rest.subarray(room);
    return { kind: 'answer', chain: isLast ? 2 : 3, data: rest.subarray(0, room) };
  }

  #forget(): void {
    this.#command = [];
    this.#answer = null;
  }
}

const whole = (data: Uint8Array): BlockEnd => ({ kind: 'answer', chain: 0, data });

/** Where nothing waits but a status word that word, else that so many bytes wait. */
const statusOf = (waiting: Uint8Array): Uint8Array =>
  waiting.length <= 2 ? waiting : Uint8Array.of(0x61, Math.min(256, waiting.length - 2) & 0xff);
