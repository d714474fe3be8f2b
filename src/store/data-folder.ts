import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import type { Database } from './database.ts';
import { freeBytes, storageFaultOf } from './faults.ts';
import { InstanceLock } from './instance-lock.ts';
import { migrationsOf, openDatabase, type OpenDatabaseError } from './open-database.ts';

/** Room that must be left before a session may start: journal, spool and a day of logs. */
export const DEFAULT_RESERVE_BYTES = 64 * 1024 * 1024;

export type DataFolderError =
  | { readonly kind: 'diskFull'; readonly freeBytes: number; readonly neededBytes: number }
  /** Another core holds this folder. */
  | { readonly kind: 'alreadyRunning' }
  | {
      readonly kind: 'newerSchema';
      readonly database: DatabaseName;
      readonly found: number;
      readonly supported: number;
    }
  /** Another edition of this software wrote it, in a form that this one does not read. */
  | { readonly kind: 'otherFormat'; readonly database: DatabaseName }
  | { readonly kind: 'damaged'; readonly database: DatabaseName; readonly detail: string }
  | { readonly kind: 'notWritable' }
  | { readonly kind: 'ioError' };

type DatabaseName = 'journal' | 'keys' | 'lock';

export interface DataFolder {
  readonly path: string;
  readonly journal: Database;
  readonly keys: Database;
  readonly keysFolder: string;
  readonly configFolder: string;
  readonly runFolder: string;
  readonly spoolFolder: string;
  readonly logFolder: string;
  /** Says `diskFull` when less than the reserve is left; asked before and between sessions. */
  checkSpace(): Result<void, Extract<DataFolderError, { kind: 'diskFull' }>>;
  close(): void;
}

/**
 * Opens the data folder, made where it is not there, and holds it against a second core: room on the
 * disk first, then the lock, then the databases. On an error nothing stays open.
 */
export function openDataFolder(
  path: string,
  options: { readonly reserveBytes?: number } = {},
): Result<DataFolder, DataFolderError> {
  const reserveBytes = options.reserveBytes ?? DEFAULT_RESERVE_BYTES;
  const opened: { release(): void }[] = [];
  const fail = (error: DataFolderError): Result<DataFolder, DataFolderError> => {
    releaseAll(opened);
    return err(error);
  };
  try {
    makeFolders(path);
    const space = checkSpace(path, reserveBytes);
    if (!space.ok) return fail(space.error);
    opened.push(InstanceLock.take(join(path, 'lock.db')));
    const journal = openDatabase(join(path, 'journal.db'), migrationsOf('journal'));
    if (!journal.ok) return fail(folderErrorOf(journal.error, 'journal', path, reserveBytes));
    opened.push({ release: () => journal.value.close() });
    const keys = openDatabase(join(path, 'keys.db'), migrationsOf('keys'));
    if (!keys.ok) return fail(folderErrorOf(keys.error, 'keys', path, reserveBytes));
    opened.push({ release: () => keys.value.close() });
    return ok({
      path,
      journal: journal.value,
      keys: keys.value,
      keysFolder: join(path, 'keys'),
      configFolder: join(path, 'config'),
      runFolder: join(path, 'run'),
      spoolFolder: join(path, 'spool'),
      logFolder: join(path, 'log'),
      checkSpace: () => checkSpace(path, reserveBytes),
      close: () => releaseAll(opened),
    });
  } catch (error) {
    const fault = storageFaultOf(error, existingPartOf(path));
    if (fault === null) throw error;
    if (fault === 'damaged') {
      return fail({ kind: 'damaged', database: 'lock', detail: 'lock.db should be empty' });
    }
    return fail(folderErrorOf({ kind: fault }, 'lock', path, reserveBytes));
  }
}

/** The folder may be passed through, so that other users reach their sockets in `run`, but not listed. */
function makeFolders(path: string): void {
  if (mkdirSync(path, { recursive: true }) !== undefined) chmodSync(path, 0o711);
  for (const [name, mode] of [
    ['keys', 0o700],
    ['config', 0o700],
    ['run', 0o711],
    ['spool', 0o700],
    ['log', 0o700],
  ] as const) {
    const folder = join(path, name);
    // Modes that an operator set on an existing folder are theirs.
    if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, mode);
  }
}

function releaseAll(opened: { release(): void }[]): void {
  for (const resource of opened.splice(0).reverse()) resource.release();
}

function checkSpace(
  path: string,
  neededBytes: number,
): Result<void, Extract<DataFolderError, { kind: 'diskFull' }>> {
  const free = freeBytes(path);
  return free < neededBytes
    ? err({ kind: 'diskFull', freeBytes: free, neededBytes })
    : ok(undefined);
}

function folderErrorOf(
  error: OpenDatabaseError,
  database: DatabaseName,
  path: string,
  neededBytes: number,
): DataFolderError {
  switch (error.kind) {
    case 'diskFull':
      return { kind: 'diskFull', freeBytes: freeBytes(existingPartOf(path)), neededBytes };
    case 'busy':
      return { kind: 'alreadyRunning' };
    case 'newerSchema':
    case 'otherFormat':
    case 'damaged':
      return { ...error, database };
    case 'notWritable':
    case 'ioError':
      return { kind: error.kind };
  }
}

function existingPartOf(path: string): string {
  return existsSync(path) ? path : existingPartOf(dirname(path));
}
