import { err, ok, type Result } from '../base/result.ts';
import type { DeviceConfig, DeviceConfigFault, HostVariable } from './ports.ts';

/** Devices that name no host share this one. */
const SHARED_HOST = 'main';

/** One process to start, and what it serves. */
export interface HostPlan {
  readonly name: string;
  readonly devices: readonly DeviceConfig[];
  readonly environment: Readonly<Partial<Record<HostVariable, string>>>;
}

/** Sorts devices into hosts, or says which of them contradict each other. */
export function planHosts(
  devices: readonly DeviceConfig[],
): Result<readonly HostPlan[], readonly DeviceConfigFault[]> {
  const names = new Set<string>();
  const groups = new Map<string, DeviceConfig[]>();
  const faults: DeviceConfigFault[] = [];
  for (const device of devices) {
    if (names.has(device.name)) faults.push({ kind: 'duplicateName', device: device.name });
    names.add(device.name);
    const group = groups.get(device.host ?? SHARED_HOST) ?? [];
    group.push(device);
    groups.set(device.host ?? SHARED_HOST, group);
  }
  const plans = [...groups].map(([name, group]) => {
    const environment: Partial<Record<HostVariable, string>> = {};
    for (const device of group) faults.push(...addVariables(environment, device));
    return { name, devices: group, environment };
  });
  return faults.length === 0 ? ok(plans) : err(faults);
}

/** A process has one environment, so two devices of a host cannot each have their own value. */
function addVariables(
  environment: Partial<Record<HostVariable, string>>,
  device: DeviceConfig,
): DeviceConfigFault[] {
  const wanted = Object.entries(device.environment ?? {}) as [HostVariable, string][];
  return wanted.flatMap(([variable, value]) => {
    const set = environment[variable];
    environment[variable] = set ?? value;
    return set === undefined || set === value
      ? []
      : [{ kind: 'environmentConflict' as const, device: device.name, variable }];
  });
}
