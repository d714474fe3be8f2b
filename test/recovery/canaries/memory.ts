import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Place } from './places.ts';

/** Data; the hundreds of megabytes set aside for compiled code are executable. */
const REGION = /^([0-9a-f]+)-([0-9a-f]+) rw-/;
const PAGE = 4096;
/** Of pagemap: eight bytes a page, of which the highest bit says that it is in memory. */
const ENTRY = 8;
const PRESENT = 0x80;

/** What is in the writable memory of a process, freed pages among it; nothing where it has ended. */
export function memoryOf(pid: number): Place[] {
  const files: number[] = [];
  try {
    const open = (name: string): number => {
      const file = openSync(`/proc/${pid}/${name}`, 'r');
      files.push(file);
      return file;
    };
    const memory = open('mem');
    const pagemap = open('pagemap');
    return readFileSync(`/proc/${pid}/maps`, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, from, to] = REGION.exec(line) ?? [];
        if (from === undefined || to === undefined) return [];
        return runsOf(pagemap, parseInt(from, 16), parseInt(to, 16));
      })
      .map(({ start, size }) => ({
        name: `the memory of ${pid}`,
        bytes: read(memory, start, size),
      }));
  } catch (cause) {
    if (hasEnded(cause)) return [];
    throw cause;
  } finally {
    files.forEach(closeSync);
  }
}

/** Stretches of a region that are in memory. */
function runsOf(pagemap: number, from: number, to: number): { start: number; size: number }[] {
  const entries = read(pagemap, (from / PAGE) * ENTRY, ((to - from) / PAGE) * ENTRY);
  const runs: { start: number; size: number }[] = [];
  for (let page = 0; page * ENTRY < entries.length; page += 1) {
    if (((entries[page * ENTRY + ENTRY - 1] ?? 0) & PRESENT) === 0) continue;
    const start = from + page * PAGE;
    const last = runs.at(-1);
    if (last !== undefined && last.start + last.size === start) last.size += PAGE;
    else runs.push({ start, size: PAGE });
  }
  return runs;
}

/** Nothing where it was given back meanwhile. */
function read(file: number, start: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, size, start));
  } catch (cause) {
    if (hasEnded(cause)) return Buffer.alloc(0);
    throw cause;
  }
}

const GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ESRCH', 'EIO', 'EACCES']);
/** Not by its class: errors of the file system come from outside the test's realm. */
const hasEnded = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'code' in cause && GONE.has(cause.code);
