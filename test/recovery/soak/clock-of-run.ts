import type { Clock, TimerHandle } from '../../../src/base/clock.ts';

/** The clock as one run of core has it: what a dead process had set to fire never fires. */
export class ClockOfRun implements Clock {
  readonly #clock: Clock;
  readonly #set = new Set<TimerHandle>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  after(delayMs: number, fire: () => void): TimerHandle {
    const handle = this.#clock.after(delayMs, () => {
      this.#set.delete(handle);
      fire();
    });
    this.#set.add(handle);
    return {
      cancel: () => {
        this.#set.delete(handle);
        handle.cancel();
      },
    };
  }

  end(): void {
    for (const handle of this.#set) handle.cancel();
    this.#set.clear();
  }
}
