import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type * as z from 'zod';
import { LabProcess } from '../lab/lab-process.ts';

export const root = path.resolve(import.meta.dirname, '../..');

/** The file to start for one of our programs, which is named by its source: bundled, where that is up to date. */
export const programFile = (entry: string): string =>
  execFileSync(
    'bash',
    [
      '-c',
      '. "$0" && program_file "$1" && printf %s "$file"',
      path.join(root, 'scripts/programs/file.sh'),
      entry,
    ],
    { encoding: 'utf8' },
  );

/** One of our own programs, running; `endpoints` is what it wrote when it was ready. */
export interface Program<E> {
  readonly endpoints: E;
  readonly process: LabProcess;
}

/** Starts a program and waits for the endpoints file that it writes once it can be used. */
export async function startProgram<S extends z.ZodType>(start: {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly endpointsFile: string;
  readonly endpoints: S;
  readonly env?: NodeJS.ProcessEnv;
  /** Keeps all that the program says, beyond the end of it that `process.output` holds. */
  readonly outputFile?: string;
}): Promise<Program<z.infer<S>>> {
  rmSync(start.endpointsFile, { force: true });
  const child = new LabProcess([process.execPath, start.file, ...start.args], {
    cwd: root,
    env: start.env ?? process.env,
    ...(start.outputFile === undefined ? {} : { outputFile: start.outputFile }),
  });
  const written = (): unknown => {
    if (!existsSync(start.endpointsFile)) return null;
    const text = readFileSync(start.endpointsFile, 'utf8');
    // The file is written in one go, but a reader may come between its creation and its bytes.
    return text.trim() === '' ? null : JSON.parse(text);
  };
  await child.untilReady(start.name, () => written() !== null, 60_000);
  return { endpoints: start.endpoints.parse(written()), process: child };
}
