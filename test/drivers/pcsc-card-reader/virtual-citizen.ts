import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { assert } from '../../../src/base/assert.ts';

/** The virtual card program, told what to do. Whatever it complains about fails the test at the end. */
export class VirtualCitizen {
  readonly #child: ChildProcess;
  readonly #replies: AsyncIterator<string>;
  readonly #lines: Interface;
  #complaints = '';

  constructor(command: readonly [string, ...string[]]) {
    const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout });
    this.#replies = this.#lines[Symbol.asyncIterator]();
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

  /** Ends the program; completes with what it complained about. */
  async leave(): Promise<string> {
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stdin?.end();
    await closed;
    return this.#complaints;
  }
}

const isDone = (reply: unknown): boolean => JSON.stringify(reply) === '{"type":"done"}';
