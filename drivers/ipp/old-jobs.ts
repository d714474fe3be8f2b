import type { Clock } from '../../src/base/clock.ts';
import type { JobControl } from './job-control.ts';
import type { PrinterClient } from './printer-client.ts';
import { hasEnded, type NamedJob } from './protocol.ts';

/** After this a printer that never showed a job is taken not to have got its document. */
const DOUBT_MS = 5 * 60_000;

/**
 * Jobs of ours whose session is over, of this run or of one before: whatever comes of them would come out for
 * somebody else. Only one call at a time asks and cancels, and none touches the job that is being printed.
 */
export class OldJobs {
  readonly #client: PrinterClient;
  readonly #jobs: JobControl;
  readonly #clock: Clock;
  readonly #prefix: string;
  /** Names of documents of which nobody knows whether they arrived, with the moment the doubt ends. */
  readonly #doubtful = new Map<string, number>();
  #current: string | null = null;
  #ended = false;
  #left = false;
  #last: Promise<unknown> = Promise.resolve();

  /** By `prefix` the name of a job says after a restart that it is ours: `prefix_`. */
  constructor(client: PrinterClient, jobs: JobControl, clock: Clock, prefix: string) {
    this.#client = client;
    this.#jobs = jobs;
    this.#clock = clock;
    this.#prefix = `${prefix}_`;
  }

  /** When it was last asked, one was left, or may yet have appeared. Of the current job nothing is said. */
  get left(): boolean {
    return this.#left && this.#current === null;
  }

  /** The printer was away: it may come back with what it had. */
  lookAgain(): void {
    this.#ended = false;
  }

  /** From here on a job of that name is the current one. Completes when nothing is being cancelled any more. */
  async begin(jobName: string): Promise<void> {
    this.#current = jobName;
    await this.#last;
  }

  /** The current job ended, or was never made. */
  over(): void {
    this.#current = null;
  }

  /** Nobody waits for the current job any more. `seen`: the printer had told of it, so its list is to be believed. */
  abandon(seen: boolean): void {
    if (this.#current !== null && !seen) {
      this.#doubtful.set(this.#current, this.#clock.monotonicMs() + DOUBT_MS);
    }
    this.#current = null;
    this.#ended = false;
    this.#left = true;
  }

  /** For an idle moment: asks only while one may be left, and not during a print. */
  async endIfAny(): Promise<void> {
    if (!this.#ended && this.#current === null) await this.end();
  }

  /** Takes back those that still wait. False where one may be left, or may yet appear. */
  end(): Promise<boolean> {
    const ended = this.#last.then(() => this.#endNow());
    this.#last = ended;
    return ended;
  }

  async #endNow(): Promise<boolean> {
    this.#ended = await this.#cancelled();
    this.#left = !this.#ended;
    return this.#ended;
  }

  async #cancelled(): Promise<boolean> {
    const old = await this.#listed();
    if (old === null) return false;
    for (const { name, job } of old) {
      // The printer has it after all, so from now on its list tells whether it is gone.
      if (name !== null) this.#doubtful.delete(name);
      // A print may have begun since; its own job is not among these.
      await this.#jobs.cancel(job.jobId);
    }
    const gone = old.length === 0 || (await this.#listed())?.length === 0;
    return gone && (await this.#noneDoubtful());
  }

  async #listed(): Promise<NamedJob[] | null> {
    const live = await this.#client.liveJobs();
    if (!live.ok) return null;
    return live.value.filter(
      ({ name }) => name?.startsWith(this.#prefix) === true && name !== this.#current,
    );
  }

  async #noneDoubtful(): Promise<boolean> {
    for (const [name, untilMs] of this.#doubtful) {
      const found = await this.#client.findByName(name);
      const ended = found.ok && found.value !== null && hasEnded(found.value);
      if (ended || this.#clock.monotonicMs() >= untilMs) this.#doubtful.delete(name);
    }
    return this.#doubtful.size === 0;
  }
}
