import type { Clock, TimerHandle } from '../../base/clock.ts';
import { JournalWriteError, type Journal } from '../journal.ts';

/** No row stays without a signature for longer than this while core runs. */
export const MAX_UNSIGNED_MS = 60_000;

/** Signs rows that nothing else had signed a minute after the first of them was written. */
export class CheckpointKeeper {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #fatal: (cause: unknown) => void;
  readonly #unsubscribe: () => void;
  #timer: TimerHandle | null = null;
  #signing: Promise<void> = Promise.resolve();

  constructor(parts: {
    readonly journal: Journal;
    readonly clock: Clock;
    readonly fatal: (cause: unknown) => void;
  }) {
    this.#journal = parts.journal;
    this.#clock = parts.clock;
    this.#fatal = parts.fatal;
    this.#unsubscribe = parts.journal.onAppended(() => this.#watch());
    this.#watch();
  }

  /** Completes when the signature under way, if any, is committed; no other follows. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#timer?.cancel();
    await this.#signing;
  }

  /** Completes when no signature is under way; for those who drive the clock. */
  idle(): Promise<void> {
    return this.#signing;
  }

  #watch(): void {
    const unsigned = this.#journal.size() > (this.#journal.head()?.size ?? 0);
    if (!unsigned) {
      this.#timer?.cancel();
      this.#timer = null;
    }
    if (!unsigned || this.#timer !== null) return;
    this.#timer = this.#clock.after(MAX_UNSIGNED_MS, () => {
      this.#timer = null;
      this.#signing = this.#sign().catch(this.#fatal);
    });
  }

  async #sign(): Promise<void> {
    try {
      await this.#journal.checkpoint();
    } catch (cause) {
      // Those who have something to record meet the same fault and say so; here it is tried again.
      if (!(cause instanceof JournalWriteError) || cause.kind === 'stopped') throw cause;
    }
    this.#watch();
  }
}
