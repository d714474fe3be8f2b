import path from 'node:path';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import { openFileSigner } from '../journal/chain/signer.ts';
import type { Journal } from '../journal/journal.ts';
import { journalIsEmpty, openJournal } from '../journal/open-journal.ts';
import { openDataFolder, type DataFolder } from '../store/data-folder.ts';
import { loadConfig } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { readKeys, type TerminalKeys } from './keys.ts';
import type { StartupError } from './startup-error.ts';
import { VERSION } from './version.ts';

/** What everything else stands on: a checked configuration, its keys, the data folder and the record. */
export interface Foundation {
  readonly clock: Clock;
  readonly config: Config;
  readonly keys: TerminalKeys;
  readonly folder: DataFolder;
  readonly journal: Journal;
  readonly startedAt: number;
  /** Completes when the events are durable. */
  readonly record: (events: readonly JournalEvent[]) => Promise<void>;
}

/** Opens it all, or says why not and leaves nothing open. The start itself is on record when it completes. */
export async function openFoundation(
  dataFolder: string,
  clock: Clock,
): Promise<Result<Foundation, StartupError>> {
  const loaded = loadConfig(path.join(dataFolder, 'config/anjungan.toml'));
  if (!loaded.ok) return err({ kind: 'config', error: loaded.error });
  const { config, digest } = loaded.value;
  const keys = readKeys(loaded.value);
  if (!keys.ok) return keys;
  const reserveBytes = config.storage.minimumFreeMiB * 1024 * 1024;
  const opened = openRecord(dataFolder, { reserveBytes, terminalId: config.terminal.id, clock });
  if (!opened.ok) return opened;
  const { folder, journal, previousStop } = opened.value;
  const record = async (events: readonly JournalEvent[]): Promise<void> => {
    await journal.append({ events });
  };
  await record([
    { kind: 'core.started', version: VERSION, mode: config.mode, previousStop },
    { kind: 'config.loaded', digest, configVersion: null, signed: false },
  ]);
  const startedAt = clock.now();
  return ok({ clock, config, keys: keys.value, folder, journal, startedAt, record });
}

/** The data folder and its journal, for core and for commands that work while core is down. */
export function openRecord(
  dataFolder: string,
  options: {
    readonly reserveBytes: number;
    readonly terminalId: string;
    readonly clock: Clock;
  },
): Result<
  {
    readonly folder: DataFolder;
    readonly journal: Journal;
    readonly previousStop: 'first' | 'clean' | 'unclean';
  },
  StartupError
> {
  const { reserveBytes, terminalId, clock } = options;
  const data = openDataFolder(dataFolder, { reserveBytes });
  if (!data.ok) return err({ kind: 'data', folder: dataFolder, error: data.error });
  const folder = data.value;
  const fail = (error: StartupError): Result<never, StartupError> => {
    folder.close();
    return err(error);
  };
  const mayCreate = journalIsEmpty(folder.journal);
  const signer = openFileSigner(folder.keysFolder, { mayCreate });
  if (!signer.ok) return fail({ kind: 'signer', error: signer.error });
  const opened = openJournal({
    database: folder.journal,
    signer: signer.value,
    clock,
    terminalId,
  });
  if (!opened.ok) return fail({ kind: 'journal', error: opened.error });
  return ok({ folder, ...opened.value });
}
