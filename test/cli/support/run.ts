import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const root = path.resolve(import.meta.dirname, '../../..');

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with standard input closed. */
async function run(command: string, args: readonly string[]): Promise<Ran> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

/** The real `anjungan` command. */
export const anjungan = (...args: readonly string[]): Promise<Ran> =>
  run(path.join(root, 'scripts/anjungan'), args);

/** Core itself, until it ends; for starts that it refuses. */
export const core = (dataFolder: string): Promise<Ran> =>
  run(process.execPath, [path.join(root, 'src/core/main.ts'), '--data', dataFolder]);
