import type { DeviceStatus } from '../rpc/terminal-status.ts';
import type { WhoActs } from '../rpc/who-acts.ts';

/** Who must do what is asked, in a table. */
export const whoActsWords: Readonly<Record<WhoActs, string>> = {
  nobody: '-',
  technician: 'technician',
  registryStaff: 'registry staff',
  technicianAndRegistryStaff: 'technician and registry staff',
  administrator: 'administrator',
  vendor: 'maker of the program',
};

const directionWords: Readonly<Record<DeviceStatus['trend']['direction'], string>> = {
  none: '',
  unknown: '',
  better: ', getting better',
  steady: '',
  worse: ', GETTING WORSE',
};

/** How often a device failed lately, in a table. */
export function trendWords(trend: DeviceStatus['trend']): string {
  const { faultsLastHour, faultsLastDay, restartsLastDay, direction } = trend;
  if (faultsLastDay === 0 && restartsLastDay === 0) return '-';
  const restarts = restartsLastDay === 0 ? '' : `, ${restartsLastDay} restarts`;
  return `${faultsLastHour} in 1 h, ${faultsLastDay} in 24 h${restarts}${directionWords[direction]}`;
}
