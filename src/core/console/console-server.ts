import path from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { whereOf } from '../../base/where-of.ts';
import type { DeviceSupervisor } from '../../devices/ports.ts';
import type { HeadKeeper } from '../../registry/ports.ts';
import type { TerminalStatus } from '../../rpc/terminal-status.ts';
import type { StaffDesk } from '../../staff/staff-desk.ts';
import type { Foundation } from '../foundation.ts';
import { accountRoutes } from './account-routes.ts';
import { guardRequests, refuse } from './guard.ts';
import { JournalQueries } from './journal-queries.ts';
import { printLogRoutes } from './print-log-routes.ts';
import { resolutionRoutes } from './resolution-routes.ts';
import { technicianRoutes } from './technician-routes.ts';

export interface ConsoleServer {
  readonly url: string;
  /** Where the secret for the first account lies; null once there is an account. */
  readonly setupSecretFile: string | null;
  stop(): Promise<void>;
}

/** The largest request any page sends is a sign-in. */
const MAX_BODY_BYTES = 16 * 1024;

/** Serves the console pages and their API on loopback. Completes when it listens. */
export async function serveConsole(
  foundation: Pick<Foundation, 'clock' | 'folder' | 'record'> & {
    readonly config: Pick<Foundation['config'], 'terminal' | 'console'>;
  },
  parts: {
    readonly uiFolder: string;
    readonly supervisor: Pick<DeviceSupervisor, 'list' | 'device'>;
    readonly status: () => TerminalStatus;
    readonly desk: StaffDesk;
    readonly heads: HeadKeeper;
    readonly log: Pick<Logger, 'error'>;
  },
): Promise<ConsoleServer> {
  const { clock, config, folder, record } = foundation;
  const { uiFolder, supervisor, status, desk, heads, log } = parts;
  const { people, signIn, firstAdministrator } = desk;
  const setupSecretFile = await firstAdministrator.offer();
  const server = fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  guardRequests(server);
  answerTrouble(server, log);
  accountRoutes(server, { people, signIn, firstAdministrator }, config.terminal.id);
  resolutionRoutes(server, desk);
  technicianRoutes(server, { signIn, status, supervisor, record });
  const queries = new JournalQueries({ dataFolder: folder.path, clock, log, heads });
  printLogRoutes(server, { signIn, queries });
  await server.register(fastifyStatic, {
    root: path.resolve(uiFolder),
    allowedPath: (pathName) => /^\/(staff|technician|assets)\//.test(pathName),
  });
  server.get('/', (_request, reply) => reply.redirect('/staff/'));
  server.get('/staff', (_request, reply) => reply.redirect('/staff/'));
  server.get('/technician', (_request, reply) => reply.redirect('/technician/'));
  const url = await server.listen({ host: '127.0.0.1', port: config.console.port });
  return {
    url,
    setupSecretFile,
    stop: async () => {
      desk.close();
      await Promise.all([server.close(), queries.stop()]);
    },
  };
}

/** One form for every refusal, the framework's own included; what nobody expected is for the log alone. */
function answerTrouble(server: FastifyInstance, log: Pick<Logger, 'error'>): void {
  server.setNotFoundHandler((_request, reply) => refuse(reply, 404, { refused: 'notFound' }));
  server.setErrorHandler((error, _request, reply) => {
    const status =
      error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : Number.NaN;
    if (status >= 400 && status < 500) return refuse(reply, status, { refused: 'malformed' });
    log.error({ where: whereOf(error).split('\n') }, 'a console request failed');
    return reply.code(500).send({});
  });
}
