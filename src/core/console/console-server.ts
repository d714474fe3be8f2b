import path from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import type { DeviceSupervisor } from '../../devices/ports.ts';
import type { TerminalStatus } from '../../rpc/terminal-status.ts';
import { FirstAdministrator } from '../../staff/first-administrator.ts';
import { People } from '../../staff/people.ts';
import { SignIn } from '../../staff/sign-in.ts';
import type { Foundation } from '../foundation.ts';
import { accountRoutes } from './account-routes.ts';
import { guardRequests } from './guard.ts';
import { JournalCheck } from './journal-check.ts';
import { printLogRoutes } from './print-log-routes.ts';
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
  foundation: Foundation,
  parts: {
    readonly uiFolder: string;
    readonly supervisor: DeviceSupervisor;
    readonly status: () => TerminalStatus;
    readonly fatal: (cause: unknown) => void;
  },
): Promise<ConsoleServer> {
  const { clock, config, folder, journal, record } = foundation;
  const { uiFolder, supervisor, status, fatal } = parts;
  const people = new People(journal, clock);
  const signIn = new SignIn({ journal, people, sql: folder.journal, clock, fatal });
  const firstAdministrator = new FirstAdministrator({ dataFolder: folder.path, journal, people });
  const setupSecretFile = await firstAdministrator.offer();
  const server = fastify({ bodyLimit: MAX_BODY_BYTES });
  guardRequests(server);
  accountRoutes(server, { people, signIn, firstAdministrator }, config.terminal.id);
  technicianRoutes(server, { signIn, status, supervisor, record });
  printLogRoutes(server, { signIn, journal, check: new JournalCheck(folder.path) });
  await server.register(fastifyStatic, { root: path.resolve(uiFolder) });
  server.get('/', (_request, reply) => reply.redirect('/staff/index.html'));
  const url = await server.listen({ host: '127.0.0.1', port: config.console.port });
  return {
    url,
    setupSecretFile,
    stop: async () => {
      signIn.closeAll();
      await server.close();
    },
  };
}
