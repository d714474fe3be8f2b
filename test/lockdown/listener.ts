import dgram from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on this machine that no locked page may ever reach, over TCP or UDP. */
export interface Listener {
  readonly port: number;
  readonly url: string;
  /** Connections and datagrams so far. */
  readonly heard: () => number;
  /** Where the control's own page lives; not counted. */
  readonly controlPage: string;
  stop(): Promise<void>;
}

const PAGE = '<!doctype html><title>control</title><body><p>control</p>';
const WORKER = "self.addEventListener('fetch', () => undefined)";

export async function startListener(): Promise<Listener> {
  let heard = 0;
  const open = new Set<{ destroy(): void }>();
  const target = createServer((_request, response) => {
    // A connection that is kept would carry the next attack unheard.
    response.writeHead(200, { connection: 'close', 'cache-control': 'no-store' }).end('reached');
  });
  target.on('connection', (socket) => {
    heard += 1;
    open.add(socket);
  });
  const datagrams = dgram.createSocket('udp4');
  datagrams.on('message', () => (heard += 1));
  const home = createServer((request, response) => {
    const isWorker = request.url === '/worker.js';
    response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html');
    response.end(isWorker ? WORKER : PAGE);
  });
  home.on('connection', (socket) => open.add(socket));
  for (const server of [target, home])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = target.address() as AddressInfo;
  await new Promise<void>((resolve) => datagrams.bind(port, '127.0.0.1', resolve));
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    heard: () => heard,
    controlPage: `http://127.0.0.1:${(home.address() as AddressInfo).port}/`,
    async stop() {
      for (const socket of open) socket.destroy();
      for (const server of [target, home]) await new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => datagrams.close(resolve));
    },
  };
}
