import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Canary } from './canary.ts';

/** A named heap of bytes to be searched. */
export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

export function* filesBelow(folder: string): Generator<Place> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) yield { name: path.relative(folder, file), bytes: readFileSync(file) };
  }
}

/** Threads or open files of a process; none where it has ended by now. */
function numbersOf(pid: number, what: 'task' | 'fd'): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/${what}`);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return [];
    throw cause;
  }
}

/** Processes whose ancestor is this one, and itself. */
export function familyOf(pid: number): number[] {
  const children = numbersOf(pid, 'task').flatMap((task) =>
    (readOrNothing(`/proc/${pid}/task/${task}/children`).toString().match(/\d+/g) ?? []).map(
      Number,
    ),
  );
  return [pid, ...children.flatMap((child) => familyOf(child))];
}

export const commandOf = (pid: number): string =>
  readOrNothing(`/proc/${pid}/cmdline`).toString().replaceAll('\0', ' ').trim();

export const isZombie = (pid: number): boolean =>
  /^State:\s+Z/m.test(readOrNothing(`/proc/${pid}/status`).toString());

/** What the system tells of a process, and the files it holds open, deleted ones among them. */
export function* belongingsOf(pid: number): Generator<Place> {
  for (const name of ['environ', 'cmdline']) {
    yield { name: `${pid}/${name}`, bytes: readOrNothing(`/proc/${pid}/${name}`) };
  }
  for (const fd of numbersOf(pid, 'fd')) {
    const link = `/proc/${pid}/fd/${fd}`;
    if (existsSync(link) && statSync(link).isFile()) {
      yield { name: `${pid}/fd/${fd}`, bytes: readOrNothing(link) };
    }
  }
}

/** Names of what was found where, never the values. */
export function hits(canaries: readonly Canary[], places: Iterable<Place>): string[] {
  const found: string[] = [];
  for (const { name, bytes } of places) {
    for (const canary of canaries) {
      if (canary.isIn(bytes)) found.push(`${canary.name} in ${name}`);
    }
  }
  return found;
}

/** What ended in between is no place any more. */
function readOrNothing(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    // Not by its class: errors of the file system come from outside the test's realm.
    if (typeof cause === 'object' && cause !== null && 'code' in cause) return Buffer.alloc(0);
    throw cause;
  }
}
