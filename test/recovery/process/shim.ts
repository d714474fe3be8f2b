import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Kinds of call that the shim counts, over all threads of core, and for `chip` in its child; see `shim.c`. */
export const callClasses = ['sync', 'write', 'send', 'device', 'chip'] as const;
export type CallClass = (typeof callClasses)[number];

const modes = ['off', 'killBefore', 'killAfter', 'failOnce', 'failOn'] as const;
const errors = { EIO: 5, ENOSPC: 28 } as const;

/** What befalls the k-th call of a class, counted from 1 since it was armed. */
export type Blow =
  | { readonly kind: 'killBefore' | 'killAfter' }
  /** `failOnce`: this call alone; `failOn`: this one and all that follow, until core is started anew. */
  | { readonly kind: 'failOnce' | 'failOn'; readonly error: keyof typeof errors };

const SIZE = 24 + 8 * callClasses.length;
const MODE_AT = 4;

/** Builds the shim with gcc where this version of it was not built yet. */
export function buildShim(): string {
  const sources = ['shim.c', 'shim-calls.h'].map((name) => path.join(import.meta.dirname, name));
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(source));
  const folder = path.join(os.tmpdir(), `anj-shim-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const library = path.join(folder, `${hash.digest('hex').slice(0, 16)}.so`);
  if (existsSync(library)) return library;
  const fresh = `${library}.${process.pid}`;
  const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC'];
  execFileSync('gcc', [...flags, '-o', fresh, sources[0] ?? '', '-ldl', '-lpthread']);
  renameSync(fresh, library);
  return library;
}

/** One shared page by which the harness arms the shim in a running core and reads its counts. */
export class ShimControl {
  readonly path: string;
  readonly #file: number;

  /** Makes the page, or takes the one that is there: a truncated one would kill who has it mapped. */
  constructor(file: string) {
    this.path = file;
    if (!existsSync(file)) writeFileSync(file, Buffer.alloc(SIZE));
    this.#file = openSync(file, 'r+');
  }

  /** The environment under which core carries the shim; files below `root` count. */
  environment(root: string, traceFile: string | null = null): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: buildShim(),
      ANJ_CONTROL: this.path,
      ANJ_ROOT: root,
      ...(traceFile === null ? {} : { ANJ_TRACE: traceFile }),
    };
  }

  /** Counts from nought again and strikes at the k-th call; without a blow it only counts. */
  arm(callClass: CallClass = 'sync', k = 0, blow: Blow | null = null): void {
    const page = Buffer.alloc(SIZE);
    page.writeUInt32LE(callClasses.indexOf(callClass), 0);
    page.writeBigUInt64LE(BigInt(k), 8);
    if (blow !== null && 'error' in blow) page.writeUInt32LE(errors[blow.error], 16);
    writeSync(this.#file, page, 0, SIZE, 0);
    // Last, so that nothing strikes before all the rest is in place.
    const mode = Buffer.alloc(4);
    mode.writeUInt32LE(modes.indexOf(blow?.kind ?? 'off'), 0);
    writeSync(this.#file, mode, 0, 4, MODE_AT);
  }

  disarm(): void {
    writeSync(this.#file, Buffer.alloc(4), 0, 4, MODE_AT);
  }

  /** Whether the blow fell. */
  get fired(): boolean {
    return this.#read().readUInt32LE(20) === 1;
  }

  /** Calls of each class since it was armed. */
  get counts(): Readonly<Record<CallClass, number>> {
    const page = this.#read();
    const count = (index: number): number => Number(page.readBigUInt64LE(24 + 8 * index));
    return { sync: count(0), write: count(1), send: count(2), device: count(3), chip: count(4) };
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(): Buffer {
    const page = Buffer.alloc(SIZE);
    readSync(this.#file, page, 0, SIZE, 0);
    return page;
  }
}
