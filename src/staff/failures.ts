import * as z from 'zod';
import type { Clock } from '../base/clock.ts';
import type { SqlWriter } from '../store/sql.ts';

/** Failures that are forgiven before a wait begins. */
export const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 3_600_000;
/** Names that no account bears are remembered too, or their lack of a wait would give them away. */
const MAX_STRANGERS = 1_000;

export const waitAfter = (failures: number): number =>
  failures < FREE_FAILURES
    ? 0
    : Math.min(FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT_MS);

const failuresRow = z.strictObject({ person_id: z.string(), failures: z.number().int() });

/**
 * Failed sign-ins since the last good one. Of accounts they are counted on the disk, before the
 * password is compared: a cut of power gives no free try. Waits run on the monotonic clock and begin
 * anew at a restart, so that neither the wall clock nor a restart shortens them.
 */
export class Failures {
  readonly #sql: SqlWriter;
  readonly #clock: Clock;
  readonly #waits = new Map<string, { failures: number; waitUntilMs: number }>();
  readonly #strangers = new Map<string, { failures: number; waitUntilMs: number }>();

  constructor(sql: SqlWriter, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
    for (const row of sql.all(failuresRow, 'SELECT person_id, failures FROM sign_ins')) {
      this.#waits.set(row.person_id, this.#waiting(row.failures));
    }
  }

  /** Milliseconds until the next try; 0: now. */
  waitMs(personId: string | null, name: string): number {
    const known = personId === null ? this.#strangers.get(keyOf(name)) : this.#waits.get(personId);
    return Math.max(0, Math.ceil((known?.waitUntilMs ?? 0) - this.#clock.monotonicMs()));
  }

  /** Counts a try that is about to be made; returns when the disk has it. */
  count(personId: string | null, name: string): void {
    if (personId === null) {
      const key = keyOf(name);
      const failures = (this.#strangers.get(key)?.failures ?? 0) + 1;
      this.#strangers.delete(key);
      const [oldest] = this.#strangers.keys();
      if (this.#strangers.size >= MAX_STRANGERS && oldest !== undefined) {
        this.#strangers.delete(oldest);
      }
      this.#strangers.set(key, this.#waiting(failures));
      return;
    }
    const failures = (this.#waits.get(personId)?.failures ?? 0) + 1;
    this.#sql.run(
      `INSERT INTO sign_ins (person_id, failures) VALUES (?, ?)
       ON CONFLICT (person_id) DO UPDATE SET failures = excluded.failures`,
      personId,
      failures,
    );
    this.#waits.set(personId, this.#waiting(failures));
  }

  /** Forgets them, in the transaction that records the good sign-in. */
  forget(sql: SqlWriter, personId: string): void {
    sql.run('DELETE FROM sign_ins WHERE person_id = ?', personId);
    this.#waits.delete(personId);
  }

  #waiting(failures: number): { failures: number; waitUntilMs: number } {
    const waitMs = waitAfter(failures);
    return { failures, waitUntilMs: waitMs === 0 ? 0 : this.#clock.monotonicMs() + waitMs };
  }
}

const keyOf = (name: string): string => name.slice(0, 80).toLowerCase();
