import type { FastifyInstance } from 'fastify';
import { setupSchema, signInSchema, type ConsoleSession } from '../../rpc/console.ts';
import type { FirstAdministrator } from '../../staff/first-administrator.ts';
import type { People } from '../../staff/people.ts';
import type { SignIn } from '../../staff/sign-in.ts';
import { clearToken, refuse, setToken, tokenOf } from './guard.ts';

export interface Accounts {
  readonly people: People;
  readonly signIn: SignIn;
  readonly firstAdministrator: FirstAdministrator;
}

/**
 * Who is there, sign-in, sign-out, and the first account. A page says by `/api/activity` that somebody
 * is at it; what it asks by itself says no such thing.
 */
export function accountRoutes(
  server: FastifyInstance,
  { people, signIn, firstAdministrator }: Accounts,
  terminalId: string,
): void {
  server.get('/api/session', (request): ConsoleSession => {
    const token = tokenOf(request);
    const session = token === null ? null : signIn.look(token);
    const signedIn =
      session === null ? null : { name: session.person.name, roles: [...session.person.roles] };
    return { terminalId, signedIn, needsSetup: people.list().length === 0 };
  });

  server.post('/api/sign-in', async (request, reply) => {
    const body = signInSchema.safeParse(request.body);
    if (!body.success) return refuse(reply, 400, { refused: 'malformed' });
    const done = await signIn.signIn(body.data);
    if (!done.ok) {
      const { kind, waitMs } = done.error;
      return refuse(reply, 401, {
        refused: kind === 'mustWait' ? 'mustWait' : 'signInRefused',
        waitMs,
      });
    }
    const before = tokenOf(request);
    if (before !== null) signIn.signOut(before);
    setToken(reply, done.value.token);
    const { name, roles } = done.value.person;
    return reply.send({ name, roles });
  });

  server.post('/api/activity', (request, reply) => {
    const token = tokenOf(request);
    const session = token === null ? null : signIn.authenticate(token);
    return session === null ? refuse(reply, 401, { refused: 'notSignedIn' }) : reply.send({});
  });

  server.post('/api/sign-out', (request, reply) => {
    const token = tokenOf(request);
    if (token !== null) signIn.signOut(token);
    clearToken(reply);
    return reply.send({});
  });

  server.post('/api/setup', async (request, reply) => {
    const body = setupSchema.safeParse(request.body);
    if (!body.success) return refuse(reply, 400, { refused: 'malformed' });
    const { secret, ...account } = body.data;
    const made = await firstAdministrator.redeem(secret, account);
    if (!made.ok) return refuse(reply, 409, { refused: made.error.kind });
    return reply.send({ name: made.value.name, roles: made.value.roles });
  });
}
