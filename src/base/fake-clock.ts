import type { Clock, TimerHandle } from './clock.ts';

/** A clock that moves only when told to, so that tests of time limits never wait. */
export class FakeClock implements Clock {
  #elapsedMs = 0;
  #nextId = 0;
  #wallOffsetMs: number;
  readonly #timers = new Map<number, { dueMs: number; fire: () => void }>();

  constructor(startMs: number = Date.UTC(2026, 0, 5, 9)) {
    this.#wallOffsetMs = startMs;
  }

  now(): number {
    return this.#wallOffsetMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  /** Timers that are set and have not fired: what is forgotten here is a leak. */
  get pending(): number {
    return this.#timers.size;
  }

  after(delayMs: number, fire: () => void): TimerHandle {
    const id = this.#nextId++;
    this.#timers.set(id, { dueMs: this.#elapsedMs + delayMs, fire });
    return { cancel: () => void this.#timers.delete(id) };
  }

  /** Moves time on and fires what falls due, in order. */
  advance(ms: number): void {
    const end = this.#elapsedMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.dueMs <= end);
      const next = due.sort(([, a], [, b]) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#elapsedMs = Math.max(this.#elapsedMs, timer.dueMs);
      timer.fire();
    }
    this.#elapsedMs = end;
  }

  /** Sets the wall clock alone, as an operator or NTP may. */
  setWallClock(ms: number): void {
    this.#wallOffsetMs = ms - this.#elapsedMs;
  }
}
