import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Result } from '../../../base/result.ts';
import { CLAIM_HEADER, IDEMPOTENCY_HEADER, type RouteShape } from '../../wire/route.ts';
import type { RegistryContext } from '../context.ts';
import { TERMINAL_ID } from '../pki.ts';

/** A breach of the contract, as opposed to an expected refusal. */
export interface Problem {
  readonly kind: 'problem';
  readonly status: 400 | 403;
  readonly text: string;
}
export const problem = (status: Problem['status'], text: string): Problem => ({
  kind: 'problem',
  status,
  text,
});

type TypedRoute<Q, B, A, R> = Omit<RouteShape, 'query' | 'body' | 'answer' | 'refusal'> & {
  readonly query: z.ZodType<Q>;
  readonly body: z.ZodType<B>;
  readonly answer: z.ZodType<A>;
  readonly refusal: z.ZodType<R>;
};

export interface Call<Q, B> {
  /** As the client certificate says. */
  readonly terminalId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  readonly body: B;
  readonly claimToken: string;
  readonly idempotencyKey: string | null;
}

const paramsSchema = z.record(z.string(), z.string().max(200));
const tokenSchema = z.string().max(200).default('');
const keySchema = z.string().min(8).max(120).optional();
const SLOW_MS = 20_000;

/** Mounts one route of the contract: parses what comes, says who calls, checks what leaves. */
export function serve<Q, B, A, R>(
  app: FastifyInstance,
  ctx: RegistryContext,
  route: TypedRoute<Q, B, A, R>,
  handle: (call: Call<Q, B>) => Result<A, R | Problem> | Promise<Result<A, R | Problem>>,
): void {
  app.route({
    method: route.method,
    url: route.path,
    handler: async (request, reply) => {
      const call = readCall(request, route);
      if ('kind' in call) return answerProblem(reply, call);
      if (ctx.faults.now.slow) await dawdle(ctx, request);
      const result = await handle(call);
      if (ctx.faults.takeLostAnswer()) {
        request.raw.socket.destroy();
        return reply.hijack();
      }
      if (ctx.faults.now.nonsense) return reply.send({ ramalan: 'cerah berawan' });
      if (result.ok) return reply.send(route.answer.parse(result.value));
      if (isProblem(result.error)) return answerProblem(reply, result.error);
      return reply.code(409).send(route.refusal.parse(result.error));
    },
  });
}

/** A caller that hangs up is waited for no longer; what it asked for is carried out all the same. */
function dawdle(ctx: RegistryContext, request: FastifyRequest): Promise<void> {
  return new Promise((resolve) => {
    const timer = ctx.clock.after(SLOW_MS, resolve);
    request.raw.socket.once('close', () => {
      timer.cancel();
      resolve();
    });
  });
}

function readCall<Q, B, A, R>(
  request: FastifyRequest,
  route: TypedRoute<Q, B, A, R>,
): Call<Q, B> | Problem {
  const terminalId = terminalOf(request);
  if (terminalId === null) return problem(403, 'the certificate names no terminal');
  const params = paramsSchema.safeParse(request.params);
  const query = route.query.safeParse(request.query);
  const body = route.body.safeParse(request.body ?? undefined);
  const claimToken = tokenSchema.safeParse(request.headers[CLAIM_HEADER]);
  const idempotencyKey = keySchema.safeParse(request.headers[IDEMPOTENCY_HEADER]);
  if (!params.success || !query.success || !claimToken.success || !idempotencyKey.success) {
    return problem(400, 'parameters or headers of another shape');
  }
  // Only where, never what: the body may hold a PIN.
  if (!body.success) return problem(400, `body: ${placesOf(body.error)}`);
  return {
    terminalId,
    params: params.data,
    query: query.data,
    body: body.data,
    claimToken: claimToken.data,
    idempotencyKey: idempotencyKey.data ?? null,
  };
}

const placesOf = (error: z.ZodError): string =>
  [...new Set(error.issues.map((issue) => issue.path.join('.') || 'whole'))].slice(0, 5).join(', ');

/** The TLS layer has verified the chain already; here the name is read. */
function terminalOf(request: FastifyRequest): string | null {
  const { socket } = request.raw;
  if (!(socket instanceof TLSSocket)) return null;
  const name: unknown = socket.getPeerCertificate().subject.CN;
  return typeof name === 'string' && TERMINAL_ID.test(name) ? name : null;
}

const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && 'kind' in error && error.kind === 'problem';

const answerProblem = (reply: FastifyReply, { status, text }: Problem): FastifyReply =>
  reply.code(status).send({ problem: text });
