import { runLimited } from './limited.ts';

/** Runs one program of a suite as `runLimited` does, and gives its exit code. */
export type Run = (
  command: string,
  args: readonly string[],
  /** What the program writes once its work is done. */
  reportFile?: string,
) => Promise<number>;

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

/** Jobs that are worked through in the order in which they stand. */
export interface Queue {
  readonly jobs: readonly Job[];
  readonly sideBySide: number;
  /** As nice(1) has it. */
  readonly priority: number;
}

/**
 * Works through all queues at once. Each job's output is printed whole when it ends, so that two never mix;
 * a job alone prints as it goes. Completes when all have ended.
 */
export async function inLanes(
  queues: readonly Queue[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const isAlone = queues.reduce((count, { jobs }) => count + jobs.length, 0) === 1;
  const lane = async (waiting: Job[], priority: number): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const kept: Uint8Array[] = [];
      const title = `\n=== ${job.name}\n`;
      process.stdout.write(isAlone ? title : `... ${job.name}\n`);
      const write = (chunk: Uint8Array): unknown =>
        isAlone ? process.stdout.write(chunk) : kept.push(chunk);
      await job.work(laneTo(write, { cwd, env, priority }));
      if (!isAlone) process.stdout.write(title);
      process.stdout.write(Buffer.concat(kept));
    }
  };
  await Promise.all(
    queues.flatMap(({ jobs, sideBySide, priority }) => {
      const waiting = [...jobs];
      return Array.from({ length: sideBySide }, () => lane(waiting, priority));
    }),
  );
}

function laneTo(
  write: (chunk: Uint8Array) => unknown,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly priority: number },
): Lane {
  return {
    say: (text) => void write(Buffer.from(text)),
    run: (command, args, reportFile) =>
      runLimited(command, args, { ...options, write, reportFile }),
  };
}
