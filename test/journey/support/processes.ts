import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { programFile, root } from '../../../scripts/stack/program.ts';

/** Reads a file of /proc; empty where the process is gone meanwhile. */
function ofProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw cause;
  }
}

const parentOf = (pid: number): number =>
  Number(/^PPid:\s+(\d+)$/m.exec(ofProcess(pid, 'status'))?.[1]);

/** The device hosts that a core runs now. */
export function deviceHosts(corePid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) =>
        parentOf(pid) === corePid && ofProcess(pid, 'cmdline').includes('drivers/host/main.'),
    );
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with `input` on its standard input. */
export async function run(command: string, args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(command, args, { cwd: root });
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

/** Runs core until it ends by itself, as one that refuses to start does. */
export const runCore = (dataDir: string): Promise<Ran> =>
  run(process.execPath, [programFile('src/core/main.ts'), '--data', dataDir]);

const cli = path.join(root, 'scripts/anjungan');

/** The `anjungan` command of a person who signs in: the password goes to standard input. */
export const anjunganOf = (
  dataDir: string,
  { name, password }: { readonly name: string; readonly password: string },
  ...args: string[]
): Promise<Ran> => {
  const login = ['--name', name, '--password-stdin'];
  return run(cli, ['--data', dataDir, '--json', ...args, ...login], `${password}\n`);
};

/** The `anjungan` command. */
export const anjungan = (dataDir: string, ...args: string[]): Promise<Ran> =>
  run(cli, ['--data', dataDir, ...args]);

/** The same, with a line that no list of processes is to show. */
export const anjunganTold = (dataDir: string, line: string, ...args: string[]): Promise<Ran> =>
  run(cli, ['--data', dataDir, ...args], `${line}\n`);
