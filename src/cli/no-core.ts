import { statSync } from 'node:fs';
import path from 'node:path';
import { NO_ANSWER, type Report } from './output.ts';

/** Why core did not answer a program that asked on a socket of a data folder. */
export type NoCore = 'noDataFolder' | 'coreNotRunning' | 'notAllowed' | 'coreDidNotAnswer';

/** Whose socket it is: `run/technician.sock` or `run/staff.sock`. */
export type CoreSocket = 'technician' | 'staff';

export const socketPath = (dataFolder: string, socket: CoreSocket): string =>
  path.join(dataFolder, `run/${socket}.sock`);

/** Why there is no connection, by the error that connecting ended with. */
export function whyNoCore(dataFolder: string, { code }: NodeJS.ErrnoException): NoCore {
  if (code === 'EACCES') return 'notAllowed';
  return hasConfiguration(dataFolder) ? 'coreNotRunning' : 'noDataFolder';
}

export function noCoreReport(why: NoCore, dataFolder: string, socket: CoreSocket): Report {
  const sentence: Readonly<Record<NoCore, string>> = {
    noDataFolder: `${path.resolve(dataFolder)} is no terminal's data folder: it has no config/anjungan.toml. Name the right one with --data or ANJUNGAN_DATA.`,
    coreNotRunning: 'Core does not run on this data folder: the terminal is out of service.',
    notAllowed: `This user may not ask core: it is not in the group of run/${socket}.sock.`,
    coreDidNotAnswer: 'Core did not answer.',
  };
  return { json: { error: { kind: why } }, lines: [sentence[why]], exitStatus: NO_ANSWER };
}

function hasConfiguration(dataFolder: string): boolean {
  try {
    const file = path.join(dataFolder, 'config/anjungan.toml');
    return statSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // It may be there: this user may not look.
    return true;
  }
}
