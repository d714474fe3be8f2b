import path from 'node:path';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import { KeptHead } from '../journal/chain/kept-head.ts';
import {
  openFileSigner,
  type CheckpointSigner,
  type FileSignerError,
} from '../journal/chain/signer.ts';
import { openTpmSigner, type TpmSignerError } from '../journal/chain/tpm-signer.ts';
import type { Journal } from '../journal/journal.ts';
import { journalIsEmpty, openJournal, type OpenedJournal } from '../journal/open-journal.ts';
import { Vault } from '../journal/vault/vault.ts';
import { openDataFolder, type DataFolder } from '../store/data-folder.ts';
import { ClockGuard, newestRecordedMs } from './clock-guard.ts';
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
  readonly vault: Vault;
  readonly clockGuard: ClockGuard;
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
  const opened = openRecord(dataFolder, { ...recordOptions(config), clock });
  if (!opened.ok) return opened;
  const { folder, journal, previousStop } = opened.value;
  const vault = new Vault({ journal, keys: folder.keys, clock });
  const withoutKey = vault.casesWithoutKey().length;
  if (withoutKey > 0) {
    folder.close();
    return err({ kind: 'caseKeysMissing', cases: withoutKey });
  }
  const record = async (events: readonly JournalEvent[]): Promise<void> => {
    await journal.append({ events });
  };
  const recordedMs = newestRecordedMs(journal.reader, journal.size());
  await record([
    {
      kind: 'core.started',
      version: VERSION,
      mode: config.mode,
      boot: journal.boot,
      previousStop,
    },
    { kind: 'config.loaded', digest, configVersion: null, signed: false },
  ]);
  const clockGuard = new ClockGuard({ clock, record, recordedMs });
  vault.dropIdleKeys();
  await vault.finishErasures();
  const startedAt = clock.now();
  return ok({
    clock,
    config,
    keys: keys.value,
    folder,
    journal,
    vault,
    clockGuard,
    startedAt,
    record,
  });
}

export interface RecordOptions {
  readonly reserveBytes: number;
  readonly terminalId: string;
  /** Absent: an ed25519 key in a file. */
  readonly signer?: Config['journal'];
}

/** What the configuration says of the record. */
export const recordOptions = ({ storage, terminal, journal }: Config): RecordOptions => ({
  reserveBytes: storage.minimumFreeMiB * 1024 * 1024,
  terminalId: terminal.id,
  signer: journal,
});

export interface OpenedRecord extends Omit<OpenedJournal, 'journal'> {
  readonly folder: DataFolder;
  readonly journal: Journal;
}

/** The data folder and its journal, for core and for commands that work while core is down. */
export function openRecord(
  dataFolder: string,
  options: RecordOptions & {
    readonly clock: Clock;
    /** Only for those who are about to record that a person took note that rows are lost. */
    readonly acceptsLoss?: boolean;
  },
): Result<OpenedRecord, StartupError> {
  const { reserveBytes, terminalId, clock, acceptsLoss = false } = options;
  const data = openDataFolder(dataFolder, { reserveBytes });
  if (!data.ok) return err({ kind: 'data', folder: dataFolder, error: data.error });
  const keptHead = new KeptHead(path.join(data.value.keysFolder, 'journal.head'));
  const folder: DataFolder = {
    ...data.value,
    close: () => {
      keptHead.close();
      data.value.close();
    },
  };
  const fail = (error: StartupError): Result<never, StartupError> => {
    folder.close();
    return err(error);
  };
  const signer = openSigner(folder, options.signer);
  if (!signer.ok) return fail({ kind: 'signer', error: signer.error });
  const opened = openJournal({
    database: folder.journal,
    signer: signer.value,
    clock,
    terminalId,
    keptHead,
    acceptsLoss,
  });
  if (!opened.ok) return fail({ kind: 'journal', terminalId, error: opened.error });
  return ok({ folder, ...opened.value });
}

/** The key that signs. It is made only under a record without rows, where there was none before. */
function openSigner(
  folder: DataFolder,
  chosen: Config['journal'] | undefined,
): Result<CheckpointSigner, FileSignerError | TpmSignerError> {
  const mayCreate = journalIsEmpty(folder.journal);
  if (chosen?.signer !== 'tpm') return openFileSigner(folder.keysFolder, { mayCreate });
  return openTpmSigner(
    { tcti: chosen.tpmTcti, handle: chosen.tpmHandle },
    { keysFolder: folder.keysFolder, scratchFolder: folder.runFolder, mayCreate },
  );
}
