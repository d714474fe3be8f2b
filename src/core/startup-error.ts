import { assertNever } from '../base/assert.ts';
import type { DeviceConfigFault, DeviceSupervisorError } from '../devices/ports.ts';
import type { OpenJournalError } from '../journal/open-journal.ts';
import type { FileSignerError } from '../journal/chain/signer.ts';
import type { DataFolderError } from '../store/data-folder.ts';
import { configErrorLines, type ConfigError } from './config/load.ts';

/** Why the service does not start. Each is a sentence for a technician and an exit status for systemd. */
export type StartupError =
  | { readonly kind: 'config'; readonly error: ConfigError }
  | {
      readonly kind: 'secretFile';
      readonly key: string;
      readonly file: string;
      readonly reason: string;
    }
  | { readonly kind: 'data'; readonly folder: string; readonly error: DataFolderError }
  | { readonly kind: 'signer'; readonly error: FileSignerError }
  | { readonly kind: 'journal'; readonly error: OpenJournalError }
  | { readonly kind: 'devices'; readonly error: DeviceSupervisorError }
  | {
      readonly kind: 'port';
      readonly key: string;
      readonly port: number;
      readonly reason: 'taken' | 'notAllowed';
    };

/** sysexits.h: what is wrong with the configuration stays wrong until a person mends it. */
const EX_CONFIG = 78;
const EX_TEMPFAIL = 75;
const EX_DATAERR = 65;

export function exitStatusOf(error: StartupError): number {
  switch (error.kind) {
    case 'config':
    case 'secretFile':
    case 'devices':
      return EX_CONFIG;
    case 'data':
      return error.error.kind === 'damaged' || error.error.kind === 'newerSchema'
        ? EX_DATAERR
        : EX_TEMPFAIL;
    case 'signer':
    case 'journal':
      return EX_DATAERR;
    case 'port':
      return error.reason === 'taken' ? EX_TEMPFAIL : EX_CONFIG;
    default:
      return assertNever(error);
  }
}

const mib = (bytes: number): string => `${Math.floor(bytes / (1024 * 1024))} MiB`;

function dataLine(folder: string, error: DataFolderError): string {
  switch (error.kind) {
    case 'diskFull':
      return `The disk under ${folder} is full: ${mib(error.freeBytes)} free, ${mib(error.neededBytes)} needed. Nothing was lost; make room and start again.`;
    case 'alreadyRunning':
      return `Another core already runs on ${folder}. This one stops; the other is not disturbed.`;
    case 'newerSchema':
      return `${error.database}.db in ${folder} was written by a newer version (schema ${error.found}, this one knows ${error.supported}). Nothing was changed; install the newer version.`;
    case 'damaged':
      return `${error.database}.db in ${folder} is damaged (${error.detail}). Nothing was changed and nothing is printed; keep the folder and call the registry.`;
    case 'notWritable':
      return `${folder} cannot be written by this user.`;
    case 'ioError':
      return `The disk under ${folder} fails (I/O error). Nothing is printed; replace the disk and keep this one.`;
    default:
      return assertNever(error);
  }
}

function deviceLine(fault: DeviceConfigFault): string {
  const { device, kind } = fault;
  if (kind === 'duplicateName') return `devices: the name ${device} is used twice.`;
  if (kind === 'environmentConflict') {
    return `devices: ${device} asks for another ${fault.variable} than a device of the same host.`;
  }
  if (kind === 'unknownDriver') return `devices: ${device}: there is no driver of that name.`;
  if (kind === 'wrongClass') {
    return `devices: ${device}: its driver is for a ${fault.driverClass}.`;
  }
  return `devices: ${device}: options: ${fault.issues.join('; ')}.`;
}

/** One or more plain lines, each a whole sentence. */
export function startupErrorLines(error: StartupError): string[] {
  switch (error.kind) {
    case 'config':
      return configErrorLines(error.error);
    case 'secretFile':
      return [`${error.key}: ${error.file} cannot be used (${error.reason}).`];
    case 'data':
      return [dataLine(error.folder, error.error)];
    case 'signer':
      return [
        error.error.kind === 'keyMissing'
          ? 'There is a journal but not the key that signed it (keys/journal.key.pem). Bring the key back, or let the registry decide; nothing is printed until then.'
          : 'The key of the journal (keys/journal.key.pem) cannot be read as an ed25519 key.',
      ];
    case 'journal':
      return [
        error.error.kind === 'broken'
          ? `The journal does not hold from row ${error.error.firstBreak.seq} on (${error.error.firstBreak.reason}). Nothing is printed; keep the folder and call the registry.`
          : 'The journal and its table of attempts disagree. Nothing is printed; keep the folder and call the registry.',
      ];
    case 'devices':
      return error.error.faults.map(deviceLine);
    case 'port':
      return [
        error.reason === 'taken'
          ? `${error.key}: port ${error.port} is taken by another program.`
          : `${error.key}: this user may not take port ${error.port}.`,
      ];
    default:
      return assertNever(error);
  }
}
