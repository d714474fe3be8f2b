import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * A page anywhere may make a browser knock on loopback. A foreign name that resolves here (DNS rebinding)
 * fails the Host check, a foreign page's POST fails the Origin check (RFC 6454), and scripts outside a
 * browser send neither header.
 */
export function guardFront(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const refused = refusalOf(request);
    if (refused !== null) await reply.code(refused.status).type('text/plain').send(refused.text);
  });
  app.addHook('onSend', async (_, reply) => {
    setHeaders(reply);
    return Promise.resolve();
  });
}

function refusalOf(request: FastifyRequest): { status: number; text: string } | null {
  const port = request.socket.localPort ?? 0;
  const hosts = LOOPBACK_NAMES.map((name) => `${name}:${port}`);
  if (!hosts.includes(request.headers.host ?? '')) {
    return { status: 421, text: 'This host is not served here.' };
  }
  if (request.method === 'GET') return null;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const fromPage = origin !== undefined || site !== undefined;
  const ownPage = hosts.some((host) => origin === `http://${host}`);
  return fromPage && !ownPage
    ? { status: 403, text: 'Only pages of this host may do that.' }
    : null;
}

function setHeaders(reply: FastifyReply): void {
  reply.headers({
    'content-security-policy':
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  });
}
