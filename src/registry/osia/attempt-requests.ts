import type { CallOptions } from '../ports.ts';

/** Attempts of sessions that run and of reports that are owed; the oldest is forgotten first. */
const MOST_REMEMBERED = 1_000;

/** OSIA keeps no attempts: which request an attempt is for is known here, or from who asks, or from the terminal's record. */
export class AttemptRequests {
  readonly #known = new Map<string, string>();
  readonly #recorded: (attemptId: string) => string | null;

  /** `recorded` looks into the terminal's own record, which outlives this process. */
  constructor(recorded: (attemptId: string) => string | null) {
    this.#recorded = recorded;
  }

  /** False where the attempt is known to be for another request. */
  note(attemptId: string, requestId: string): boolean {
    const known = this.#known.get(attemptId);
    if (known !== undefined) return known === requestId;
    this.#known.set(attemptId, requestId);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return true;
  }

  of(attemptId: string, { requestId }: CallOptions): string | null {
    return requestId ?? this.#known.get(attemptId) ?? this.#recorded(attemptId);
  }
}
