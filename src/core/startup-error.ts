import { assertNever } from '../base/assert.ts';
import type { DeviceConfigFault, DeviceSupervisorError } from '../devices/ports.ts';
import type { OpenJournalError } from '../journal/open-journal.ts';
import type { FileSignerError } from '../journal/chain/signer.ts';
import type { TpmSignerError } from '../journal/chain/tpm-signer.ts';
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
  | { readonly kind: 'signer'; readonly error: FileSignerError | TpmSignerError }
  | { readonly kind: 'journal'; readonly terminalId: string; readonly error: OpenJournalError }
  /** Personal fields lie there sealed, and nobody recorded why their keys do not. */
  | { readonly kind: 'caseKeysMissing'; readonly cases: number }
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
      return ['damaged', 'newerSchema', 'otherFormat'].includes(error.error.kind)
        ? EX_DATAERR
        : EX_TEMPFAIL;
    case 'signer':
      return error.error.kind === 'tpmUnavailable' ? EX_TEMPFAIL : EX_DATAERR;
    case 'journal':
    case 'caseKeysMissing':
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
    case 'otherFormat':
      return `${error.database}.db in ${folder} was written in another format, as by an earlier version. Nothing was changed and nothing is printed; keep the folder, and start with an empty one or with the version that wrote it.`;
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
  if (kind === 'pcscNamespaceConflict') {
    return `devices: ${device} asks for another PC/SC daemon (csockName) than a device of the same host. Give one of them a host of its own.`;
  }
  return `devices: ${device}: options: ${fault.issues.join('; ')}.`;
}

function signerLine(error: FileSignerError | TpmSignerError): string {
  switch (error.kind) {
    case 'keyMissing':
      return 'There is a journal but not the key that signed it (keys/journal.key.pem). Bring the key back, or let the registry decide; nothing is printed until then.';
    case 'keyUnreadable':
      return 'The key of the journal (keys/journal.key.pem) cannot be read as an ed25519 key. Bring the right key back, or let the registry decide; nothing is printed until then.';
    case 'tpmUnavailable':
      return `No TPM answers at ${error.tcti}, or tpm2-tools are not installed. Nothing can be signed, so nothing is printed.`;
    case 'tpmKeyMissing':
      return `There is a journal, but the TPM holds no key at ${error.handle}: it is another TPM, or it was cleared. Nothing is printed; let the registry decide.`;
    case 'tpmKeyUnsuitable':
      return `The TPM's object at ${error.handle} is no P-256 key that may sign. Name another handle in journal.tpmHandle.`;
    default:
      return assertNever(error);
  }
}

const KEEP_AND_CALL = 'Nothing is printed; keep the folder and call the registry.';

/** Where the name of a table is no word for a technician. */
const namesOfTables: Readonly<Record<string, string>> = {
  old_cards: 'old cards',
  stock_incidents: 'incidents',
  outbox: 'messages to the registry',
};

function journalLine(error: OpenJournalError, terminalId: string): string {
  switch (error.kind) {
    case 'broken': {
      const { seq, reason, detail } = error.firstBreak;
      if (reason === 'otherTerminal') {
        return `This is the journal of another terminal, not of ${terminalId} (${detail}). ${KEEP_AND_CALL}`;
      }
      if (reason === 'checkpointSignature') {
        return `The newest signature of the journal is not of this terminal's key: it was signed by another key, or changed. ${KEEP_AND_CALL}`;
      }
      return `The journal does not hold from row ${seq} on (${reason}). ${KEEP_AND_CALL}`;
    }
    case 'stateMismatch':
      return `The journal and its table of ${namesOfTables[error.table] ?? error.table} disagree. ${KEEP_AND_CALL}`;
    case 'rowsLost':
      return `Rows of the journal are lost: it ends at row ${error.rows}, and this terminal signed row ${error.keptHead.size} before. An older copy was put back, or the disk lost what it had. Nothing is printed; put the right journal back, or let a person take note of the loss: anjungan journal accept-loss.`;
    default:
      return assertNever(error);
  }
}

/** What is wrong, in one or more plain lines; `anjungan config check` says it in the same words. */
export function startupErrorLines(error: StartupError): string[] {
  switch (error.kind) {
    case 'config':
      return configErrorLines(error.error);
    case 'secretFile':
      return [`${error.key}: ${error.file} cannot be used (${error.reason}).`];
    case 'data':
      return [dataLine(error.folder, error.error)];
    case 'signer':
      return [signerLine(error.error)];
    case 'journal':
      return [journalLine(error.error, error.terminalId)];
    case 'caseKeysMissing':
      return [
        `The keys of ${error.cases} cases are not in keys.db, though nobody erased them: keys.db was lost, or is an older copy. Nothing is printed; put the right keys.db back, or let a person take note of the loss: anjungan journal accept-loss.`,
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

const MEND = 'Mend what is named above and start it again.';

/** What to do, where the sentence of the fault does not say it. */
function remedyOf(error: StartupError): string | null {
  switch (error.kind) {
    case 'config':
    case 'secretFile':
    case 'devices':
    case 'port':
      return MEND;
    case 'data':
      if (error.error.kind === 'alreadyRunning') {
        return 'Let the other one serve, or stop it before you start this one.';
      }
      return error.error.kind === 'notWritable' ? MEND : null;
    case 'signer':
      return error.error.kind === 'tpmUnavailable' ? MEND : null;
    case 'journal':
    case 'caseKeysMissing':
      return null;
    default:
      return assertNever(error);
  }
}

/** What core says of a start it refuses: why, what became of documents and codes, and what to do. */
export function refusedStartLines(error: StartupError): string[] {
  const became = 'This core did not start: it printed nothing and used no code.';
  const remedy = remedyOf(error);
  return [...startupErrorLines(error), remedy === null ? became : `${became} ${remedy}`];
}
