import * as z from 'zod';
import { err, ok, type Result } from '../../base/result.ts';
import type { VerifyRefusal } from '../ports.ts';
import type { RegistryContext } from './context.ts';

export type TryRefusal = Extract<
  VerifyRefusal,
  { kind: 'refused' } | { kind: 'waitBeforeRetry' } | { kind: 'locked' }
>;

const DAY_MS = 24 * 3_600_000;
const countRow = z.object({ n: z.number(), lastAt: z.number().nullable() });

/**
 * Counts tries durably before anything is compared. A try stands as failed until it is marked as
 * succeeded, so tries under way count like failures and a crash never gives one back. Times in the
 * future count as recent: setting the clock back opens nothing.
 */
export class Tries {
  readonly #ctx: RegistryContext;

  constructor(ctx: RegistryContext) {
    this.#ctx = ctx;
  }

  /** Returns the number of the try, already committed, or why there may be none now. */
  begin(subjectMac: string, session: string): Result<number | bigint, TryRefusal> {
    const { db, clock } = this.#ctx;
    return db
      .transaction((): Result<number | bigint, TryRefusal> => {
        if (this.#failedInSession(session) >= this.#ctx.policy.triesPerSession) {
          return err({ kind: 'refused', triesLeft: 0 });
        }
        const bar = this.#bar(subjectMac);
        if (bar !== null) return err(bar);
        const { lastInsertRowid } = db
          .prepare('INSERT INTO tries (subject_mac, session, at) VALUES (?, ?, ?)')
          .run(subjectMac, session, clock.now());
        return ok(lastInsertRowid);
      })
      .immediate();
  }

  succeed(tryNumber: number | bigint): void {
    this.#ctx.db.prepare('UPDATE tries SET succeeded = 1 WHERE try_id = ?').run(tryNumber);
  }

  /** What the claimant is told after a failed try. */
  afterFailure(subjectMac: string, session: string): Extract<TryRefusal, { kind: 'refused' }> {
    const left = this.#ctx.policy.triesPerSession - this.#failedInSession(session);
    const barred = this.#bar(subjectMac) !== null;
    return { kind: 'refused', triesLeft: barred ? null : Math.max(0, left) };
  }

  #failedInSession(session: string): number {
    const row = this.#ctx.db
      .prepare(
        'SELECT COUNT(*) AS n, NULL AS lastAt FROM tries WHERE session = ? AND succeeded = 0',
      )
      .get(session);
    return countRow.parse(row).n;
  }

  #bar(subjectMac: string): TryRefusal | null {
    const { db, clock, policy } = this.#ctx;
    const now = clock.now();
    const today = countRow.parse(
      db
        .prepare(
          `SELECT COUNT(*) AS n, NULL AS lastAt FROM tries
           WHERE subject_mac = ? AND succeeded = 0 AND at > ?`,
        )
        .get(subjectMac, now - DAY_MS),
    );
    if (today.n >= policy.failuresPerDay) return { kind: 'locked' };
    const inRow = countRow.parse(
      db
        .prepare(
          `SELECT COUNT(*) AS n, MAX(at) AS lastAt FROM tries
           WHERE subject_mac = ? AND succeeded = 0 AND try_id > COALESCE(
             (SELECT MAX(try_id) FROM tries WHERE subject_mac = ? AND succeeded = 1), 0)`,
        )
        .get(subjectMac, subjectMac),
    );
    if (inRow.lastAt === null || inRow.n < policy.failuresBeforeWait) return null;
    const waitMs = policy.firstWaitMs * 2 ** Math.min(inRow.n - policy.failuresBeforeWait, 20);
    const leftMs = inRow.lastAt + waitMs - now;
    return leftMs <= 0 ? null : { kind: 'waitBeforeRetry', waitSeconds: Math.ceil(leftMs / 1000) };
  }
}
