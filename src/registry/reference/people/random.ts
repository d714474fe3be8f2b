import { assert } from '../../../base/assert.ts';

/** A small seeded generator (the public-domain mulberry32 recurrence); for synthetic data only, never for secrets. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.whole(0, values.length - 1)];
    assert(value !== undefined, 'picked from an empty list');
    return value;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  hex(bytes: number): string {
    return Array.from({ length: bytes }, () =>
      this.whole(0, 255).toString(16).padStart(2, '0'),
    ).join('');
  }
}
