import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import * as z from 'zod';
import { assert } from '../../src/base/assert.ts';
import { acts, nextQuerySchema, recordQuerySchema } from './api.ts';
import type { Cabinet } from './cabinet.ts';
import { stateOf } from './state.ts';

const PAGES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/panel.css': ['panel.css', 'text/css; charset=utf-8'],
  '/panel.js': ['panel.js', 'text/javascript; charset=utf-8'],
};

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface Panel {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The cabinet's control panel: a page for a technician and a JSON API for programs, on loopback alone.
 * A request must name a loopback host, so that no page of the network reaches it by a rebound name.
 */
export async function startPanel(cabinet: Cabinet): Promise<Panel> {
  const app = fastify({ bodyLimit: 1024 * 1024, forceCloseConnections: true });
  guard(app);
  await servePages(app);
  servePictures(app, cabinet);

  app.get('/api/state', () => stateOf(cabinet));
  app.get('/api/record', ({ query }) => {
    const { after } = recordQuerySchema.parse(query);
    return { entries: cabinet.record.since(after) };
  });
  app.get('/api/record/next', async ({ query }) => {
    const { after, type, timeoutMs } = nextQuerySchema.parse(query);
    return { entry: await cabinet.record.next(after, type, timeoutMs) };
  });
  for (const { path, run } of acts) {
    app.post(path, async ({ body }, reply) => {
      const done = await run(cabinet, body ?? {});
      if (done.ok) return { ok: true, ...done.value };
      return refuse(reply, 409, done.error.kind, done.error.reason);
    });
  }
  await app.listen({ host: '127.0.0.1', port: cabinet.options.panelPort });
  const address = app.server.address();
  assert(address !== null && typeof address === 'object', 'the panel listens on a TCP port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () => app.close(),
  };
}

function guard(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
      return refuse(reply, 403, 'foreignHost', 'the panel is for loopback only');
    }
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${request.headers.host ?? ''}`) {
      return refuse(reply, 403, 'foreignOrigin', 'another page sent this');
    }
    return undefined;
  });
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError) {
      return refuse(reply, 400, 'notUnderstood', z.prettifyError(error));
    }
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    // Past 500 the simulator itself broke; its words go to the person who watches it.
    if (status >= 500) console.error(error);
    return refuse(reply, status, 'failed', error instanceof Error ? error.message : 'failed');
  });
}

async function servePages(app: FastifyInstance): Promise<void> {
  for (const [path, [file, type]] of Object.entries(PAGES)) {
    const bytes = await readFile(join(import.meta.dirname, 'panel', file));
    app.get(path, (_request, reply) => reply.type(type).send(bytes));
  }
}

/** The printed sides, for eyes. The name is checked, so that nothing else of the folder can be read. */
function servePictures(app: FastifyInstance, cabinet: Cabinet): void {
  const params = z.strictObject({ name: z.string().regex(/^[A-Za-z0-9-]+\.png$/) });
  app.get('/cards/:name', async (request, reply) => {
    const { name } = params.parse(request.params);
    try {
      const bytes = await readFile(join(cabinet.options.dataDir, 'cards', name));
      return await reply.type('image/png').send(bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return refuse(reply, 404, 'noPicture', 'that side was never printed');
    }
  });
}

const refuse = (reply: FastifyReply, status: number, error: string, reason: string) =>
  reply.code(status).send({ ok: false, error, reason });
