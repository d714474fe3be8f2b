import { z } from 'zod';
import type { TerminalStatus } from '../rpc/terminal-status.ts';
import type { Foundation } from './foundation.ts';
import type { Terminal } from './terminal.ts';
import type { TerminalDevices } from './terminal-devices.ts';
import { VERSION } from './version.ts';

const counted = z.strictObject({ n: z.number().int() });

/** The terminal in one page, for the command line and the technician's page. */
export function terminalStatus(
  { config, journal, startedAt }: Foundation,
  { supervisor }: TerminalDevices,
  { runner, link }: Terminal,
): TerminalStatus {
  const service = runner.service();
  const roles = new Map(config.devices.map((device) => [device.name, device.role]));
  const count = (sql: string): number => journal.reader.get(counted, sql)?.n ?? 0;
  return {
    terminalId: config.terminal.id,
    place: config.terminal.place,
    mode: config.mode,
    version: VERSION,
    startedAt,
    outOfService: service.outOfService,
    documents: service.documents,
    ways: service.ways,
    devices: supervisor.list().map((health) => ({
      name: health.name,
      role: roles.get(health.name) ?? '',
      deviceClass: health.deviceClass,
      driver: health.driver,
      real: health.real,
      state: health.state,
      reasons: [...health.reasons],
      requiredAction: health.requiredAction,
      since: health.since,
      hostGeneration: health.hostGeneration,
      lastFaults: [...health.lastFaults],
    })),
    registry: {
      answering: link.answering(),
      owed: count("SELECT count(*) AS n FROM outbox WHERE state = 'waiting'"),
    },
    journal: {
      rows: count('SELECT coalesce(max(seq), 0) AS n FROM rows'),
      head: journal.head()?.head ?? null,
      anchoredThrough: link.anchoredThrough(),
    },
  };
}
