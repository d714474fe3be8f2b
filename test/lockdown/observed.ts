import net from 'node:net';
import path from 'node:path';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import { startShell, type ElectronFound, type RunningShell } from '../../scripts/run-shell.ts';
import type { KioskDisplay } from './display.ts';
import {
  fromInsideSchema,
  stateSchema,
  type ElectronState,
  type Notice,
  type Order,
} from './inside/protocol.ts';

const ORDER_MS = 30_000;
const WAIT_MS = 30_000;

export interface ObservedOptions {
  readonly electron: ElectronFound;
  readonly built: string;
  readonly underTest: 'shell' | 'control';
  readonly display: KioskDisplay;
  readonly citizenSocket: string;
  readonly controlPage?: string;
}

/** An Electron that runs the shell, or the control, and tells what happens inside it. */
export class Observed {
  readonly shell: RunningShell;
  readonly display: KioskDisplay;
  readonly notices: Notice[] = [];
  readonly #socket: net.Socket;
  readonly #send: (frame: unknown) => void;
  readonly #answers = new Map<number, (frame: unknown) => void>();
  readonly #waiting = new Set<() => void>();
  #nextId = 1;

  private constructor(shell: RunningShell, display: KioskDisplay, socket: net.Socket) {
    this.shell = shell;
    this.display = display;
    this.#socket = socket;
    this.#send = attachJsonLines(socket, {
      onFrame: (raw) => {
        const frame = fromInsideSchema.parse(raw);
        if (frame.type !== 'notice') {
          this.#answers.get(frame.id)?.(frame);
          this.#answers.delete(frame.id);
          return;
        }
        this.notices.push(frame.notice);
        for (const look of [...this.#waiting]) look();
      },
      onClose: () => undefined,
    });
  }

  /** Completes when the first page has loaded. */
  static async start(options: ObservedOptions): Promise<Observed> {
    const { electron, built, underTest, display, citizenSocket, controlPage = '' } = options;
    const started = await startShell({
      electron,
      display: display.name,
      citizenSocket,
      built,
      app: 'observer',
      // One of the switches that the shell lets through; there is none to draw with.
      args: ['--disable-gpu'],
      env: { UNDER_TEST: underTest, CONTROL_PAGE: controlPage },
      readyWithinMs: 120_000,
    });
    if (!started.ok) throw new Error(`${underTest}: ${JSON.stringify(started.error)}`);
    const socket = net.connect(path.join(started.value.home, 'observer.sock'));
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const observed = new Observed(started.value, display, socket);
    await observed.notice(({ name }) => name === 'did-finish-load', 0, 120_000);
    return observed;
  }

  async state(): Promise<ElectronState> {
    return stateSchema.parse(await this.order({ kind: 'state' }));
  }

  /** Runs code in the page as a compromised page would; rejects with what it threw. */
  script(code: string, { gesture = false } = {}): Promise<unknown> {
    return this.order({ kind: 'script', code, gesture });
  }

  order(order: Order): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#answers.delete(id);
        reject(new Error(`no answer to ${JSON.stringify(order)}`));
      }, ORDER_MS);
      this.#answers.set(id, (raw) => {
        clearTimeout(timer);
        const frame = fromInsideSchema.parse(raw);
        if (frame.type === 'answer') resolve(frame.value);
        if (frame.type === 'failed') reject(new Error(frame.error));
      });
      this.#send({ id, order });
    });
  }

  /** Completes with the first notice, from number `from` on, that `matches`. */
  notice(matches: (notice: Notice) => boolean, from: number, withinMs = WAIT_MS): Promise<Notice> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const since = JSON.stringify(this.notices.slice(from));
        reject(new Error(`not within ${withinMs} ms; since then: ${since}`));
      }, withinMs);
      const look = (): void => {
        const found = this.notices.slice(from).find(matches);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Presses keys from outside and completes when Electron has seen them, in order, or the window manager has. */
  async press(...keys: readonly string[]): Promise<void> {
    const from = this.notices.length;
    await this.display.xdotool('key', '--delay', '5', ...keys, 'z');
    await this.notice(({ name, detail }) => name === 'key' && detail === 'z', from);
  }

  async stop(): Promise<number | null> {
    this.#socket.destroy();
    return this.shell.stop();
  }

  /** For a program that will not end when asked. */
  async kill(): Promise<void> {
    this.#socket.destroy();
    process.kill(this.shell.pid, 'SIGKILL');
    await this.shell.ended;
  }
}
