import { StrictT0, type SimulatedChip } from '../t0/simulated-card.ts';

/** A simulated chip as a slot of the simulated reader sees it. */
export type SimulatedCard = SimulatedChip;

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
  readonly #t0 = new StrictT0();

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

  overT0(card: SimulatedCard, unit: Uint8Array): BlockEnd {
    const reply = this.#t0.take(card, unit);
    return reply?.kind === 'answer' ? whole(reply.bytes) : reply;
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
    this.#t0.forget();
  }
}

const whole = (data: Uint8Array): BlockEnd => ({ kind: 'answer', chain: 0, data });
