import type { Clock } from '../../base/clock.ts';
import type { VerifyRefusal } from '../ports.ts';

const PER_SESSION = 3;
const FAILURES_BEFORE_WAIT = 5;
const FIRST_WAIT_MS = 15_000;
/** A day of failures at this terminal is enough. */
const FAILURES_BEFORE_LOCK = 10;
/** Sessions and requests remembered; the oldest is forgotten first. */
const MOST_REMEMBERED = 10_000;

/**
 * Counts failed tries at this terminal for as long as it runs: OSIA has no word for a try. The registry's own count
 * for each person is what holds across terminals and restarts.
 */
export class Tries {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, number>();
  readonly #requests = new Map<string, { readonly failures: number; readonly waitUntil: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** null: it may be tried now. */
  begin(sessionId: string, requestId: string): VerifyRefusal | null {
    if (this.#left(sessionId) === 0) return { kind: 'refused', triesLeft: 0 };
    const row = this.#requests.get(requestId);
    if (row === undefined) return null;
    if (row.failures >= FAILURES_BEFORE_LOCK) return { kind: 'locked' };
    const waitMs = row.waitUntil - this.#clock.monotonicMs();
    return waitMs > 0 ? { kind: 'waitBeforeRetry', waitSeconds: Math.ceil(waitMs / 1000) } : null;
  }

  failed(sessionId: string, requestId: string): VerifyRefusal {
    remember(this.#sessions, sessionId, (this.#sessions.get(sessionId) ?? 0) + 1);
    const failures = (this.#requests.get(requestId)?.failures ?? 0) + 1;
    const beyond = failures - FAILURES_BEFORE_WAIT;
    const waitMs = beyond < 0 ? 0 : FIRST_WAIT_MS * 2 ** beyond;
    const waitUntil = this.#clock.monotonicMs() + waitMs;
    remember(this.#requests, requestId, { failures, waitUntil });
    return { kind: 'refused', triesLeft: waitMs > 0 ? null : this.#left(sessionId) };
  }

  passed(requestId: string): void {
    this.#requests.delete(requestId);
  }

  #left(sessionId: string): number {
    return Math.max(0, PER_SESSION - (this.#sessions.get(sessionId) ?? 0));
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
