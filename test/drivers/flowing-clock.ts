import type { TimerHandle } from '../../src/base/clock.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';

const STEP_MS = 20;
/** Longer than any test takes. A test that fails before it stops what waits ends as well. */
const LAST_MS = 10 * 60_000;

/** A clock of which time goes by, a step with each turn of the event loop, while anybody waits for it. */
export class FlowingClock extends FakeClock {
  #flowing = false;

  override after(delayMs: number, fire: () => void): TimerHandle {
    const timer = super.after(delayMs, fire);
    this.#flow();
    return timer;
  }

  #flow(): void {
    if (this.#flowing || this.monotonicMs() > LAST_MS) return;
    this.#flowing = true;
    setImmediate(() => {
      this.#flowing = false;
      if (this.pending === 0) return;
      this.advance(STEP_MS);
      this.#flow();
    });
  }
}
