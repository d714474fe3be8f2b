import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { systemClock } from '../base/clock.ts';
import { ok, type Result } from '../base/result.ts';
import { CheckpointKeeper } from '../journal/chain/checkpoint-keeper.ts';
import { RetentionJob } from '../journal/retention/retention.ts';
import { serveConsole } from './console/console-server.ts';
import { openFoundation } from './foundation.ts';
import { listening } from './listening.ts';
import { servePreview } from './preview-server.ts';
import { citizenRole } from './sockets/citizen-socket.ts';
import { staffRole } from './sockets/staff-socket.ts';
import { technicianRole } from './sockets/technician-socket.ts';
import { serveUnixSocket } from './sockets/unix-server.ts';
import { deedsOn } from '../staff/deeds.ts';
import { StaffDesk } from '../staff/staff-desk.ts';
import type { StartupError } from './startup-error.ts';
import { cameTooLate, stopInOrder, type Stoppable } from './stop-in-order.ts';
import { startDevices } from './terminal-devices.ts';
import { startTerminal } from './terminal.ts';
import { terminalStatus } from './terminal-status.ts';

const UI_FOLDER = path.resolve(import.meta.dirname, '../../dist/ui');

export interface RunningCore {
  /**
   * Completes when every socket, host and database is closed and the record says so; up to a minute and
   * a half after it was asked, while a card moves.
   */
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
  const { dataFolder, log } = options;
  let stopping = false;
  const fatal = (cause: unknown): void => {
    if (stopping && cameTooLate(cause)) log.warn('came too late to be recorded');
    else options.fatal(cause);
  };
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
  const { clock, clockGuard, vault } = foundation;
  const keeper = new CheckpointKeeper({ journal, clock, fatal });
  const terminal = await startTerminal(foundation, devices, log, fatal);
  const retention = new RetentionJob({
    journal,
    vault,
    clock,
    logFolder: folder.logFolder,
    times: config.retention,
    clockIsConfirmed: () => clockGuard.confirmed(),
    fatal,
  });
  const status = () => terminalStatus(foundation, devices, terminal);

  const citizen = citizenRole(terminal.runner);
  const citizenSocket = path.join(folder.runFolder, 'citizen.sock');
  const technicianSocket = path.join(folder.runFolder, 'technician.sock');
  const staffSocket = path.join(folder.runFolder, 'staff.sock');
  const { mode, feeders } = config;
  const { issuance, runner, testCards } = terminal;
  const desk = new StaffDesk({
    ...foundation,
    sql: folder.journal,
    dataFolder: folder.path,
    deeds: deedsOn({
      ...foundation,
      mode,
      feeders,
      issuance: { underWay: () => issuance.underWay() || testCards.underWay() },
      isServing: () => !runner.isIdle(),
    }),
    fatal,
  });
  await desk.twoPeople.begin();
  const citizenServers: Stoppable[] = [await serveUnixSocket(citizenSocket, citizen)];
  const staffServers: Stoppable[] = [
    await serveUnixSocket(technicianSocket, technicianRole(status)),
    await serveUnixSocket(staffSocket, staffRole(desk, fatal)),
  ];
  const endpointsFile = path.join(folder.runFolder, 'endpoints.json');
  const stop = async (reason: string): Promise<void> => {
    stopping = true;
    rmSync(endpointsFile, { force: true });
    // Whatever writes by the clock, and a test card, goes with the link: nothing may follow the word of the end.
    const byTheClock = [terminal.link, retention, clockGuard, keeper, testCards, devices.buses];
    const link = {
      stop: async (): Promise<void> => {
        await Promise.all(byTheClock.map((one) => one.stop()));
      },
    };
    const parts = { ...terminal, link, staffServers, citizenServers };
    const running = { ...parts, devices: devices.supervisor };
    await stopInOrder({ ...running, journal, close: () => folder.close() }, reason);
  };
  let previewUrl: string | null = null;
  if (config.preview.enabled) {
    const { port } = config.preview;
    const preview = await listening(
      { key: 'preview.port', port },
      servePreview({ uiFolder: UI_FOLDER, port, citizen }),
    );
    if (!preview.ok) {
      await stop('portRefused');
      return preview;
    }
    citizenServers.push(preview.value);
    previewUrl = preview.value.url;
  }
  const staffConsole = await listening(
    { key: 'console.port', port: config.console.port },
    serveConsole(foundation, {
      uiFolder: UI_FOLDER,
      supervisor: devices.supervisor,
      status,
      desk,
      heads: terminal.heads,
      log,
    }),
  );
  if (!staffConsole.ok) {
    await stop('portRefused');
    return staffConsole;
  }
  staffServers.push(staffConsole.value);
  writeFileSync(
    endpointsFile,
    JSON.stringify({
      citizenSocket,
      technicianSocket,
      staffSocket,
      console: staffConsole.value.url,
      setupSecretFile: staffConsole.value.setupSecretFile,
      preview: previewUrl,
    }),
  );
  retention.start();
  devices.buses.start();
  log.info({ version: status().version }, 'in operation');

  return ok({ stop });
}
