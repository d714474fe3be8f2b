import { countWaiting } from '../journal/outbox/outbox-table.ts';
import type { TerminalStatus } from '../rpc/terminal-status.ts';
import type { Foundation } from './foundation.ts';
import type { Terminal } from './terminal.ts';
import type { TerminalDevices } from './terminal-devices.ts';
import { VERSION } from './version.ts';

/** The terminal in one page, for the command line and the technician's page. */
export function terminalStatus(
  { config, journal, startedAt }: Foundation,
  { supervisor, buses }: Pick<TerminalDevices, 'supervisor' | 'buses'>,
  { runner, link }: Terminal,
): TerminalStatus {
  const service = runner.service();
  const roles = new Map(config.devices.map((device) => [device.name, device.role]));
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
      trend: supervisor.trendOf(health.name),
    })),
    unknownDevices: buses.strangers.map(
      ({ bus, vendorId, productId, serialNumber, port, label }) => {
        return { bus, vendorId, productId, serialNumber, port, label };
      },
    ),
    registry: {
      answering: link.answering(),
      owed: countWaiting(journal.reader),
    },
    journal: {
      rows: journal.size(),
      head: journal.head()?.head ?? null,
      anchoredThrough: link.anchoredThrough(),
    },
  };
}
