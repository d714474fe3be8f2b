import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { assert } from '../../../src/base/assert.ts';
import { attachJsonLines } from '../../../src/base/json-lines.ts';
import { fromHostSchema, type FromHost } from '../../../drivers/contract/wire.ts';
import { Queue } from './control-channel.ts';

export const TEST_HOST = fileURLToPath(new URL('./test-host.ts', import.meta.url));

/** Core gives a host 3 s to end; on a machine that tests keep busy it is three times as long. */
const STOP_LIMIT_MS = 9_000;

/** How a host ends by itself that has let go of its devices. */
export const FINISHED = 'SIGKILL';
/** How one ends that did not within the limit. */
const OVERDUE = 'SIGTERM';

/** A real host process, spoken to frame by frame as core does. */
export class HostUnderTest {
  readonly frames = new Queue<FromHost>();
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals | null>;
  stderr = '';
  readonly #child: ChildProcess;
  readonly #stream: Duplex;
  readonly #write: (frame: unknown) => void;

  /** `env`: further environment of the host. */
  constructor(entry: string = TEST_HOST, env: NodeJS.ProcessEnv = {}) {
    const child: ChildProcess = spawn(process.execPath, [entry], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    const stream = child.stdio[3] as Duplex | null | undefined;
    assert(stream != null && child.stderr !== null, 'spawned with pipes');
    this.#child = child;
    this.#stream = stream;
    this.#write = attachJsonLines(stream, {
      onFrame: (frame) => this.frames.push(fromHostSchema.parse(frame)),
      onClose: () => undefined,
    });
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString('utf8')));
    this.exited = new Promise((resolve) =>
      child.once('close', (code, signal) => resolve(code ?? signal)),
    );
  }

  send(frame: unknown): void {
    this.#write(frame);
  }

  sendBytes(bytes: string): void {
    this.#stream.write(bytes);
  }

  /** Closes core's end, as its death would. A host that does not end is ended, as core does. */
  closeDescriptor(): void {
    this.#stream.end();
    const limit = setTimeout(() => this.#child.kill(OVERDUE), STOP_LIMIT_MS);
    void this.exited.then(() => clearTimeout(limit));
  }

  command(requestId: string, device: string, command: string, params: unknown): void {
    this.send({ type: 'command', requestId, device, command, params, sessionId: null });
  }
}
