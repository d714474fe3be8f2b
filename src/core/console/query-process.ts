import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { compiledCode } from '../../base/compiled-code.ts';
import { attachJsonLines } from '../../base/json-lines.ts';
import { Mutex } from '../../base/mutex.ts';
import { redact } from '../../base/redact.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { VERSION } from '../version.ts';
import { questions, type About, type AnswerTo, type QuestionName } from './query-wire.ts';
import type { QueryTrouble } from './record-queries.ts';

const ENTRY = fileURLToPath(new URL('./query-entry.ts', import.meta.url));
/** Whole pages of staff at once stay far below; more than that is not people. */
const MAX_WAITING = 8;
const HEAP_LIMIT_MB = 512;
const LAST_WORDS = 500;

export interface QueryProcessOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'error'>;
  /** For one question, from when it is asked of the process. */
  readonly timeLimitMs: number;
}

type Said = { readonly answer: unknown } | { readonly ended: 'failed' | 'timedOut' };

interface Running {
  readonly child: ChildProcess;
  readonly ask: (question: unknown) => void;
  /** Whoever waits for what this process says next; nobody between questions. */
  listener: ((said: Said) => void) | null;
  readonly gone: Promise<void>;
}

/**
 * Reads the journal in a process of its own, over a read-only connection: citizens never wait for a
 * query, however long it takes, and one that runs wild or meets a damaged page ends without core.
 *
 * A process and not a thread, because POSIX record locks belong to the process: closing any descriptor of
 * a file drops all of them (fcntl(2)). A connection in a thread keeps core's locks on the journal only as
 * long as both use the very same copy of SQLite; and a thread inside SQLite cannot be broken off.
 *
 * One question at a time, few may wait. A process that ends is started again for the next question.
 */
export class QueryProcess {
  readonly #options: QueryProcessOptions;
  readonly #oneAtATime = new Mutex();
  readonly #alive = new Set<Running>();
  #running: Running | null = null;
  #asked = 0;
  #stopped = false;

  constructor(options: QueryProcessOptions) {
    this.#options = options;
  }

  async ask<K extends QuestionName>(
    ask: K,
    about: About<K>,
  ): Promise<Result<AnswerTo<K>, QueryTrouble>> {
    if (this.#asked > MAX_WAITING) return err({ kind: 'busy' });
    this.#asked += 1;
    try {
      return await this.#oneAtATime.withLock(() => this.#askNow(ask, about));
    } finally {
      this.#asked -= 1;
    }
  }

  /** Ends the process, and with it the question it is at; completes when it is gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    // It writes nothing: there is nothing to bring to an end.
    for (const { child } of this.#alive) child.kill('SIGKILL');
    await Promise.all([...this.#alive].map(({ gone }) => gone));
  }

  async #askNow<K extends QuestionName>(
    ask: K,
    about: About<K>,
  ): Promise<Result<AnswerTo<K>, QueryTrouble>> {
    if (this.#stopped) return err({ kind: 'stopped' });
    const running = (this.#running ??= this.#start());
    const said = await new Promise<Said>((resolve) => {
      const timer = this.#options.clock.after(this.#options.timeLimitMs, () =>
        resolve({ ended: 'timedOut' }),
      );
      running.listener = (what) => {
        timer.cancel();
        resolve(what);
      };
      running.ask({ ask, about });
    });
    running.listener = null;
    const answer = 'answer' in said ? questions[ask].answer.safeParse(said.answer) : null;
    if (answer?.success === true) return ok(answer.data as AnswerTo<K>);
    if (this.#running === running) this.#running = null;
    running.child.kill('SIGKILL');
    if (this.#isStopped()) return err({ kind: 'stopped' });
    const kind = 'ended' in said ? said.ended : 'failed';
    this.#options.log.error({ ask, kind }, 'a query was not answered');
    return err({ kind });
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  #start(): Running {
    const { dataFolder, log } = this.#options;
    const child = spawn(
      process.execPath,
      [
        `--max-old-space-size=${HEAP_LIMIT_MB}`,
        '--disable-warning=ExperimentalWarning',
        ENTRY,
        path.resolve(dataFolder),
        VERSION,
      ],
      { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env: compiledCode() },
    );
    const stream = child.stdio[3] as Duplex | null | undefined;
    assert(stream != null && child.stderr !== null, 'a spawned process has its pipes');
    let lastWords = '';
    child.stderr.setEncoding('utf8').on('data', (words: string) => {
      lastWords = (lastWords + words).slice(-LAST_WORDS);
    });
    const end = Promise.withResolvers<undefined>();
    const running: Running = {
      child,
      ask: attachJsonLines(stream, {
        onFrame: (answer) => running.listener?.({ answer }),
        onClose: () => child.kill('SIGKILL'),
      }),
      listener: null,
      gone: end.promise,
    };
    const ended = (exitCode: number | null, signal: string | null): void => {
      if (!this.#alive.delete(running)) return;
      if (this.#running === running && !this.#stopped) {
        const said = redact(lastWords);
        log.error({ exitCode, signal, lastWords: said }, 'a query process ended by itself');
      }
      if (this.#running === running) this.#running = null;
      running.listener?.({ ended: 'failed' });
      end.resolve(undefined);
    };
    child.once('close', ended);
    // A process that could not be started at all has no end to report.
    child.once('error', () => {
      if (child.pid === undefined) ended(null, null);
    });
    this.#alive.add(running);
    return running;
  }
}
