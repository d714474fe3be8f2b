/** Quick enough that a citizen hardly notices one crash, slow enough that a broken host costs no CPU. */
export const FIRST_RESTART_MS = 200;
export const LAST_RESTART_MS = 5_000;
/** A host that lived this long is taken to have recovered, and its next crash is a first one. */
export const RECOVERED_AFTER_MS = 60_000;

/** How long to wait before the next start, after `crashes` crashes in a row (1 or more). */
export const restartDelayMs = (crashes: number): number =>
  Math.min(FIRST_RESTART_MS * 2 ** (crashes - 1), LAST_RESTART_MS);
