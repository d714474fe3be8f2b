import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Journal } from '../../journal/journal.ts';
import { attemptTimeline, findAttempt, listAttempts } from '../../journal/print-log.ts';
import type { Role, Timeline, Verdict } from '../../rpc/console.ts';
import type { SignIn } from '../../staff/sign-in.ts';
import { personWith, refuse } from './guard.ts';
import type { JournalCheck } from './journal-check.ts';

const readers: readonly Role[] = ['reviewer', 'supervisor', 'auditor', 'administrator'];

const pageQuery = z.object({
  beforeSeq: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});

/** What was printed, how each attempt went, and whether the record holds. */
export function printLogRoutes(
  server: FastifyInstance,
  parts: {
    readonly signIn: SignIn;
    readonly journal: Journal;
    readonly check: JournalCheck;
  },
): void {
  const { signIn, journal, check } = parts;

  server.get('/api/print-log', (request, reply) => {
    if (personWith(signIn, request, reply, readers) === null) return reply;
    const query = pageQuery.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, { refused: 'malformed' });
    const { beforeSeq, limit } = query.data;
    const page = { limit: limit + 1, ...(beforeSeq === undefined ? {} : { beforeSeq }) };
    const attempts = listAttempts(journal.reader, page);
    return reply.send({ attempts: attempts.slice(0, limit), more: attempts.length > limit });
  });

  server.get<{ Params: { attemptId: string } }>('/api/print-log/:attemptId', (request, reply) => {
    if (personWith(signIn, request, reply, readers) === null) return reply;
    const { attemptId } = request.params;
    const attempt = findAttempt(journal.reader, attemptId);
    if (attempt === null) return refuse(reply, 404, { refused: 'notFound' });
    const rows = attemptTimeline(journal.reader, attemptId).map(({ seq, at, event }) => {
      const { kind, ...data } = event;
      return { seq, at, kind, data };
    });
    return reply.send({ attempt, rows } satisfies Timeline);
  });

  server.post('/api/journal/verdict', async (request, reply) => {
    if (personWith(signIn, request, reply, readers) === null) return reply;
    return reply.send((await check.run()) satisfies Verdict);
  });
}
