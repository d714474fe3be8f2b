import { assertNever } from '../../src/base/assert.ts';
import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CommandFailure } from '../contract/command.ts';
import type { CommandResult } from '../contract/driver.ts';
import type { PageJob } from '../contract/page-printer.ts';
import type { ClientError, PrinterClient } from './printer-client.ts';
import { isSpooler } from './printer-facts.ts';
import type { PrinterAttributes } from './printer-state.ts';
import { hasEnded, type PrintTicket } from './protocol.ts';

const POLL_EVERY_MS = 250;

/** What is to be printed on, found in the printer's own lists; the error is why it cannot be. */
export type Choose = (
  printer: PrinterAttributes,
) => Result<Pick<PrintTicket, 'mediaSize' | 'mediaSource'>, string>;

export interface PrintJob {
  /** The name by which the job is found again. */
  readonly jobName: string;
  readonly pages: number;
  readonly choose: Choose;
  /** How long the job is followed. */
  readonly timeLimitMs: number;
}

export type PrintFailure = CommandFailure<'rejected'>;

export interface JobWatcher {
  onProgress(job: PageJob): void;
  /** Called at each poll, so that why a job waits is known while it waits. */
  onPoll(): Promise<void>;
}

/** Prints, follows, finds and cancels jobs, and says of each failure only what is proved. */
export class JobControl {
  readonly #client: PrinterClient;
  readonly #clock: Clock;
  readonly #watcher: JobWatcher;
  readonly #waiting = new Map<TimerHandle, () => void>();
  #stopped = false;

  constructor(client: PrinterClient, clock: Clock, watcher: JobWatcher) {
    this.#client = client;
    this.#clock = clock;
    this.#watcher = watcher;
  }

  /** Completes when the job ended, was refused, or its time ran out. */
  async print(document: Uint8Array, job: PrintJob): Promise<Result<PageJob, PrintFailure>> {
    const endMs = this.#clock.monotonicMs() + job.timeLimitMs;
    const ready = await this.prepare(job);
    if (!ready.ok) return ready;
    const { printer, ticket } = ready.value;
    const taken = await this.#client.print(document, ticket, printer);
    if (taken.ok) return this.#follow(taken.value, endMs);
    switch (taken.error.kind) {
      case 'refused':
        return err({ kind: 'commandError', errorCode: 'rejected' });
      case 'unreachable':
        return err(nothingSent(taken.error));
      case 'brokenOff':
      case 'timedOut':
      case 'notIpp':
      case 'unclear': {
        // The document may have arrived. If the printer knows the job, its own word ends the doubt.
        const found = await this.#client.findByName(ticket.jobName);
        if (!found.ok || found.value === null) return err({ kind: 'noAnswer' });
        return this.#follow(found.value, endMs);
      }
      default:
        return assertNever(taken.error);
    }
  }

  /** All that comes before the document, so that after a failure nothing is there that could be printed. */
  async prepare({
    jobName,
    pages,
    choose,
  }: Omit<PrintJob, 'timeLimitMs'>): Promise<
    Result<{ readonly printer: PrinterAttributes; readonly ticket: PrintTicket }, PrintFailure>
  > {
    const printer = await this.#client.printerAttributes();
    if (!printer.ok) return err(nothingSent(printer.error));
    const chosen = choose(printer.value);
    if (!chosen.ok) return err({ kind: 'notReady', reason: chosen.error });
    const ticket = { jobName, pages, ...chosen.value };
    const valid = await this.#client.validate(ticket, printer.value);
    if (!valid.ok) return err(nothingSent(valid.error));
    if (isSpooler(printer.value)) {
      // What waits in a queue is printed first, whoever it was for.
      const waiting = await this.#client.liveJobs();
      if (!waiting.ok) return err(nothingSent(waiting.error));
      if (waiting.value.length > 0) return err({ kind: 'notReady', reason: 'queueBusy' });
    }
    return ok({ printer: printer.value, ticket });
  }

  async find(jobName: string): Promise<CommandResult<'pagePrinter', 'findJob'>> {
    const found = await this.#client.findByName(jobName);
    return found.ok ? found : err(notLearnt(found.error));
  }

  /** Completes with the job as it is after the printer took the cancellation; its end may still come. */
  async cancel(jobId: number): Promise<CommandResult<'pagePrinter', 'cancelJob'>> {
    const canceled = await this.#client.cancel(jobId);
    if (!canceled.ok) {
      return err(
        canceled.error.kind === 'refused'
          ? { kind: 'commandError', errorCode: 'notPossible' }
          : notLearnt(canceled.error),
      );
    }
    const job = await this.#client.job(jobId);
    return job.ok ? job : err(notLearnt(job.error));
  }

  /** Ends every wait; the prints then end with `noAnswer`. */
  stop(): void {
    this.#stopped = true;
    for (const [timer, wake] of this.#waiting) {
      timer.cancel();
      wake();
    }
  }

  async #follow(first: PageJob, endMs: number): Promise<Result<PageJob, PrintFailure>> {
    let job = first;
    this.#watcher.onProgress(job);
    while (!hasEnded(job)) {
      await this.#watcher.onPoll();
      await this.#pause();
      if (this.#stopped || this.#clock.monotonicMs() >= endMs) return err({ kind: 'noAnswer' });
      const now = await this.#client.job(first.jobId);
      // A printer that forgot the job can no longer say how it ended; one that is away may come back.
      if (!now.ok && now.error.kind === 'refused') return err({ kind: 'noAnswer' });
      if (now.ok && JSON.stringify(now.value) !== JSON.stringify(job)) {
        job = now.value;
        this.#watcher.onProgress(job);
      }
    }
    await this.#watcher.onPoll();
    return ok(job);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(POLL_EVERY_MS, () => {
        this.#waiting.delete(timer);
        resolve();
      });
      this.#waiting.set(timer, resolve);
    });
  }
}

/** Of the steps before the document: whatever failed, there is nothing yet that could be printed. */
function nothingSent(error: ClientError): CommandFailure<'rejected'> {
  if (error.kind === 'refused') return { kind: 'commandError', errorCode: 'rejected' };
  return { kind: 'notReady', reason: error.kind };
}

function notLearnt(error: ClientError): CommandFailure<never> {
  return error.kind === 'unreachable' ? { kind: 'deviceGone' } : { kind: 'noAnswer' };
}
