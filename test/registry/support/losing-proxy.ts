import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/**
 * A TCP proxy that can lose one answer: armed, it lets the request through and, at the first byte the
 * server sends back, cuts both sides. By then the server has committed. It sees only ciphertext, so only
 * connections that were up before arming count: on a new one the first bytes back are the handshake's.
 */
export class LosingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #victims = new Set<Socket>();
  #lost = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(targetUrl: string): Promise<LosingProxy> {
    const port = Number(new URL(targetUrl).port);
    const server = createServer((client) => {
      const upstream = connect({ host: '127.0.0.1', port });
      proxy.#join(client, upstream);
    });
    const proxy = new LosingProxy(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('proxy is not listening');
    return `https://localhost:${address.port}`;
  }

  get lostAnswers(): number {
    return this.#lost;
  }

  loseNextAnswer(): void {
    for (const socket of this.#sockets) this.#victims.add(socket);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, upstream: Socket): void {
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      if (this.#victims.has(upstream)) {
        this.#victims.clear();
        this.#lost += 1;
        client.destroy();
        upstream.destroy();
        return;
      }
      client.write(chunk);
    });
  }
}
