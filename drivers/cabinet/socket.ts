import { createServer, type Server, type Socket } from 'node:net';
import { chmodSync, rmSync } from 'node:fs';
import * as z from 'zod';
import { attachJsonLines } from '../../src/base/json-lines.ts';

/** A simulated device as the socket sees it: strict in what it understands. */
export interface SocketDevice {
  readonly name: string;
  /** Answers a request, or what is wrong with it. Never gives an answer where the device stays silent. */
  readonly serve: (
    body: unknown,
  ) => { readonly understood: Promise<unknown> } | { readonly violation: string };
  readonly hostCame: () => void;
  readonly hostGone: () => void;
}

const helloSchema = z.strictObject({ type: z.literal('hello'), device: z.string() });
const requestSchema = z.strictObject({
  type: z.literal('request'),
  id: z.number().int().positive(),
  command: z.string(),
  params: z.unknown(),
});

export interface DeviceSocketOptions {
  readonly path: string;
  readonly devices: readonly SocketDevice[];
  readonly powered: () => boolean;
  readonly violation: (device: string, reason: string) => void;
}

/**
 * The cabinet's side of every simulated device's cable: a Unix socket, one connection a device. A
 * request that a device does not know ends the connection and is recorded, so that a test fails.
 */
export class DeviceSocket {
  readonly #options: DeviceSocketOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #open = new Map<string, (frame: unknown) => void>();

  constructor(options: DeviceSocketOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async start(): Promise<void> {
    const { path } = this.#options;
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
    chmodSync(path, 0o600);
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    this.dropAll();
    await closed;
  }

  /** Pulls every cable at once. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  connected(device: string): boolean {
    return this.#open.has(device);
  }

  /** Sends an event to the device's host, if one is there. */
  emit(device: string, event: unknown): void {
    this.#open.get(device)?.({ type: 'event', event });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    let device: SocketDevice | null = null;
    let lastId = 0;
    const fail = (reason: string): void => {
      this.#options.violation(device?.name ?? 'unnamed', reason);
      send({ type: 'refused', reason: 'protocolViolation' });
      socket.end();
    };
    const send = attachJsonLines(socket, {
      onFrame: (raw) => {
        if (socket.writableEnded) return;
        if (device === null) {
          device = this.#greet(raw, socket, send, fail);
          return;
        }
        const request = requestSchema.safeParse(raw);
        if (!request.success || request.data.id <= lastId) {
          fail('not a numbered request');
          return;
        }
        const { id, command, params } = request.data;
        lastId = id;
        const served = device.serve({ command, params });
        if ('violation' in served) {
          fail(served.violation);
          return;
        }
        void served.understood.then((answer) => {
          if (answer !== 'silent') send({ type: 'response', id, answer });
        });
      },
      onClose: () => {
        this.#sockets.delete(socket);
        socket.destroy();
        if (device === null) return;
        this.#open.delete(device.name);
        device.hostGone();
      },
    });
  }

  #greet(
    raw: unknown,
    socket: Socket,
    send: (frame: unknown) => void,
    fail: (reason: string) => void,
  ): SocketDevice | null {
    const refuse = (reason: string): null => {
      send({ type: 'refused', reason });
      socket.end();
      return null;
    };
    const hello = helloSchema.safeParse(raw);
    if (!hello.success) {
      fail('no hello');
      return null;
    }
    const device = this.#options.devices.find(({ name }) => name === hello.data.device);
    if (device === undefined) {
      fail('unknown device');
      return null;
    }
    if (!this.#options.powered()) return refuse('noPower');
    if (this.#open.has(device.name)) return refuse('inUse');
    this.#open.set(device.name, send);
    send({ type: 'welcome' });
    device.hostCame();
    return device;
  }
}
