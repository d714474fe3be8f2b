import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { staffAskSchema } from '../../rpc/staff.ts';
import type { StaffDesk } from '../../staff/staff-desk.ts';
import { refuse, tokenOf } from './guard.ts';

/** What waits for people, the yes of each of them, and what administrators do with accounts: as on the staff socket, one answer to one question. */
export function resolutionRoutes(server: FastifyInstance, desk: StaffDesk): void {
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    ask: unknown,
    askedBy: 'person' | 'page' = 'person',
  ): Promise<FastifyReply> => {
    const token = tokenOf(request) ?? '';
    const session = askedBy === 'page' ? desk.signIn.look(token) : desk.signIn.authenticate(token);
    if (session === null) return refuse(reply, 401, { refused: 'notSignedIn' });
    const parsed = staffAskSchema.safeParse(ask);
    if (!parsed.success) return refuse(reply, 400, { refused: 'malformed' });
    const answered = await desk.answer(session, parsed.data);
    if (answered.ok) return reply.send(answered.value);
    const { refused } = answered.error;
    return refuse(reply, refused === 'roleMissing' ? 403 : 409, answered.error);
  };
  type OfProposal = FastifyRequest<{ Params: { proposalId: string } }>;
  const bodyOf = ({ body }: FastifyRequest): object =>
    typeof body === 'object' && body !== null ? body : {};

  server.post('/api/password', (request, reply) =>
    answer(request, reply, { ...bodyOf(request), ask: 'changePassword' }),
  );
  server.get('/api/people', (request, reply) => answer(request, reply, { ask: 'accounts' }));
  server.post('/api/people', (request, reply) =>
    answer(request, reply, { ...bodyOf(request), ask: 'createAccount' }),
  );
  server.post('/api/people/disable', (request, reply) =>
    answer(request, reply, { ...bodyOf(request), ask: 'disableAccount' }),
  );
  server.get('/api/staff/items', (request, reply) =>
    answer(request, reply, { ask: 'items' }, 'page'),
  );
  server.get('/api/staff/proposals', (request, reply) =>
    answer(request, reply, { ask: 'proposals' }, 'page'),
  );
  server.post('/api/staff/proposals', (request, reply) =>
    answer(request, reply, { ask: 'propose', act: request.body }),
  );
  server.post('/api/staff/proposals/:proposalId/approve', (request: OfProposal, reply) =>
    answer(request, reply, { ...bodyOf(request), ask: 'approve', ...request.params }),
  );
  server.post('/api/staff/proposals/:proposalId/decline', (request: OfProposal, reply) =>
    answer(request, reply, { ask: 'decline', ...request.params }),
  );
}
