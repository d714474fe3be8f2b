import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { PkiPaths } from '../../../src/registry/reference/pki.ts';

/** Says anything: gets the socket once a whole request head has come. */
export type Lie = (socket: TLSSocket) => void;

/** A TLS peer with the right certificate and no manners. Counts the requests it was sent. */
export class LyingRegistry {
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();
  #lie: Lie = (socket) => socket.destroy();
  #requests = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(pki: PkiPaths): Promise<LyingRegistry> {
    const server = createServer({
      key: readFileSync(pki.serverKey),
      cert: readFileSync(pki.serverCert),
      ca: readFileSync(pki.rootCert),
      requestCert: true,
      minVersion: 'TLSv1.3',
    });
    const lying = new LyingRegistry(server);
    server.on('secureConnection', (socket) => lying.#meet(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return lying;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `https://localhost:${address.port}`;
  }

  get requests(): number {
    return this.#requests;
  }

  /** From now on every request is answered by `lie`. */
  tell(lie: Lie): void {
    this.#lie = lie;
    this.#requests = 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #meet(socket: TLSSocket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      head = '';
      this.#requests += 1;
      this.#lie(socket);
    });
  }
}

/** A whole HTTP answer. */
export const httpAnswer =
  (
    body: string | Buffer,
    change: { status?: string; headers?: Record<string, string> } = {},
  ): Lie =>
  (socket) => {
    const bytes = Buffer.from(body);
    const headers = {
      'content-type': 'application/json',
      'content-length': String(bytes.length),
      ...change.headers,
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(`HTTP/1.1 ${change.status ?? '200 OK'}\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.write(bytes);
  };
