import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { assert } from '../../../src/base/assert.ts';
import { attachJsonLines } from '../../../src/base/json-lines.ts';
import { fromHostSchema, type FromHost } from '../../../drivers/contract/wire.ts';
import { Queue } from './control-channel.ts';

export const TEST_HOST = fileURLToPath(new URL('./test-host.ts', import.meta.url));

/** A real host process, spoken to frame by frame as core does. */
export class HostUnderTest {
  readonly frames = new Queue<FromHost>();
  readonly exited: Promise<number | null>;
  stderr = '';
  readonly #stream: Duplex;
  readonly #write: (frame: unknown) => void;

  constructor(entry: string = TEST_HOST) {
    const child: ChildProcess = spawn(process.execPath, [entry], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    const stream = child.stdio[3] as Duplex | null | undefined;
    assert(stream != null && child.stderr !== null, 'spawned with pipes');
    this.#stream = stream;
    this.#write = attachJsonLines(stream, {
      onFrame: (frame) => this.frames.push(fromHostSchema.parse(frame)),
      onClose: () => undefined,
    });
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString('utf8')));
    this.exited = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  send(frame: unknown): void {
    this.#write(frame);
  }

  sendBytes(bytes: string): void {
    this.#stream.write(bytes);
  }

  /** Closes core's end, as its death would. */
  closeDescriptor(): void {
    this.#stream.end();
  }

  command(requestId: string, device: string, command: string, params: unknown): void {
    this.send({ type: 'command', requestId, device, command, params, sessionId: null });
  }
}
