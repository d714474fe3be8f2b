import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../base/clock.ts';
import { compiledCode } from '../base/compiled-code.ts';
import { Mutex } from '../base/mutex.ts';
import { err, type Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { Mode } from '../domain/document.ts';
import type { CardOptions, ComposedCard, ComposeError } from './compose-card.ts';
import type { ComposeWork, WorkAnswer, WorkName, WorkRequest } from './compose-work.ts';
import type { ReceiptContent } from './receipt/compose-receipt.ts';
import type { UnprintableText } from './layout/lay-out.ts';
import type { Raster } from './render/raster.ts';
import type { TestCardContent } from './test-card/compose.ts';
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

const ENTRY = fileURLToPath(new URL('./compose-worker-entry.ts', import.meta.url));
/** For a process to start on a machine that does other things too. */
const START_LIMIT_MS = 60_000;
const TIME_LIMIT_MS = 15_000;
const MEMORY_LIMIT_MB = 256;

/**
 * Composing and checking in a process of its own, so that the event loop stays free, a file that makes a
 * parser run wild costs that process and not the service, and the pages it drew or read are given back
 * to the operating system with it. One piece of work at a time; the time limit counts from when the
 * process takes it up. After a failure, and after `endSession`, the next piece starts a fresh process.
 */
export class ComposeWorker {
  readonly #clock: Clock;
  readonly #timeLimitMs: number;
  readonly #memoryLimitMb: number;
  readonly #oneAtATime = new Mutex();
  #child: ChildProcess | null = null;

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

  /** As composeTestCard of test-card/compose.ts. */
  composeTestCard(
    content: TestCardContent,
  ): Promise<Result<Raster, UnprintableText | WorkerError>> {
    return this.#run('composeTestCard', { content });
  }

  /** Starts the process ahead of need, so that the first document of a session does not wait for it. */
  warmUp(): void {
    this.#child ??= this.#start();
  }

  /** Ends the process once its work is done, and with it whatever of the citizen its memory holds. */
  endSession(): Promise<void> {
    return this.#oneAtATime.withLock(() => this.#stop());
  }

  #run<K extends WorkName>(
    name: K,
    argument: ComposeWork[K]['argument'],
  ): Promise<ComposeWork[K]['answer'] | Result<never, WorkerError>> {
    return this.#oneAtATime.withLock(async () => {
      const child = (this.#child ??= this.#start());
      const answer = await this.#ask<K>(child, { name, argument } as WorkRequest);
      if (isWorkerError(answer)) await this.#stop();
      return answer;
    });
  }

  #ask<K extends WorkName>(
    child: ChildProcess,
    request: WorkRequest,
  ): Promise<ComposeWork[K]['answer'] | Result<never, WorkerError>> {
    return new Promise((resolve) => {
      const finish = (answer: ComposeWork[K]['answer'] | Result<never, WorkerError>): void => {
        timer.cancel();
        child.off('message', onMessage).off('exit', onExit).off('error', onError);
        resolve(answer);
      };
      const fail = (reason: string): void => finish(err({ kind: 'composeFailed', reason }));
      const timedOut = (): void => finish(err({ kind: 'timedOut' }));
      const onMessage = (said: unknown): void => {
        const answer = said as WorkAnswer;
        if ('taken' in answer) {
          timer.cancel();
          timer = this.#clock.after(this.#timeLimitMs, timedOut);
        } else if ('broke' in answer) fail(answer.broke);
        else finish(answer.answer);
      };
      const onExit = (_code: number | null, signal: string | null): void =>
        fail(signal ?? 'exited');
      const onError = (): void => fail('notReached');
      let timer = this.#clock.after(START_LIMIT_MS, timedOut);
      child.on('message', onMessage).on('exit', onExit).on('error', onError);
      child.send(request);
    });
  }

  #start(): ChildProcess {
    const child = fork(ENTRY, [], {
      execArgv: [
        `--max-old-space-size=${this.#memoryLimitMb}`,
        '--disable-warning=ExperimentalWarning',
      ],
      serialization: 'advanced',
      // Its last words could quote what it was at.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: compiledCode(),
    });
    // An idle process that breaks is replaced when next needed; while it works, #ask hears of it as well.
    child.on('error', () => undefined);
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    child.unref();
    child.channel?.unref();
    return child;
  }

  async #stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    // Without a pid it was never started, and has no end to report.
    if (child.pid !== undefined) await gone;
  }
}

function isWorkerError(answer: Result<unknown, { readonly kind: string }>): boolean {
  return !answer.ok && (answer.error.kind === 'composeFailed' || answer.error.kind === 'timedOut');
}
