import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { deviceCheckSchema } from '../../drivers/contract/device-check.ts';
import type { OpenFault, ToHost } from '../../drivers/contract/wire.ts';
import { compiledCode } from '../base/compiled-code.ts';
import { err, ok, type Result } from '../base/result.ts';
import { planHosts } from './device-plan.ts';
import type { DeviceConfig, DeviceConfigFault } from './ports.ts';

export interface DeviceCheckReport {
  /** What core would refuse to start on. */
  readonly faults: readonly DeviceConfigFault[];
  /** Core would start, and the device would stay away until the library is installed. */
  readonly missingLibraries: readonly {
    readonly device: string;
    readonly library: string;
    readonly debianPackage: string | null;
  }[];
}

export type DeviceCheckError = { readonly kind: 'checkFailed'; readonly exitCode: number | null };

const CHECK_ENTRY = fileURLToPath(new URL('../../drivers/host/check-devices.ts', import.meta.url));
/** Several native modules on a slow machine. */
const CHECK_LIMIT_MS = 30_000;
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Says of each configured device what its host would refuse: in a process of its own, so that a native
 * module can crash nothing but the question. Opens no device.
 */
export async function checkDevices(
  devices: readonly DeviceConfig[],
): Promise<Result<DeviceCheckReport, DeviceCheckError>> {
  const plan = planHosts(devices);
  const answer = await askHost(devices);
  if (!answer.ok) return answer;
  const faults: DeviceConfigFault[] = plan.ok ? [] : [...plan.error];
  const missingLibraries: DeviceCheckReport['missingLibraries'][number][] = [];
  for (const { device, fault } of answer.value) {
    if (fault.kind !== 'missingLibrary') faults.push({ device, ...fault });
    else {
      const { library, debianPackage } = fault;
      missingLibraries.push({ device, library, debianPackage });
    }
  }
  return ok({ faults, missingLibraries });
}

async function askHost(
  devices: readonly DeviceConfig[],
): Promise<Result<readonly { device: string; fault: OpenFault }[], DeviceCheckError>> {
  const frame: ToHost = {
    type: 'open',
    devices: devices.map(({ name, deviceClass, driver, options }) => ({
      name,
      deviceClass,
      driver,
      options,
    })),
  };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHECK_ENTRY], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: SYSTEM_PATH, ...compiledCode() },
    timeout: CHECK_LIMIT_MS,
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  // A child that died early is known by its exit status.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(frame));
  const [output, [exitCode]] = await Promise.all([text(child.stdout), closed]);
  if (exitCode !== 0) return err({ kind: 'checkFailed', exitCode });
  return ok(deviceCheckSchema.parse(JSON.parse(output)));
}
