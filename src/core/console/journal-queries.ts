import type { Logger } from 'pino';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { HeadKeeper } from '../../registry/ports.ts';
import type { Timeline, Verdict } from '../../rpc/console.ts';
import { holdKeptHeads, type Compared } from './kept-heads.ts';
import { QueryProcess } from './query-process.ts';
import type { Findings } from './query-wire.ts';
import type { PrintLogPage, QueryTrouble, RecordQueries } from './record-queries.ts';

/** Shorter than the pages wait. */
const PAGE_LIMIT_MS = 10_000;
/** A million rows take seconds; a slow disk may need longer. */
const CHECK_LIMIT_MS = 300_000;

/** Asks this terminal's own journal, in a process beside core. */
export class JournalQueries implements RecordQueries {
  readonly #parts: {
    readonly dataFolder: string;
    readonly clock: Clock;
    readonly log: Pick<Logger, 'error'>;
    readonly heads: HeadKeeper;
  };
  readonly #pages: QueryProcess;
  #check: QueryProcess | null = null;

  constructor(parts: {
    readonly dataFolder: string;
    readonly clock: Clock;
    readonly log: Pick<Logger, 'error'>;
    /** Keeps the heads that a verdict is held against. */
    readonly heads: HeadKeeper;
  }) {
    this.#parts = parts;
    this.#pages = new QueryProcess({ ...parts, timeLimitMs: PAGE_LIMIT_MS });
  }

  attempts(page: {
    readonly beforeSeq: number | null;
    readonly limit: number;
  }): Promise<Result<PrintLogPage, QueryTrouble>> {
    return this.#pages.ask('attempts', page);
  }

  timeline(attemptId: string): Promise<Result<Timeline | null, QueryTrouble>> {
    return this.#pages.ask('timeline', { attemptId });
  }

  /** One check at a time, in a process of its own: the pages of the log do not wait behind it. */
  async verdict(): Promise<Result<Verdict, QueryTrouble>> {
    if (this.#check !== null) return err({ kind: 'busy' });
    const { heads, clock } = this.#parts;
    const check = new QueryProcess({ ...this.#parts, timeLimitMs: CHECK_LIMIT_MS });
    this.#check = check;
    try {
      // Before the record is read: a head that comes later may cover rows which that view does not have.
      const compared = await holdKeptHeads(
        heads,
        (page) => check.ask('holdHeads', { heads: page }),
        clock,
      );
      if (!compared.ok) return compared;
      const findings = await check.ask('verify', {});
      return findings.ok ? ok(verdictOf(findings.value, compared.value)) : findings;
    } finally {
      this.#check = null;
      await check.stop();
    }
  }

  /** Completes when no process of ours is left; whoever still waits is told `stopped`. */
  async stop(): Promise<void> {
    await Promise.all([this.#pages.stop(), this.#check?.stop()]);
  }
}

function verdictOf({ firstBreak, ...figures }: Findings, compared: Compared): Verdict {
  const anchored = compared.unanchoredBecause === null ? 'valid' : 'unanchored';
  const whole = figures.lost.length > 0 ? 'incomplete' : anchored;
  return {
    verdict: firstBreak === null ? whole : 'broken',
    ...figures,
    ...compared,
    brokenAt: firstBreak?.seq ?? null,
    reason: firstBreak?.reason ?? null,
  };
}
