import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import { citizenToCoreSchema, type CitizenToCore } from '../../src/rpc/citizen.ts';
import type { SessionView } from '../../src/rpc/citizen-view.ts';

/** What the shell sends with every page, but for the preview's connection to this server. */
const CONTENT_POLICY = [
  'sandbox allow-scripts allow-same-origin',
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self' ws://127.0.0.1:*",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Serves the built pages under their content policy and plays core on the citizen socket. */
export interface PageServer {
  readonly address: string;
  /** Shows a view to whoever is connected; completes once the page said that it painted it. */
  show(view: SessionView): Promise<void>;
  /** Sends a text that need not be a frame. */
  sendRaw(text: string): void;
  /** The next choice that the page makes. */
  nextChoice(): Promise<Extract<CitizenToCore, { type: 'choice' }>>;
  /** Completes when a page has connected. */
  connected(): Promise<void>;
  /** Closes the page's connection, as core does when it goes away. */
  hangUp(): void;
  close(): Promise<void>;
}

export async function startPageServer(folder: string): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://page').pathname);
    const file = path.endsWith('/') ? `${path}index.html` : path;
    readFile(join(folder, file)).then(
      (bytes) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': CONTENT_POLICY,
        });
        response.end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  const sockets = new WebSocketServer({ server, path: '/citizen' });
  const waiting: {
    test: (frame: CitizenToCore) => boolean;
    take: (frame: CitizenToCore) => void;
  }[] = [];
  const arrivals: (() => void)[] = [];
  let page: WebSocket | null = null;

  sockets.on('connection', (socket) => {
    page = socket;
    socket.on('close', () => {
      if (page === socket) page = null;
    });
    socket.on('message', (data: Buffer) => {
      const frame = citizenToCoreSchema.parse(JSON.parse(data.toString('utf8')));
      const index = waiting.findIndex(({ test }) => test(frame));
      if (index >= 0) waiting.splice(index, 1)[0]?.take(frame);
    });
    for (const arrived of arrivals.splice(0)) arrived();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const frameWhere = (test: (frame: CitizenToCore) => boolean): Promise<CitizenToCore> =>
    new Promise((take) => waiting.push({ test, take }));
  const sendRaw = (text: string): void => {
    if (page === null) throw new Error('no page is connected');
    page.send(text);
  };

  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async show(view) {
      const painted = frameWhere(({ type, viewId }) => type === 'shown' && viewId === view.viewId);
      sendRaw(JSON.stringify({ type: 'view', view }));
      await painted;
    },
    sendRaw,
    async nextChoice() {
      const frame = await frameWhere(({ type }) => type === 'choice');
      if (frame.type !== 'choice') throw new Error('asked for a choice');
      return frame;
    },
    connected: () =>
      page === null ? new Promise((resolve) => arrivals.push(resolve)) : Promise.resolve(),
    hangUp: () => page?.close(),
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
