import { statSync } from 'node:fs';
import { systemClock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import { configErrorLines, loadConfig } from '../core/config/load.ts';
import type { Config } from '../core/config/schema.ts';
import { openRecord, recordOptions } from '../core/foundation.ts';
import { startupErrorLines } from '../core/startup-error.ts';
import type { Journal } from '../journal/journal.ts';
import { holdsNik, staffNoteSchema, type DecidedBy } from '../journal/staff-note.ts';
import { Vault } from '../journal/vault/vault.ts';
import type { JournalHead } from '../registry/ports.ts';
import { NO_ANSWER, type Report } from './output.ts';

/** The record, opened for somebody who answers for it with name and reason while core is down. */
export interface OwnedRecord {
  readonly config: Config;
  readonly journal: Journal;
  readonly vault: Vault;
  readonly by: DecidedBy;
  /** The heads that prove that rows are lost; some only where the caller accepts a loss. */
  readonly lost: readonly JournalHead[];
  /** Signs what was appended and lets go of the data folder. */
  readonly close: () => Promise<void>;
}

export interface OwnerAsk {
  readonly dataFolder: string;
  readonly configFile: string;
  /** Who asks, and why, as the person says. */
  readonly name: string;
  readonly reason: string;
  readonly acceptsLoss?: boolean;
}

/**
 * Opens the record for its owner: the user whom the data folder belongs to, or root, while core is down.
 * Nobody signs in here, so the user's number goes on record beside the name that was given.
 */
export function openAsOwner(ask: OwnerAsk): Result<OwnedRecord, Report> {
  const refuse = (json: unknown, lines: readonly string[]): Result<never, Report> =>
    err({ json, lines, exitStatus: NO_ANSWER });
  const note = staffNoteSchema.safeParse({ name: ask.name, reason: ask.reason });
  if (!note.success) {
    return refuse({ error: { kind: 'noteRefused' } }, [
      '--by takes the name of who asks and --reason why, each one line of text.',
    ]);
  }
  if (holdsNik(note.data)) {
    return refuse({ error: { kind: 'noteHoldsNik' } }, [
      'Neither --by nor --reason takes 16 digits, as a NIK has: name the request and not the person.',
    ]);
  }
  const loaded = loadConfig(ask.configFile);
  if (!loaded.ok) return refuse({ error: loaded.error }, configErrorLines(loaded.error));
  const osUid = process.getuid?.() ?? 0;
  if (osUid !== 0 && osUid !== statSync(ask.dataFolder).uid) {
    return refuse({ error: { kind: 'notOwner' } }, [
      'Only the owner of the data folder may do this while core is down.',
    ]);
  }
  const { config } = loaded.value;
  const { acceptsLoss = false } = ask;
  const options = { ...recordOptions(config), clock: systemClock, acceptsLoss };
  const opened = openRecord(ask.dataFolder, options);
  if (!opened.ok) return refuse({ error: opened.error }, startupErrorLines(opened.error));
  const { journal, folder, lost } = opened.value;
  return ok({
    config,
    journal,
    vault: new Vault({ journal, keys: folder.keys, clock: systemClock }),
    by: { ...note.data, personId: null, osUid },
    lost,
    close: async () => {
      await journal.checkpoint();
      folder.close();
    },
  });
}
