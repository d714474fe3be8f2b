import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { programFile, root } from '../../../scripts/stack/program.ts';

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with that on standard input. */
async function run(command: string, args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(command, args, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that ends before it has read all of it is no fault here.
  child.stdin.on('error', () => undefined).end(input);
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

/** The same as a person who signs in with that password. */
export const anjunganAs = (
  person: { readonly name: string; readonly password: string },
  ...args: readonly string[]
): Promise<Ran> =>
  run(
    path.join(root, 'scripts/anjungan'),
    [...args, '--name', person.name, '--password-stdin'],
    person.password,
  );

/** Core itself, until it ends; for starts that it refuses. */
export const core = (dataFolder: string): Promise<Ran> =>
  run(process.execPath, [programFile('src/core/main.ts'), '--data', dataFolder]);
