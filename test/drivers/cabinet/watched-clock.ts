import { FakeClock } from '../../../src/base/fake-clock.ts';
import type { TimerHandle } from '../../../src/base/clock.ts';

/** A fake clock on which a test can wait until somebody sets a timer, such as a motor that starts. */
export class WatchedClock extends FakeClock {
  #watchers: (() => void)[] = [];

  override after(delayMs: number, fire: () => void): TimerHandle {
    const handle = super.after(delayMs, fire);
    for (const seen of this.#watchers.splice(0)) seen();
    return handle;
  }

  /** Completes when the next timer is set. */
  nextTimer(): Promise<void> {
    return new Promise((seen) => this.#watchers.push(seen));
  }
}
