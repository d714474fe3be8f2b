import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { familyOf, holdersOf, openedAs, running, type RunningProcess } from './running.ts';

export interface LimitedOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly write: (chunk: Uint8Array) => unknown;
  /** As nice(1) has it; 0 is what programs have that are given none. */
  readonly priority?: number;
  /** Absent before; the program writes it once its work is done. */
  readonly reportFile?: string | undefined;
  readonly limits?: Limits;
}

interface Limits {
  readonly workMs: number;
  /** From the report to the end. */
  readonly endMs: number;
  /** From the end until all that was printed has arrived. */
  readonly outputMs: number;
}

/** More than twice what the longest suite takes on a slow day, and long for the rest. */
const LIMITS: Limits = { workMs: 25 * 60_000, endMs: 60_000, outputMs: 10_000 };
const LOOK_MS = 1_000;

/**
 * Runs a program and gives its exit code. It gives 1 where a signal ended it, and, with a line that says so
 * and names the processes concerned: where it could not be started; where it did not end in time, after its
 * work or at all, and was ended with what had it for a parent; where something that it started outlives it
 * and holds its output. So a run always comes to its last line, and what is left open does not go unseen.
 */
export function runLimited(
  command: string,
  args: readonly string[],
  { cwd, env, write, priority = 0, reportFile, limits = LIMITS }: LimitedOptions,
): Promise<number> {
  const [program, ...rest]: readonly [string, ...string[]] =
    priority === 0 ? [command, ...args] : ['nice', '-n', String(priority), command, ...args];
  const child = spawn(program, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  const output = new Set(pid === undefined ? [] : [openedAs(pid, 1), openedAs(pid, 2)]);
  const tell = (text: string, concerned: readonly RunningProcess[]): void => {
    const lines = concerned.map((one) => `  ${one.pid} (of ${one.parent}) ${one.command}\n`);
    write(Buffer.from(`FAIL ${command} ${text}\n${lines.join('')}`));
  };
  const end = (why: string): void => {
    const family = pid === undefined ? [] : familyOf(running(), pid);
    tell(`${why}, and was ended with these:`, family);
    for (const one of family) kill(one.pid);
  };
  return new Promise((resolve) => {
    let limit = setTimeout(() => end('did not come to an end of its work'), limits.workMs);
    const looking = setInterval(() => {
      if (reportFile === undefined || !existsSync(reportFile)) return;
      stopWaiting();
      limit = setTimeout(() => end('had done its work and did not end'), limits.endMs);
    }, LOOK_MS);
    const stopWaiting = (): void => {
      clearInterval(looking);
      clearTimeout(limit);
    };
    child.stdout.on('data', write);
    child.stderr.on('data', write);
    child.once('error', (cause) => {
      stopWaiting();
      tell(`could not be started: ${cause.message}`, []);
      resolve(1);
    });
    child.once('exit', () => {
      stopWaiting();
      limit = setTimeout(() => {
        tell('left something behind that holds its output:', holdersOf(output));
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(1);
      }, limits.outputMs);
    });
    child.once('close', (code) => {
      clearTimeout(limit);
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
