import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { root } from '../../../scripts/stack/program.ts';
import { familyOf, running, type RunningProcess } from '../../../scripts/test-run/running.ts';
import { untilHolds } from './waiting.ts';

/**
 * One of the scripts for people, started as in a shell: in a process group of its own, without what a test runner
 * adds to the environment, and without a display unless `env` names one.
 */
export class StartedScript {
  readonly #child: ChildProcess;
  /** Completes with the exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  #stdout = '';
  #stderr = '';

  constructor(
    name: 'demo' | 'start',
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.#child = spawn(path.join(root, 'scripts', name), args, {
      cwd: root,
      detached: true,
      env: { ...process.env, DISPLAY: undefined, NODE_ENV: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.ended = once(this.#child, 'close').then(([code]: (number | null)[]) => code ?? null);
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** It, and all that it started. */
  family(): RunningProcess[] {
    return familyOf(running(), this.#pid);
  }

  /** Completes when its output holds this; fails with the output where it ends before. */
  async untilSaid(text: string, withinMs: number): Promise<void> {
    await untilHolds(
      () => this.#stdout + this.#stderr,
      (said) => {
        if (said.includes(text)) return true;
        if (this.#isThere()) return false;
        throw new Error(`it ended and said ${said}`);
      },
      withinMs,
    );
  }

  /** As kill(1) does: to it alone. */
  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  /** As a terminal does on Ctrl+C: to all that run in its foreground. */
  interrupt(): void {
    process.kill(-this.#pid, 'SIGINT');
  }

  /** After a test that failed; all else dies with it. */
  kill(): void {
    if (this.#isThere()) process.kill(-this.#pid, 'SIGKILL');
  }

  get #pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the script could not be started');
    return pid;
  }

  #isThere(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
}
