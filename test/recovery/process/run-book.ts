import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const count = z.number().int().nonnegative();
const entrySchema = z.discriminatedUnion('of', [
  z.strictObject({
    of: z.literal('point'),
    /** The task, as JSON. */
    key: z.string(),
    seconds: count,
    struck: z.boolean(),
    uncertain: count,
    violations: count,
  }),
  z.strictObject({
    of: z.literal('part'),
    key: z.string(),
    seconds: count,
    tried: count,
    violations: count,
  }),
]);
export type Entry = z.infer<typeof entrySchema>;
type Done = Entry extends infer E ? (E extends Entry ? Omit<E, 'seconds'> : never) : never;

/**
 * What a whole run has tried so far, a line each, so that one that was broken off can be gone on with on the
 * same commit. `seconds` are those of all its sittings.
 */
export class RunBook {
  readonly done: readonly Entry[];
  readonly #file: string;
  readonly #startedMs = performance.now();
  readonly #before: number;

  private constructor(file: string, done: readonly Entry[]) {
    this.#file = file;
    this.done = done;
    this.#before = Math.max(0, ...done.map(({ seconds }) => seconds));
  }

  /** An empty book in this folder, in the place of the one that is there. */
  static begin(folder: string, commit: string | null): RunBook {
    const file = path.join(folder, NAME);
    mkdirSync(folder, { recursive: true });
    rmSync(file, { force: true });
    appendFileSync(file, `${JSON.stringify({ commit })}\n`);
    return new RunBook(file, []);
  }

  /** Throws where there is none, or the files have changed since: what was tried was another program. */
  static goOn(folder: string, commit: string | null): RunBook {
    const file = path.join(folder, NAME);
    if (!existsSync(file)) throw new Error(`no run was begun: there is no ${file}`);
    const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    const begun = z.strictObject({ commit: z.string().nullable() }).parse(JSON.parse(head)).commit;
    if (begun === null || begun !== commit) {
      throw new Error(`the run was begun on ${begun ?? 'changed files'}: only that commit goes on`);
    }
    return new RunBook(
      file,
      lines.map((line) => entrySchema.parse(JSON.parse(line))),
    );
  }

  seconds(): number {
    return this.#before + Math.round((performance.now() - this.#startedMs) / 1000);
  }

  note(entry: Done): void {
    appendFileSync(this.#file, `${JSON.stringify({ ...entry, seconds: this.seconds() })}\n`);
  }
}

const NAME = 'full.jsonl';
const root = path.resolve(import.meta.dirname, '../../..');

/** What is checked out; null where files differ from it. */
export function commitOfFiles(): string | null {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
  return git('status', '--porcelain') === '' ? git('rev-parse', 'HEAD') : null;
}
