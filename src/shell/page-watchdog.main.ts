const TICK_MS = 250;
const SILENT_TICKS = 12;
/** A page of a busy machine may take this long to load before it is tried again. */
const LOADING_TICKS = 120;
const UNPAINTED_TICKS = 40;

export const WATCHDOG_TICK_MS = TICK_MS;

export type WatchdogFinding = 'silent' | 'notLoaded' | 'notPainted';

/**
 * Judges whether the page lives: its thread beats, and a view that it was sent gets painted. A beat alone
 * proves no screen. Time is counted in ticks of the main process, so that its own stall is never taken
 * for the page's. After a finding it waits for a page to load, as after `loading()`.
 */
export class PageWatchdog {
  #state: 'loading' | 'alive' = 'loading';
  #ticksWithoutBeat = 0;
  #ticksUnpainted = 0;
  #wanted: number | null = null;
  #painted: number | null = null;

  /** A page begins to load. */
  loading(): void {
    this.#state = 'loading';
    this.#ticksWithoutBeat = 0;
    this.#ticksUnpainted = 0;
    this.#painted = null;
  }

  beat(): void {
    this.#state = 'alive';
    this.#ticksWithoutBeat = 0;
  }

  /** The page was sent this view; null: it was told that core is away, which it does not confirm. */
  viewSent(viewId: number | null): void {
    this.#wanted = viewId;
    this.#ticksUnpainted = 0;
  }

  painted(viewId: number): void {
    this.#painted = viewId;
  }

  /** Call every `WATCHDOG_TICK_MS`. Says once what is wrong, or null. */
  tick(): WatchdogFinding | null {
    this.#ticksWithoutBeat += 1;
    if (this.#state === 'loading')
      return this.#ticksWithoutBeat < LOADING_TICKS ? null : this.#found('notLoaded');
    if (this.#ticksWithoutBeat >= SILENT_TICKS) return this.#found('silent');
    if (this.#wanted === null || this.#wanted === this.#painted) {
      this.#ticksUnpainted = 0;
      return null;
    }
    this.#ticksUnpainted += 1;
    return this.#ticksUnpainted < UNPAINTED_TICKS ? null : this.#found('notPainted');
  }

  #found(finding: WatchdogFinding): WatchdogFinding {
    this.loading();
    return finding;
  }
}
