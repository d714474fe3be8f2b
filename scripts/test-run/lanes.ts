import { availableParallelism } from 'node:os';
import { runLimited } from './limited.ts';

/** Runs one program of a suite and gives its exit code; one that was ended gives 1 (`limited.ts`). */
export type Run = (command: string, args: readonly string[]) => Promise<number>;

/** What a suite says of itself, beside what its programs print. */
export type Say = (text: string) => void;

export interface Lane {
  readonly run: Run;
  readonly say: Say;
}

export interface Job {
  readonly name: string;
  readonly work: (lane: Lane) => Promise<void>;
}

/**
 * Works through the jobs in their order, two at a time: many suites wait for daemons and browsers
 * more than they compute, and more than two make time limits tell of load instead of faults. Each
 * job's output is printed whole when it ends, so that two never mix; a job alone prints as it goes.
 * Completes when all have ended.
 */
export async function inLanes(
  jobs: readonly Job[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const waiting = [...jobs];
  const lanes = Math.min(2, availableParallelism(), jobs.length);
  const lane = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      if (lanes === 1) {
        process.stdout.write(`\n=== ${job.name}\n`);
        await job.work(laneTo((chunk) => process.stdout.write(chunk), cwd, env));
        continue;
      }
      process.stdout.write(`... ${job.name}\n`);
      const kept: Uint8Array[] = [];
      await job.work(laneTo((chunk) => kept.push(chunk), cwd, env));
      process.stdout.write(`\n=== ${job.name}\n`);
      process.stdout.write(Buffer.concat(kept));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function laneTo(write: (chunk: Uint8Array) => void, cwd: string, env: NodeJS.ProcessEnv): Lane {
  return {
    say: (text) => {
      write(Buffer.from(text));
    },
    run: (command, args) => runLimited(command, args, { cwd, env, write }),
  };
}
