import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { familyOf, running, type RunningProcess } from './running.ts';

export interface LimitedOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly write: (chunk: Uint8Array) => unknown;
  /** As nice(1) has it; 0 is what programs have that are given none. */
  readonly priority?: number;
  readonly limitMs?: number;
  readonly outputLimitMs?: number;
}

/** Three times what the longest suite takes. */
const LIMIT_MS = 25 * 60_000;
/** For what a program has printed to arrive once it has ended. */
const OUTPUT_LIMIT_MS = 10_000;

/**
 * Runs a program and gives its exit code; 1 where a signal ended it, where it did not end in time and was
 * ended with all that it had started, and where something that it started outlives it and holds its output.
 * The last two are told, with the processes concerned, so that a run always comes to its last line.
 */
export function runLimited(
  command: string,
  args: readonly string[],
  {
    cwd,
    env,
    write,
    priority = 0,
    limitMs = LIMIT_MS,
    outputLimitMs = OUTPUT_LIMIT_MS,
  }: LimitedOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    if (priority !== 0 && child.pid !== undefined) setPriority(child.pid, priority);
    const tell = (text: string, concerned: readonly RunningProcess[]): void => {
      const lines = concerned.map((one) => `  ${one.pid} (of ${one.parent}) ${one.command}\n`);
      write(Buffer.from(`${text}\n${lines.join('')}`));
    };
    const limit = setTimeout(() => {
      const family = familyOf(running(), child.pid ?? 0);
      tell(
        `FAIL did not end in ${limitMs / 60_000} min, and was ended with what it had started:`,
        family,
      );
      for (const { pid } of family) kill(pid);
    }, limitMs);
    let late: NodeJS.Timeout | undefined;
    child.stdout.on('data', write);
    child.stderr.on('data', write);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(limit);
      late = setTimeout(() => {
        const orphans = running().filter((one) => one.parent === 1 && one.pid > (child.pid ?? 0));
        tell('FAIL left something behind that holds its output, perhaps one of these:', orphans);
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(1);
      }, outputLimitMs);
    });
    child.once('close', (code) => {
      clearTimeout(late);
      resolve(code ?? 1);
    });
  });
}

/** One that has ended meanwhile needs nothing more. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}
