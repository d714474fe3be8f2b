import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FingerPosition } from '../../../drivers/contract/biometric.ts';
import type { Meeting } from '../../../drivers/contract/held.ts';
import type { Clock, TimerHandle } from '../../base/clock.ts';
import { compiledCode } from '../../base/compiled-code.ts';
import { Mutex } from '../../base/mutex.ts';
import { err, type Result } from '../../base/result.ts';
import type { UnprintableText } from '../../documents/layout/lay-out.ts';
import type { Raster } from '../../documents/render/raster.ts';
import type { TestCardContent } from '../../documents/test-card/compose.ts';
import type {
  ChipStation,
  DocumentTrouble,
  DocumentWorks,
  FingerSensor,
  OrderExpectation,
} from '../../issuance/ports.ts';
import type { CallOptions } from '../../registry/ports.ts';
import { newTicket } from './meeting-place.ts';
import type { DocumentSettings, DocumentWork, ToDocuments, WorkAnswer, WorkName } from './work.ts';

/** The process stopped (it ran out of memory, or something in it broke) or took too long. */
type ProcessTrouble = Exclude<DocumentTrouble, { kind: 'notHeld' }>;
type Answer<K extends WorkName> = DocumentWork[K]['answer'] | Result<never, ProcessTrouble>;

export interface DocumentProcessOptions {
  readonly clock: Clock;
  readonly settings: DocumentSettings;
  readonly timeLimitMs?: number;
  readonly memoryLimitMb?: number;
}

const ENTRY = fileURLToPath(new URL('./entry.ts', import.meta.url));
/** For a process to start on a machine that does other things too. */
const START_LIMIT_MS = 60_000;
const TIME_LIMIT_MS = 15_000;
/** A little less than a device is lent for. */
const LENT_LIMIT_MS = 50_000;
/** For the process to find that the host has hung up. */
const AFTER_LENDING_MS = 5_000;
const MEMORY_LIMIT_MB = 256;

/**
 * The documents in a process of its own, so that core never has their bytes, the event loop stays free, a
 * file that makes a parser run wild costs that process and not the service, and all of it is given back to
 * the operating system when the session ends. One piece of work at a time; a time limit counts from when
 * the process takes it up. After a failure, and after `endSession`, the next piece starts a fresh process,
 * which holds nothing of what the one before had fetched.
 */
export class DocumentProcess implements DocumentWorks {
  readonly #clock: Clock;
  readonly #settings: DocumentSettings;
  readonly #timeLimitMs: number;
  readonly #memoryLimitMb: number;
  readonly #oneAtATime = new Mutex();
  #child: ChildProcess | null = null;
  #closed = false;

  constructor({ clock, settings, timeLimitMs, memoryLimitMb }: DocumentProcessOptions) {
    this.#clock = clock;
    this.#settings = settings;
    this.#timeLimitMs = timeLimitMs ?? TIME_LIMIT_MS;
    this.#memoryLimitMb = memoryLimitMb ?? MEMORY_LIMIT_MB;
  }

  fetch(attemptId: string, options: CallOptions): ReturnType<DocumentWorks['fetch']> {
    const limitMs = options.deadlineMs + this.#timeLimitMs;
    return this.#run('fetch', { attemptId, options }, { limitMs });
  }

  async check(expected: OrderExpectation): ReturnType<DocumentWorks['check']> {
    const answer = await this.#run('check', expected);
    if (answer.ok || !('kind' in answer.error))
      return answer as Awaited<ReturnType<DocumentWorks['check']>>;
    return err({ code: `check.${answer.error.kind}`, problem: 'checkNotDone' });
  }

  compose(attemptId: string): ReturnType<DocumentWorks['compose']> {
    return this.#run('compose', { attemptId });
  }

  writeChip(attemptId: string, station: ChipStation): ReturnType<DocumentWorks['writeChip']> {
    const lend = (to: Meeting) => station.lend(to);
    return this.#whileLent('writeChip', { attemptId }, lend, stationGone);
  }

  verifyChip(attemptId: string, station: ChipStation): ReturnType<DocumentWorks['verifyChip']> {
    const lend = (to: Meeting) => station.lend(to);
    return this.#whileLent('verifyChip', { attemptId }, lend, stationGone);
  }

  matchHolder(
    attemptId: string,
    finger: FingerPosition,
    sensor: FingerSensor,
  ): ReturnType<DocumentWorks['matchHolder']> {
    const lend = (to: Meeting) => sensor.lend(to);
    return this.#whileLent('matchHolder', { attemptId, finger }, lend, sensorGone);
  }

  /** As composeTestCard of the documents. */
  composeTestCard(
    content: TestCardContent,
  ): Promise<Result<Raster, UnprintableText | ProcessTrouble>> {
    return this.#run('composeTestCard', content);
  }

  /** Starts the process ahead of need, so that the first document of a session does not wait for it. */
  warmUp(): void {
    if (!this.#closed) this.#child ??= this.#start();
  }

  /** Ends the process once its work is done, and with it whatever of the citizen its memory holds. */
  endSession(): Promise<void> {
    return this.#oneAtATime.withLock(() => this.#stop());
  }

  /** Ends the process at once, for good; what it was at ends as `processEnded`. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#stop();
  }

  /** Where the device is not lent, or no longer, there is nobody to wait for: the process is ended. */
  async #whileLent<K extends 'writeChip' | 'verifyChip' | 'matchHolder'>(
    name: K,
    of: Omit<DocumentWork[K]['argument'], 'ticket'>,
    lend: (to: Meeting) => Promise<Result<void, object>>,
    gone: Answer<K>,
  ): Promise<Answer<K>> {
    const { socketPath } = this.#settings;
    const ticket = newTicket();
    const notLent = Promise.withResolvers<Answer<K>>();
    let answered = false;
    let timer: TimerHandle | undefined;
    const onTaken = (): void => {
      lend({ socketPath, ticket }).then((lent) => {
        if (!lent.ok) notLent.resolve(gone);
        else if (!answered) {
          timer = this.#clock.after(AFTER_LENDING_MS, () => notLent.resolve(gone));
        }
      }, notLent.reject);
    };
    const argument = { ...of, ticket } as DocumentWork[K]['argument'];
    const worked = this.#run(name, argument, { limitMs: LENT_LIMIT_MS, onTaken });
    const first = await Promise.race([worked, notLent.promise.then(() => null)]);
    answered = true;
    timer?.cancel();
    if (first !== null) return first;
    await this.#stop();
    await worked;
    return notLent.promise;
  }

  #run<K extends WorkName>(
    name: K,
    argument: DocumentWork[K]['argument'],
    { limitMs = this.#timeLimitMs, onTaken = () => undefined }: RunOptions = {},
  ): Promise<Answer<K>> {
    return this.#oneAtATime.withLock(async () => {
      const child = this.#closed ? null : (this.#child ??= this.#start());
      if (child === null) return err({ kind: 'processEnded', reason: 'notStarted' });
      const request = { name, argument } as ToDocuments;
      const answer = await this.#ask<K>(child, request, { limitMs, onTaken });
      if (isTrouble(answer)) await this.#stop();
      return answer;
    });
  }

  #ask<K extends WorkName>(
    child: ChildProcess,
    request: ToDocuments,
    { limitMs, onTaken }: Required<RunOptions>,
  ): Promise<Answer<K>> {
    return new Promise((resolve) => {
      const finish = (answer: Answer<K>): void => {
        timer.cancel();
        child.off('message', onMessage).off('exit', onExit).off('error', onError);
        resolve(answer);
      };
      const fail = (reason: string): void => finish(err({ kind: 'processEnded', reason }));
      const timedOut = (): void => finish(err({ kind: 'timedOut' }));
      const onMessage = (said: unknown): void => {
        const answer = said as WorkAnswer;
        if ('taken' in answer) {
          timer.cancel();
          timer = this.#clock.after(limitMs, timedOut);
          onTaken();
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

  /** null where the system has no descriptor, memory or process left for it. */
  #start(): ChildProcess | null {
    const child = this.#fork();
    if (child === null) return null;
    // An idle process that breaks is replaced when next needed; while it works, #ask hears of it as well.
    child.on('error', () => undefined);
    // Without a pid it was never started, and cannot be spoken to.
    if (child.pid === undefined) return null;
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    child.unref();
    child.channel?.unref();
    child.send({ settings: this.#settings } satisfies ToDocuments);
    return child;
  }

  #fork(): ChildProcess | null {
    const options: ForkOptions = {
      execArgv: [
        `--max-old-space-size=${this.#memoryLimitMb}`,
        '--disable-warning=ExperimentalWarning',
      ],
      serialization: 'advanced',
      // Its last words could quote what it was at.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: compiledCode(),
    };
    try {
      return fork(ENTRY, [], options);
    } catch (cause) {
      if (cause instanceof Error && 'syscall' in cause) return null;
      throw cause;
    }
  }

  async #stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // Its end is waited for, also by a core that has nothing else to wait for.
    child.ref();
    child.kill('SIGKILL');
    // It listens no more; the next one may, before the end of this one is known.
    rmSync(this.#settings.socketPath, { force: true });
    await gone;
  }
}

const stationGone = err({ kind: 'readerGone' as const });
const sensorGone = err({ kind: 'deviceGone' as const });

interface RunOptions {
  readonly limitMs?: number;
  /** Called when the process has taken the work up. */
  readonly onTaken?: () => void;
}

function isTrouble(answer: Result<unknown, object>): boolean {
  if (answer.ok || !('kind' in answer.error)) return false;
  return answer.error.kind === 'processEnded' || answer.error.kind === 'timedOut';
}
