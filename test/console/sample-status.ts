import type { DeviceStatus, TerminalStatus } from '../../src/rpc/terminal-status.ts';
import { TERMINAL } from '../journal/fixture.ts';

const MINUTE_MS = 60_000;

const device = (
  now: number,
  of: Pick<DeviceStatus, 'name' | 'role' | 'deviceClass' | 'driver'> & Partial<DeviceStatus>,
): DeviceStatus => ({
  real: false,
  state: 'online',
  reasons: [],
  requiredAction: 'none',
  since: now - 95 * MINUTE_MS,
  hostGeneration: 1,
  lastFaults: [],
  trend: { faultsLastHour: 0, faultsLastDay: 0, restartsLastDay: 0, direction: 'none' },
  ...of,
});

/** A terminal where all is well. */
export function healthyStatus(now: number): TerminalStatus {
  return {
    terminalId: TERMINAL,
    place: 'Kantor Kecamatan Contoh',
    mode: 'specimen',
    version: '0.1.0',
    startedAt: now - 100 * MINUTE_MS,
    outOfService: null,
    documents: { ktpEl: null, kia: null, kk: null },
    ways: { eKtp: null, code: null, nik: null },
    devices: [
      device(now, {
        name: 'tap-reader',
        role: 'tapReader',
        deviceClass: 'cardReader',
        driver: 'pcsc-ektp-reader',
        real: true,
      }),
      device(now, {
        name: 'code-scanner',
        role: 'codeScanner',
        deviceClass: 'codeScanner',
        driver: 'serial-code-scanner',
      }),
      device(now, {
        name: 'page-printer',
        role: 'pagePrinter',
        deviceClass: 'pagePrinter',
        driver: 'ipp-page-printer',
        real: true,
      }),
      device(now, {
        name: 'card-printer',
        role: 'cardPrinter',
        deviceClass: 'cardPrinter',
        driver: 'simulated-card-printer',
      }),
      device(now, {
        name: 'old-card-slot',
        role: 'oldCardSlot',
        deviceClass: 'cardReader',
        driver: 'simulated-motor-card-reader',
      }),
    ],
    unknownDevices: [],
    registry: { answering: true, owed: 0 },
    journal: { rows: 1_284, head: 'a3f09c55d1e2'.padEnd(64, '7'), anchoredThrough: 1_279 },
  };
}

/** A terminal on a bad day: a jam, an empty tray, a scanner away, a reader that says something odd. */
export function troubledStatus(now: number): TerminalStatus {
  const healthy = healthyStatus(now);
  const changes: Readonly<Record<string, Partial<DeviceStatus>>> = {
    'card-printer': {
      state: 'hardwareError',
      reasons: ['mediaJammed', 'feederLow'],
      requiredAction: 'clear',
      since: now - 4 * MINUTE_MS,
      hostGeneration: 2,
      trend: { faultsLastHour: 3, faultsLastDay: 7, restartsLastDay: 1, direction: 'worse' },
      lastFaults: [
        fault(now - 2 * 24 * 60 * MINUTE_MS, 'ribbonOut', 'maintenance', 'printSide'),
        fault(now - 26 * 60 * MINUTE_MS, 'hostGone', 'reset', null),
        fault(now - 90 * MINUTE_MS, 'feederEmpty', 'maintenance', 'feedBlank'),
        fault(now - 4 * MINUTE_MS, 'mediaJammed', 'clear', 'presentCard'),
      ],
    },
    'page-printer': {
      reasons: ['tonerLow', 'queueKeepsJobs'],
      trend: { faultsLastHour: 0, faultsLastDay: 4, restartsLastDay: 0, direction: 'better' },
      requiredAction: 'maintenance',
      since: now - 30 * MINUTE_MS,
      lastFaults: [fault(now - 30 * MINUTE_MS, 'tonerLow', 'maintenance', null)],
    },
    'code-scanner': {
      state: 'powerOff',
      trend: { faultsLastHour: 1, faultsLastDay: 1, restartsLastDay: 0, direction: 'unknown' },
      reasons: ['unplugged'],
      requiredAction: 'maintenance',
      since: now - 12 * MINUTE_MS,
      lastFaults: [fault(now - 12 * MINUTE_MS, 'unplugged', 'maintenance', null)],
    },
    'tap-reader': { reasons: ['<script>alert(1)</script>'] },
    'old-card-slot': { state: 'starting', real: null, since: now - 5_000, hostGeneration: 0 },
  };
  return {
    ...healthy,
    documents: { ktpEl: 'printerInMaintenance', kia: 'printerInMaintenance', kk: null },
    ways: { eKtp: null, code: 'scannerInMaintenance', nik: null },
    devices: healthy.devices.map((one) => ({ ...one, ...changes[one.name] })),
    unknownDevices: [
      {
        bus: 'usb',
        vendorId: 0x046d,
        productId: 0xc31c,
        serialNumber: null,
        port: '1-2.3',
        label: 'USB Keyboard',
      },
    ],
    registry: { answering: false, owed: 3 },
    journal: { rows: 0, head: null, anchoredThrough: null },
  };
}

const fault = (
  at: number,
  code: string,
  requiredAction: DeviceStatus['requiredAction'],
  command: string | null,
): DeviceStatus['lastFaults'][number] => ({ at, code, requiredAction, command });
