import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { assert } from '../../../src/base/assert.ts';

/** It ends with its input, at once. */
const LEAVE_LIMIT_MS = 5_000;

/** The virtual card program, told what to do. Whatever it complains about fails the test at the end. */
export class VirtualCitizen {
  readonly #child: ChildProcess;
  readonly #replies: AsyncIterator<string>;
  readonly #lines: Interface;
  readonly #closed: Promise<void>;
  #complaints = '';

  constructor(command: readonly [string, ...string[]]) {
    const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout });
    this.#replies = this.#lines[Symbol.asyncIterator]();
    this.#closed = new Promise((resolve) => child.once('close', () => resolve()));
    child.stderr.on('data', (chunk: Buffer) => (this.#complaints += chunk.toString('utf8')));
  }

  /** Sends one line as it is; completes with the reply. */
  async say(line: unknown): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify(line)}\n`);
    const reply = await this.#replies.next();
    assert(reply.done !== true, `the virtual card ended: ${this.#complaints}`);
    return JSON.parse(reply.value) as unknown;
  }

  async tap(card: unknown, fault: string | null = null): Promise<void> {
    assert(isDone(await this.say({ type: 'tap', card, fault })), 'tapped');
  }

  async untap(): Promise<void> {
    assert(isDone(await this.say({ type: 'untap' })), 'untapped');
  }

  /** Ends the program, however often it is asked; completes with what it complained about. */
  async leave(): Promise<string> {
    this.#child.stdin?.end();
    const limit = setTimeout(() => {
      this.#complaints += `did not leave within ${LEAVE_LIMIT_MS} ms`;
      this.#child.kill('SIGKILL');
    }, LEAVE_LIMIT_MS);
    await this.#closed;
    clearTimeout(limit);
    return this.#complaints;
  }
}

const isDone = (reply: unknown): boolean => JSON.stringify(reply) === '{"type":"done"}';
