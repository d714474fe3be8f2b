import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, TimerHandle } from '../../base/clock.ts';
import type { Journal } from '../journal.ts';
import { dueCases } from '../vault/due-cases.ts';
import type { Vault } from '../vault/vault.ts';
import { removeOldFiles } from './old-files.ts';
import { rowsBefore } from './rows-before.ts';

const DAY_MS = 86_400_000;
/** How soon it asks again where the clock was not confirmed, as right after every start. */
const ASK_AGAIN_MS = 60_000;
/** Cases erased in one go; each go is a few milliseconds, and others get their turn between two. */
const CASES_AT_ONCE = 20;

/** How long each kind is kept. Photos and documents are not kept at all: no file ever holds them. */
export interface RetentionTimes {
  /** Personal fields of a case, after its last attempt ended or, without one, after they were sealed. */
  readonly personalFieldsDays: number;
  /** Files under `log/`: logs and diagnostics. */
  readonly logDays: number;
  /** Rows of the journal are kept at least so long. Older ones are counted, and never removed here. */
  readonly journalYears: number;
}

/**
 * Runs as soon as the wall clock is confirmed and then daily. Nothing waits for it: it works in small steps, and a failure to commit
 * is `fatal` as everywhere. While nobody else bears the wall clock out nothing is removed, because a clock
 * set ahead would make everything look old.
 */
export class RetentionJob {
  readonly #journal: Journal;
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #logFolder: string;
  readonly #times: RetentionTimes;
  readonly #clockIsConfirmed: () => boolean;
  readonly #fatal: (cause: unknown) => void;
  #timer: TimerHandle | null = null;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: {
    readonly journal: Journal;
    readonly vault: Vault;
    readonly clock: Clock;
    readonly logFolder: string;
    readonly times: RetentionTimes;
    readonly clockIsConfirmed: () => boolean;
    readonly fatal: (cause: unknown) => void;
  }) {
    this.#journal = parts.journal;
    this.#vault = parts.vault;
    this.#clock = parts.clock;
    this.#logFolder = parts.logFolder;
    this.#times = parts.times;
    this.#clockIsConfirmed = parts.clockIsConfirmed;
    this.#fatal = parts.fatal;
  }

  start(): void {
    this.#running = this.#run().catch(this.#fatal);
  }

  /** Completes when the step under way is committed; the rest waits for the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  /** Completes when no run is under way; for those who drive the clock. */
  idle(): Promise<void> {
    return this.#running;
  }

  async #run(): Promise<void> {
    const mayRun = this.#clockIsConfirmed();
    if (mayRun) await this.#apply();
    if (this.#stopped) return;
    this.#timer = this.#clock.after(mayRun ? DAY_MS : ASK_AGAIN_MS, () => this.start());
  }

  async #apply(): Promise<void> {
    const now = this.#clock.now();
    const { personalFieldsDays, logDays, journalYears } = this.#times;
    const reader = this.#journal.reader;
    const { due, kept } = dueCases(reader, now - personalFieldsDays * DAY_MS);
    let casesErased = 0;
    while (casesErased < due.length && !this.#stopped) {
      const step = due.slice(casesErased, casesErased + CASES_AT_ONCE);
      await this.#vault.erase(step, 'retention');
      casesErased += step.length;
      await nextTurn();
    }
    const filesRemoved = await removeOldFiles(this.#logFolder, now - logDays * DAY_MS);
    if (this.#stopped) return;
    const yearsAgo = new Date(now);
    yearsAgo.setUTCFullYear(yearsAgo.getUTCFullYear() - journalYears);
    const rowsPastRetention = rowsBefore(reader, yearsAgo.getTime(), this.#journal.size());
    await this.#journal.append({
      events: [
        {
          kind: 'retention.applied',
          casesErased,
          casesKept: kept,
          filesRemoved,
          rowsPastRetention,
        },
      ],
    });
  }
}
