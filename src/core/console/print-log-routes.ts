import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod';
import { assertNever } from '../../base/assert.ts';
import type { Role } from '../../domain/role.ts';
import type { SignIn } from '../../staff/sign-in.ts';
import { personWith, refuse } from './guard.ts';
import type { QueryTrouble, RecordQueries } from './record-queries.ts';

const readers: readonly Role[] = ['reviewer', 'supervisor', 'auditor', 'administrator'];

const pageQuery = z.object({
  beforeSeq: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});

/** What was printed, how each attempt went, and whether the record holds. */
export function printLogRoutes(
  server: FastifyInstance,
  { signIn, queries }: { readonly signIn: SignIn; readonly queries: RecordQueries },
): void {
  server.get('/api/print-log', async (request, reply) => {
    if (personWith(signIn, request, reply, readers) === null) return reply;
    const query = pageQuery.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, { refused: 'malformed' });
    const { beforeSeq = null, limit } = query.data;
    const page = await queries.attempts({ beforeSeq, limit });
    return page.ok ? reply.send(page.value) : refuseTrouble(reply, page.error);
  });

  server.get<{ Params: { attemptId: string } }>(
    '/api/print-log/:attemptId',
    async (request, reply) => {
      if (personWith(signIn, request, reply, readers) === null) return reply;
      const timeline = await queries.timeline(request.params.attemptId);
      if (!timeline.ok) return refuseTrouble(reply, timeline.error);
      if (timeline.value === null) return refuse(reply, 404, { refused: 'notFound' });
      return reply.send(timeline.value);
    },
  );

  server.post('/api/journal/verdict', async (request, reply) => {
    if (personWith(signIn, request, reply, readers) === null) return reply;
    const verdict = await queries.verdict();
    return verdict.ok ? reply.send(verdict.value) : refuseTrouble(reply, verdict.error);
  });
}

function refuseTrouble(reply: FastifyReply, { kind }: QueryTrouble): FastifyReply {
  switch (kind) {
    case 'busy':
      return refuse(reply, 503, { refused: 'recordBusy' });
    case 'failed':
    case 'timedOut':
    case 'stopped':
      return refuse(reply, 503, { refused: 'recordNotRead' });
    default:
      return assertNever(kind);
  }
}
