import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Direction = 'request' | 'reply';
/** `reset`: RST to both sides. `halfClose`: nothing more this way, the other way stays. `stall`: the rest never comes. */
export type CutManner = 'reset' | 'halfClose' | 'stall' | 'trickle';

export interface Cut {
  readonly direction: Direction;
  /** Bytes of ciphertext that still go through. */
  readonly at: number;
  readonly manner: CutManner;
}

/** Pieces of one byte that a trickling line still lets through before it dries up. */
const TRICKLED = 5;

/**
 * A TCP proxy below TLS that counts what goes through it in each direction since it was last aimed, and
 * does to the line what it was told once the counted byte is reached. It strikes once.
 */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly counted: Record<Direction, number> = { request: 0, reply: 0 };
  #cut: Cut | null = null;
  /** How often a cut was made; set to zero by whoever counts. */
  strikes = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(targetUrl: string): Promise<CuttingProxy> {
    const port = Number(new URL(targetUrl).port);
    const server = createServer((client) => {
      const upstream = connect({ host: '127.0.0.1', port });
      proxy.#join(client, upstream, 'request');
      proxy.#join(upstream, client, 'reply');
    });
    const proxy = new CuttingProxy(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `https://localhost:${address.port}`;
  }

  /** Counts from zero; null lets everything through. */
  aim(cut: Cut | null): void {
    this.counted.request = 0;
    this.counted.reply = 0;
    this.#cut = cut;
  }

  /** Ends every line; completes when both sides have seen it. */
  async hangUp(): Promise<void> {
    const closed = [...this.#sockets].map((socket) => once(socket, 'close'));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
    // The pool on the other side reads the end one turn later.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(from: Socket, to: Socket, direction: Direction): void {
    this.#sockets.add(from);
    let dry = false;
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.on('end', () => to.end());
    from.on('data', (bytes: Buffer) => {
      if (dry) return;
      const before = this.counted[direction];
      this.counted[direction] += bytes.length;
      const cut = this.#cut;
      if (cut?.direction !== direction || this.counted[direction] <= cut.at) {
        to.write(bytes);
        return;
      }
      this.#cut = null;
      this.strikes += 1;
      dry = true;
      const through = bytes.subarray(0, Math.max(0, cut.at - before));
      if (through.length > 0) to.write(through);
      this.#strike(cut.manner, { from, to, rest: bytes.subarray(through.length) });
    });
  }

  #strike(
    manner: CutManner,
    { from, to, rest }: { readonly from: Socket; readonly to: Socket; readonly rest: Buffer },
  ): void {
    switch (manner) {
      case 'reset':
        // What was written first is let out before the line breaks.
        setImmediate(() => {
          from.resetAndDestroy();
          to.resetAndDestroy();
        });
        return;
      case 'halfClose':
        to.end();
        return;
      case 'stall':
        return;
      case 'trickle':
        for (const byte of rest.subarray(0, TRICKLED)) to.write(Buffer.of(byte));
    }
  }
}
