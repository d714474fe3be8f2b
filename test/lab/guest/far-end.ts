import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/** A device's own end, a program of its own: obeys one word a line and answers each with a line of JSON. */
export class FarEnd {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess, lines: Interface) {
    this.#child = child;
    this.#lines = lines;
  }

  /** Completes when it has opened its device; rejects where it ends before. */
  static async start(program: string, device: string): Promise<FarEnd> {
    const file = path.join(import.meta.dirname, `${program}.mjs`);
    const child = spawn(process.execPath, [file, device], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${program} ended before it had opened ${device}`);
    });
    await Promise.race([once(lines, 'line'), ended]);
    // From now on its end is what a test asks for.
    ended.catch(() => undefined);
    return new FarEnd(child, lines);
  }

  async order(word: string): Promise<unknown> {
    const answered = once(this.#lines, 'line');
    this.#child.stdin?.write(`${word}\n`);
    const [line] = (await answered) as [string];
    return JSON.parse(line);
  }

  async end(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
