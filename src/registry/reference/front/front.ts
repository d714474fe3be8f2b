import fastify, { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { RegistryContext } from '../context.ts';
import { guardFront } from './guards.ts';
import { mountPages } from './html-pages.ts';
import { mountJsonApi } from './json-api.ts';

/** The loopback HTTP side: pages for people, the same actions as JSON for scripts. */
export function createFront(ctx: RegistryContext): FastifyInstance {
  const app = fastify({ bodyLimit: 64 * 1024, forceCloseConnections: true });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    },
  );
  app.setErrorHandler<Error & { statusCode?: number }>((error, _, reply) => {
    if (error instanceof z.ZodError) {
      const places = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      return reply.code(400).send({ problem: places.slice(0, 5).join('; ') });
    }
    const status = error.statusCode ?? 500;
    return reply.code(status).send({ problem: status < 500 ? error.message : 'internal error' });
  });
  guardFront(app);
  mountPages(app, ctx);
  mountJsonApi(app, ctx);
  return app;
}
