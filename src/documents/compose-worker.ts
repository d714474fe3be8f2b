import { Worker } from 'node:worker_threads';
import type { Clock } from '../base/clock.ts';
import { Mutex } from '../base/mutex.ts';
import { err, type Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { Mode } from '../domain/document.ts';
import type { CardOptions, ComposedCard, ComposeError } from './compose-card.ts';
import type { ComposeWork, WorkName, WorkRequest } from './compose-work.ts';
import type { ReceiptContent } from './receipt/compose-receipt.ts';
import type { SignatureError } from './signature/signature-error.ts';
import type { SignedPdfExpectation, VerifiedPdf } from './signature/verify.ts';

export type WorkerError =
  /** The worker stopped: it ran out of memory, or something in it broke. */
  { readonly kind: 'composeFailed'; readonly reason: string } | { readonly kind: 'timedOut' };

export interface ComposeWorkerOptions {
  readonly clock: Clock;
  readonly timeLimitMs?: number;
  readonly memoryLimitMb?: number;
}

const TIME_LIMIT_MS = 15_000;
const MEMORY_LIMIT_MB = 256;

/**
 * Composing and checking in a thread of their own, so that the event loop stays free and a file that makes
 * a parser run wild costs a thread, not the service. One piece of work at a time; the time limit counts
 * from its start. After a failure, and after `endSession`, the next piece starts a fresh thread.
 */
export class ComposeWorker {
  readonly #clock: Clock;
  readonly #timeLimitMs: number;
  readonly #memoryLimitMb: number;
  readonly #oneAtATime = new Mutex();
  #worker: Worker | null = null;

  constructor({ clock, timeLimitMs, memoryLimitMb }: ComposeWorkerOptions) {
    this.#clock = clock;
    this.#timeLimitMs = timeLimitMs ?? TIME_LIMIT_MS;
    this.#memoryLimitMb = memoryLimitMb ?? MEMORY_LIMIT_MB;
  }

  /** As composeCard of compose-card.ts. */
  composeCard(
    fields: CardFields,
    photo: Uint8Array | null,
    options: CardOptions,
  ): Promise<Result<ComposedCard, ComposeError | WorkerError>> {
    return this.#run('composeCard', { fields, photo, options });
  }

  /** As verifySignedPdf of signature/verify.ts. */
  verifySignedPdf(
    bytes: Uint8Array,
    expected: SignedPdfExpectation,
  ): Promise<Result<VerifiedPdf, SignatureError | WorkerError>> {
    return this.#run('verifySignedPdf', { bytes, expected });
  }

  /** As composeReceipt of receipt/compose-receipt.ts. */
  composeReceipt(content: ReceiptContent, mode: Mode): Promise<Result<Uint8Array, WorkerError>> {
    return this.#run('composeReceipt', { content, mode });
  }

  /** Starts the thread ahead of need, so that the first document of a session does not wait for it. */
  warmUp(): void {
    this.#worker ??= this.#start();
  }

  /** Ends the thread once its work is done, and with it whatever of the citizen its memory holds. */
  endSession(): Promise<void> {
    return this.#oneAtATime.withLock(() => this.#stop());
  }

  #run<K extends WorkName>(
    name: K,
    argument: ComposeWork[K]['argument'],
  ): Promise<ComposeWork[K]['answer'] | Result<never, WorkerError>> {
    return this.#oneAtATime.withLock(async () => {
      const worker = (this.#worker ??= this.#start());
      const answer = await this.#ask<K>(worker, { name, argument } as WorkRequest);
      if (isWorkerError(answer)) await this.#stop();
      return answer;
    });
  }

  #ask<K extends WorkName>(
    worker: Worker,
    request: WorkRequest,
  ): Promise<ComposeWork[K]['answer'] | Result<never, WorkerError>> {
    return new Promise((resolve) => {
      const finish = (answer: ComposeWork[K]['answer'] | Result<never, WorkerError>): void => {
        timer.cancel();
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(answer);
      };
      const onMessage = (answer: ComposeWork[K]['answer']): void => finish(answer);
      const onError = (error: unknown): void =>
        finish(err({ kind: 'composeFailed', reason: reasonOf(error) }));
      const onExit = (): void => finish(err({ kind: 'composeFailed', reason: 'exited' }));
      const timer = this.#clock.after(this.#timeLimitMs, () => finish(err({ kind: 'timedOut' })));
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(request);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./compose-worker-entry.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: this.#memoryLimitMb },
    });
    // An idle thread that breaks is replaced when next needed; while it works, #ask hears of it as well.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    worker.unref();
    return worker;
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

function isWorkerError(answer: Result<unknown, { readonly kind: string }>): boolean {
  return !answer.ok && (answer.error.kind === 'composeFailed' || answer.error.kind === 'timedOut');
}

/** The class or code of an error, never its message: a message may quote what was being printed. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}
