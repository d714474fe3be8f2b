import type { Status } from '../kit/alert.tsx';
import type { DeviceStatus } from '../../rpc/terminal-status.ts';

/** How much a device wants attention. */
export function standingOf({ state, reasons, requiredAction }: DeviceStatus): Status {
  if (state === 'starting') return 'info';
  if (state !== 'online') return 'critical';
  if (requiredAction !== 'none') return 'caution';
  return reasons.length > 0 ? 'info' : 'success';
}

const ORDER: readonly Status[] = ['critical', 'caution', 'info', 'success'];

/** Worst first; among equals, what changed last comes first. */
export const worstFirst = (devices: readonly DeviceStatus[]): DeviceStatus[] =>
  [...devices].sort(
    (a, b) =>
      ORDER.indexOf(standingOf(a)) - ORDER.indexOf(standingOf(b)) ||
      b.since - a.since ||
      a.name.localeCompare(b.name),
  );

export const needsCare = (device: DeviceStatus): boolean =>
  ['critical', 'caution'].includes(standingOf(device));
