import { chmodSync, rmSync } from 'node:fs';
import net from 'node:net';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import { citizenToCoreSchema, type CitizenToCore } from '../../src/rpc/citizen.ts';
import type { SessionView } from '../../src/rpc/citizen-view.ts';

/**
 * Plays core at the citizen's socket. Strict: a frame that does not parse is kept as a violation, which
 * every test expects to be none. A new view goes to everybody who is connected, as core's does.
 */
export class CoreStub {
  readonly socketPath: string;
  readonly frames: CitizenToCore[] = [];
  readonly violations: unknown[] = [];
  readonly #clients = new Map<net.Socket, (frame: unknown) => void>();
  readonly #waiting = new Set<() => void>();
  #server: net.Server | null = null;
  #view: SessionView;
  connections = 0;

  constructor(socketPath: string, view: SessionView) {
    this.socketPath = socketPath;
    this.#view = view;
  }

  get view(): SessionView {
    return this.#view;
  }

  /** Completes when clients can connect. */
  async start(): Promise<void> {
    rmSync(this.socketPath, { force: true });
    const server = net.createServer((socket) => {
      this.connections += 1;
      const write = attachJsonLines(socket, {
        onFrame: (raw) => {
          const frame = citizenToCoreSchema.safeParse(raw);
          if (frame.success) this.frames.push(frame.data);
          else this.violations.push(raw);
          this.#wake();
        },
        onClose: () => {
          this.#clients.delete(socket);
          this.#wake();
        },
      });
      this.#clients.set(socket, write);
      write({ type: 'view', view: this.#view });
      this.#wake();
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.socketPath, resolve);
    });
    chmodSync(this.socketPath, 0o600);
  }

  /** Core goes away, connections and all. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#clients.keys()) socket.destroy();
    await closed;
  }

  show(view: SessionView): void {
    this.#view = view;
    this.sendRaw({ type: 'view', view });
  }

  /** Something that core would never send. */
  sendRaw(frame: unknown): void {
    for (const write of this.#clients.values()) write(frame);
  }

  /** Completes with the first frame, those already heard from `from` on included, that `matches`. */
  async frame(
    matches: (frame: CitizenToCore) => boolean,
    { from = 0, withinMs = 30_000 } = {},
  ): Promise<CitizenToCore> {
    const find = (): CitizenToCore | undefined => this.frames.slice(from).find(matches);
    await this.until(() => find() !== undefined, withinMs);
    const found = find();
    if (found === undefined) throw new Error('the frame went away');
    return found;
  }

  /** Completes when the page has painted the present view, in this connection or an earlier one. */
  shown(from = 0, withinMs = 60_000): Promise<CitizenToCore> {
    const { viewId } = this.#view;
    return this.frame((frame) => frame.type === 'shown' && frame.viewId === viewId, {
      from,
      withinMs,
    });
  }

  /** Completes when `holds`, which is asked at every frame and connection. */
  until(holds: () => boolean, withinMs: number): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(
          new Error(
            `not within ${withinMs} ms; the last frames were ${JSON.stringify(this.frames.slice(-5))}`,
          ),
        );
      }, withinMs);
      this.#waiting.add(look);
    });
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}
