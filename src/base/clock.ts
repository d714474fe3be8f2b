export interface TimerHandle {
  cancel(): void;
}

/** Wall time is data for people; durations and time limits come from the monotonic reading alone. */
export interface Clock {
  /** Milliseconds since the Unix epoch, as the wall clock says. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** Calls `fire` once, `delayMs` monotonic milliseconds from now, unless cancelled. */
  after(delayMs: number, fire: () => void): TimerHandle;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
