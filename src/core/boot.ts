import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { systemClock } from '../base/clock.ts';
import { ok, type Result } from '../base/result.ts';
import { serveConsole } from './console/console-server.ts';
import { openFoundation } from './foundation.ts';
import { servePreview } from './preview-server.ts';
import { citizenRole } from './sockets/citizen-socket.ts';
import { technicianRole } from './sockets/technician-socket.ts';
import { serveUnixSocket } from './sockets/unix-server.ts';
import type { StartupError } from './startup-error.ts';
import { startDevices } from './terminal-devices.ts';
import { startTerminal } from './terminal.ts';
import { terminalStatus } from './terminal-status.ts';

const UI_FOLDER = path.resolve(import.meta.dirname, '../../dist/ui');

export interface RunningCore {
  /** Completes when every socket, host and database is closed and the record says so. */
  stop(reason: string): Promise<void>;
}

/**
 * Brings the terminal up, in this order: configuration, keys, data folder, journal, devices, recovery,
 * registry, and only then the sockets on which anybody can be served. Completes when a citizen could begin.
 */
export async function boot(options: {
  readonly dataFolder: string;
  readonly log: Logger;
  readonly fatal: (cause: unknown) => void;
}): Promise<Result<RunningCore, StartupError>> {
  const { dataFolder, log, fatal } = options;
  const opened = await openFoundation(dataFolder, systemClock);
  if (!opened.ok) return opened;
  const foundation = opened.value;
  const { config, folder, journal } = foundation;
  const started = await startDevices(foundation, log, fatal);
  if (!started.ok) {
    await journal.stop('devicesRefused');
    folder.close();
    return started;
  }
  const devices = started.value;
  const terminal = await startTerminal(foundation, devices, log, fatal);
  const status = () => terminalStatus(foundation, devices, terminal);

  const citizen = citizenRole(terminal.runner);
  const citizenSocket = path.join(folder.runFolder, 'citizen.sock');
  const technicianSocket = path.join(folder.runFolder, 'technician.sock');
  const servers = [
    await serveUnixSocket(citizenSocket, citizen),
    await serveUnixSocket(technicianSocket, technicianRole(status)),
  ];
  const preview = config.preview.enabled
    ? await servePreview({ uiFolder: UI_FOLDER, port: config.preview.port, citizen })
    : null;
  const staffConsole = await serveConsole(foundation, {
    uiFolder: UI_FOLDER,
    supervisor: devices.supervisor,
    status,
    fatal,
  });
  const endpointsFile = path.join(folder.runFolder, 'endpoints.json');
  writeFileSync(
    endpointsFile,
    JSON.stringify({
      citizenSocket,
      technicianSocket,
      console: staffConsole.url,
      setupSecretFile: staffConsole.setupSecretFile,
      preview: preview?.url ?? null,
    }),
  );
  log.info({ version: status().version }, 'in operation');

  return ok({
    stop: async (reason) => {
      rmSync(endpointsFile, { force: true });
      await Promise.all([
        ...servers.map((server) => server.stop()),
        preview?.stop(),
        staffConsole.stop(),
      ]);
      await terminal.stop();
      await devices.supervisor.stop();
      await journal.stop(reason);
      folder.close();
    },
  });
}
