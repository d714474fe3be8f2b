import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const answer = z.strictObject({ id: z.number(), value: z.unknown() });

/** A device's own end, a program of its own that obeys orders (`obey.ts`), each answered when it was carried out. */
export class FarEnd {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #given = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Completes when it has opened its device; rejects where it ends before. */
  static async start(program: string, device: string): Promise<FarEnd> {
    const file = path.join(import.meta.dirname, `${program}.mjs`);
    const child = spawn(process.execPath, [file, device], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${program} ended before it had opened ${device}`);
    });
    await Promise.race([once(lines, 'line'), ended]);
    // From now on its end is what a test asks for.
    ended.catch(() => undefined);
    const farEnd = new FarEnd(child);
    lines.on('line', (line) => farEnd.#take(line));
    return farEnd;
  }

  order(word: string, ...args: readonly unknown[]): Promise<unknown> {
    this.#given += 1;
    const id = this.#given;
    this.#child.stdin?.write(`${JSON.stringify({ id, word, args })}\n`);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** Completes when it is gone, which it may be already. */
  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  #take(line: string): void {
    const { id, value } = answer.parse(JSON.parse(line));
    this.#waiting.get(id)?.(value);
    this.#waiting.delete(id);
  }
}
