import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from './lab-error.ts';

/** The last lines are enough to see why a daemon did not start. */
const MAX_OUTPUT = 4_000;
const PROBE_EVERY_MS = 20;

/** One daemon of the lab. The kernel kills it when this process dies, however it dies. */
export class LabProcess {
  readonly #child: ChildProcess;
  /** Completes when the process is gone, however it ended, or could not be started. */
  readonly gone: Promise<void>;
  #output = '';

  constructor(
    command: readonly [string, ...string[]],
    options: {
      readonly cwd?: string;
      readonly env?: NodeJS.ProcessEnv;
      readonly keepStdin?: boolean;
      /** Everything it says is added to this file; what is kept here is only the end of it. */
      readonly outputFile?: string;
    } = {},
  ) {
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.keepStdin === true ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    this.gone = new Promise((resolve) => {
      for (const end of ['exit', 'error']) this.#child.once(end, () => resolve());
    });
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-MAX_OUTPUT);
      if (options.outputFile !== undefined) appendFileSync(options.outputFile, chunk);
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#child.on('error', (error) => (this.#output += error.message));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get output(): string {
    return this.#output;
  }

  /** How it ended, by which signal or code; null while it runs. */
  get ending(): string | null {
    const { exitCode, signalCode } = this.#child;
    return signalCode ?? (exitCode === null ? null : `code ${exitCode}`);
  }

  get running(): boolean {
    return (
      this.#child.pid !== undefined &&
      this.#child.exitCode === null &&
      this.#child.signalCode === null
    );
  }

  /** Completes when `isReady` says so; throws a `LabError` when the process ended or the time ran out. */
  async untilReady(
    waitedFor: string,
    isReady: () => boolean | Promise<boolean>,
    timeoutMs = 15_000,
  ): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (this.running && performance.now() < endMs) {
      if (await isReady()) return;
      await delay(PROBE_EVERY_MS);
    }
    throw new LabError({ kind: 'notReady', waitedFor, output: this.#output });
  }

  /** Asks the process to stop in an orderly way, and kills it when it does not. Completes when it is gone. */
  async end(patienceMs = 15_000): Promise<void> {
    if (!this.running) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(timer);
  }

  /** Completes when the process is gone. */
  async kill(): Promise<void> {
    if (!this.running) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
