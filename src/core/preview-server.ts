import path from 'node:path';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import fastify from 'fastify';
import { MAX_UNREAD_BYTES, type SocketClient, type SocketRole } from './sockets/unix-server.ts';
import { isLoopbackHost } from './loopback-host.ts';
import { OpenSockets } from './open-sockets.ts';

/** The pages may talk to their own origin and nobody else, run no foreign script and open no window. */
const PREVIEW_CSP = [
  'sandbox allow-scripts allow-same-origin',
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/**
 * The citizen's pages in a browser on this machine, for trying and for development; it says so itself
 * and never exists in live mode. Frames are those of the citizen socket. Completes when it listens.
 */
export async function servePreview(options: {
  readonly uiFolder: string;
  readonly port: number;
  readonly citizen: SocketRole;
}): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = fastify();
  const open = new OpenSockets(server.server);
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    // A browser names the page's origin whenever it opens a socket, so one without any is no page of ours.
    const opensSocket = request.headers.upgrade !== undefined;
    const own = origin === undefined ? !opensSocket : origin === `http://${host ?? ''}`;
    if (!isLoopbackHost(host) || !own) await reply.code(421).send();
  });
  server.addHook('onSend', async (_request, reply, payload) => {
    void reply.header('content-security-policy', PREVIEW_CSP);
    void reply.header('x-content-type-options', 'nosniff');
    return Promise.resolve(payload);
  });
  await server.register(fastifyWebsocket, { options: { maxPayload: 4096 } });
  await server.register(fastifyStatic, { root: path.resolve(options.uiFolder) });
  server.get('/', (_request, reply) => reply.redirect('/citizen/index.html'));
  server.get('/citizen', { websocket: true }, (socket) => {
    const client: SocketClient = {
      send: (frame) => {
        socket.send(JSON.stringify(frame));
        if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
      },
      drop: () => socket.close(1008),
    };
    socket.on('message', (bytes: Buffer) => {
      let frame: unknown;
      try {
        frame = JSON.parse(bytes.toString('utf8'));
      } catch {
        client.drop();
        return;
      }
      options.citizen.onFrame(client, frame);
    });
    socket.on('close', () => options.citizen.onClose(client));
    options.citizen.onConnect(client);
  });
  const url = await server.listen({ host: '127.0.0.1', port: options.port });
  return {
    url,
    stop: async () => {
      const closed = server.close();
      open.endAll();
      await closed;
    },
  };
}
