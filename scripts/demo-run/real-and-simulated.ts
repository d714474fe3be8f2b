import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'smol-toml';
import * as z from 'zod';
import type { DeviceStatus } from '../../src/rpc/terminal-status.ts';
import type { Stack } from '../stack/stack.ts';
import { askStatus } from '../stack/technician-client.ts';

/** What stands at the other end of a bus in place of a device. */
export interface StandIn {
  /** As the options of a configured device name it. */
  readonly address: string;
  readonly bus: string;
  readonly what: string;
}

const configSchema = z.object({
  devices: z.array(z.object({ name: z.string(), options: z.record(z.string(), z.unknown()) })),
});
type ConfiguredDevice = z.infer<typeof configSchema>['devices'][number];

/** All that a stack puts where a driver that is no simulator looks for its device. */
const standInsOf = ({ pcsc, cabinet, pagePrinter }: Stack): StandIn[] => [
  {
    address: pcsc.csockName,
    bus: 'pcscd',
    what: 'e-KTP and SAM behind vpcd, own test keys',
  },
  {
    address: cabinet.endpoints.scannerTty,
    bus: 'a pseudo-terminal',
    what: 'a simulator at the other end',
  },
  { address: pagePrinter.uri, bus: 'IPP', what: 'ippeveprinter, without paper' },
];

/**
 * The devices of a run: real is one whose driver is no simulator and which no stand-in answers for. Where one
 * does, only the driver and its bus were real.
 */
export function devicesApart(
  devices: readonly Pick<DeviceStatus, 'name' | 'driver' | 'real'>[],
  configured: readonly ConfiguredDevice[],
  standIns: readonly StandIn[],
): { readonly real: readonly string[]; readonly simulated: readonly string[] } {
  const real: string[] = [];
  const simulated: string[] = [];
  for (const device of devices) {
    const options = configured.find(({ name }) => name === device.name)?.options ?? {};
    const standIn = standIns.find(({ address }) => Object.values(options).includes(address));
    if (device.real !== true) simulated.push(`${device.name} (${device.driver})`);
    else if (standIn === undefined) real.push(`${device.name} (${device.driver})`);
    else {
      real.push(`driver ${device.driver} over ${standIn.bus}`);
      simulated.push(`${device.name} (${standIn.what})`);
    }
  }
  return { real, simulated };
}

/** What in this run was a real driver, daemon or cryptography, and what only pretended. */
export async function realAndSimulated(stack: Stack): Promise<string> {
  const { devices } = await askStatus(stack.core.endpoints.technicianSocket);
  const config = readFileSync(path.join(stack.dataDir, 'config/anjungan.toml'), 'utf8');
  const configured = configSchema.parse(parse(config)).devices;
  const apart = devicesApart(devices, configured, standInsOf(stack));
  const real = [
    ...apart.real,
    'registry over mutual TLS',
    'print orders (JWS)',
    'signed KK (PAdES)',
    'journal (SQLite, ed25519)',
  ];
  const simulated = [
    ...apart.simulated,
    'hands at the cabinet',
    'the registry’s office, people and telephones',
  ];
  return `real: ${real.join(', ')}; simulated: ${simulated.join(', ')}`;
}
