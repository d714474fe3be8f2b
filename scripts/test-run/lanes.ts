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

/**
 * Works through a queue of jobs, so many at a time, in the order in which they stand there. What is patient
 * runs beside them, for whatever time the processors have left. Each job's output is printed whole when it
 * ends, so that two never mix; a job alone prints as it goes. Completes when all have ended.
 */
export async function inLanes(
  jobs: { readonly queue: readonly Job[]; readonly patient: readonly Job[] },
  lanes: number,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const isAlone = jobs.queue.length + jobs.patient.length === 1;
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
  const queue = [...jobs.queue];
  await Promise.all([
    ...Array.from({ length: lanes }, () => lane(queue, 0)),
    lane([...jobs.patient], LOWEST_PRIORITY),
  ]);
}

/** Of nice(1). */
const LOWEST_PRIORITY = 19;

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
