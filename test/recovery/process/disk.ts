import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Traced } from './trace.ts';

/** Bytes of files by their path. */
export type Image = ReadonlyMap<string, Buffer>;

/** Gone with the power: sockets, and the index that SQLite rebuilds from the WAL. */
const isVolatile = (file: string): boolean => file.endsWith('-shm') || file.includes('/run/');

/** Every file below `folder` that a power cut would leave, by its path relative to `root`. */
export function readFolder(root: string, folder: string): Map<string, Buffer> {
  const files = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !isVolatile(file));
  return new Map(files.map((file) => [file, readFileSync(path.join(root, file))]));
}

/** Makes the databases in `folder` what the image says, in place of what is there. */
export function writeImage(root: string, folder: string, image: Image): void {
  for (const name of readdirSync(path.join(root, folder))) {
    if (/\.db(-wal|-shm|-journal)?$/.test(name)) rmSync(path.join(root, folder, name));
  }
  for (const [file, bytes] of image) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), bytes, { mode: 0o600 });
  }
}

/**
 * A disk as far as it may be trusted: what was flushed is there, and of the rest any part may be. A flush
 * of a file makes its own bytes and its existence durable, as ext4 and XFS do; names that were removed
 * or changed become durable with a flush of their folder.
 */
export class Disk {
  readonly #durable: Map<string, Buffer>;
  #pending: Traced[] = [];

  constructor(base: Image) {
    this.#durable = new Map(base);
  }

  /** What no flush has covered yet, oldest first. */
  get pending(): readonly Traced[] {
    return this.#pending;
  }

  apply(traced: Traced): void {
    if (traced.op === 'send' || traced.op === 'command') return;
    if (traced.op !== 'sync') {
      if (!isVolatile(traced.path)) this.#pending.push(traced);
      return;
    }
    const covered = (one: Traced): boolean =>
      one.op === 'unlink' || one.op === 'rename'
        ? path.dirname(one.path) === traced.path
        : one.path === traced.path;
    for (const one of this.#pending.filter(covered)) carryOut(this.#durable, one);
    this.#pending = this.#pending.filter((one) => !covered(one));
  }

  /** The files after a power cut that lets these pending writes through, in this order. */
  image(survived: readonly Traced[]): Image {
    const files = new Map(this.#durable);
    for (const one of survived) carryOut(files, one);
    return files;
  }
}

function carryOut(files: Map<string, Buffer>, { op, path: file, offset, data }: Traced): void {
  const before = files.get(file) ?? Buffer.alloc(0);
  switch (op) {
    case 'pwrite':
    case 'append': {
      const from = op === 'append' ? before.length : offset;
      const after = Buffer.alloc(Math.max(before.length, from + data.length));
      before.copy(after);
      data.copy(after, from);
      files.set(file, after);
      return;
    }
    case 'truncate': {
      const after = Buffer.alloc(offset);
      before.copy(after);
      files.set(file, after);
      return;
    }
    case 'unlink':
      files.delete(file);
      return;
    case 'rename':
      files.delete(file);
      files.set(data.toString('utf8'), before);
      return;
    case 'sync':
    case 'send':
    case 'command':
      throw new Error(`${op} changes no file`);
  }
}
