import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SignIn } from '../../staff/sign-in.ts';
import type { SignInSession } from '../../staff/sign-in-sessions.ts';
import type { Role } from '../../domain/role.ts';
import type { ConsoleRefusal } from '../../rpc/console.ts';
import { isLoopbackHost, isLoopbackOrigin } from '../loopback-host.ts';

/** Not readable by a page's script, never sent from another site (RFC 6265bis, SameSite). */
const COOKIE = 'anjungan_console';
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict';

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/**
 * What every request must be: for this machine by name (DNS rebinding), and, where it changes anything,
 * from a page of this server (cross-site request forgery).
 */
export function guardRequests(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const own =
      origin === undefined ? reads : isLoopbackOrigin(origin) && origin.endsWith(`//${host ?? ''}`);
    if (!isLoopbackHost(host) || !own) await reply.code(421).send();
  });
  server.addHook('onSend', async (_request, reply, payload) => {
    void reply.header('content-security-policy', CSP);
    void reply.header('x-content-type-options', 'nosniff');
    void reply.header('cross-origin-opener-policy', 'same-origin');
    void reply.header('cross-origin-resource-policy', 'same-origin');
    void reply.header('referrer-policy', 'no-referrer');
    void reply.header('cache-control', 'no-store');
    return Promise.resolve(payload);
  });
}

export const tokenOf = (request: FastifyRequest): string | null =>
  new RegExp(`(?:^|; )${COOKIE}=([A-Za-z0-9_-]{43})(?:;|$)`).exec(
    request.headers.cookie ?? '',
  )?.[1] ?? null;

export const setToken = (reply: FastifyReply, token: string): void =>
  void reply.header('set-cookie', `${COOKIE}=${token}; ${ATTRIBUTES}`);

export const clearToken = (reply: FastifyReply): void =>
  void reply.header('set-cookie', `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`);

export const refuse = (
  reply: FastifyReply,
  status: number,
  refusal: ConsoleRefusal,
): FastifyReply => reply.code(status).send(refusal);

/**
 * The signed-in person, if one of these roles is theirs; otherwise the refusal is already sent. `page`
 * asked by itself, which does not count as activity: an unattended page must not stay signed in.
 */
export function personWith(
  signIn: Pick<SignIn, 'authenticate' | 'look'>,
  request: FastifyRequest,
  reply: FastifyReply,
  roles: readonly Role[],
  askedBy: 'person' | 'page' = 'person',
): SignInSession | null {
  const token = tokenOf(request);
  const session =
    token === null ? null : askedBy === 'page' ? signIn.look(token) : signIn.authenticate(token);
  if (session === null) {
    void refuse(reply, 401, { refused: 'notSignedIn' });
    return null;
  }
  if (!session.person.roles.some((role) => roles.includes(role))) {
    void refuse(reply, 403, { refused: 'roleMissing' });
    return null;
  }
  return session;
}
