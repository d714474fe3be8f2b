import { readdirSync, readFileSync } from 'node:fs';

/** A file below /proc, or nothing where the process has just gone. */
function procText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}

/** The query processes that `parent` runs now, by their process ids. */
export function queryProcessesOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => procText(`/proc/${pid}/cmdline`).includes('query-entry.'))
    .filter((pid) => procText(`/proc/${pid}/status`).includes(`\nPPid:\t${parent}\n`))
    .map(Number);
}

/** The only query process of `parent`. */
export function queryProcessOf(parent: number): number {
  const [pid, ...others] = queryProcessesOf(parent);
  if (pid === undefined || others.length > 0) throw new Error('not one query process');
  return pid;
}

/** The record locks that this process holds on a file (proc_locks(5)), in order. */
export function locksOn(inode: number): string[] {
  const own = new RegExp(`^\\d+: POSIX .* ${process.pid} \\S+:${inode} `);
  return procText('/proc/locks')
    .split('\n')
    .filter((line) => own.test(line))
    .map((line) => line.replace(/^\d+: /, ''))
    .sort();
}
