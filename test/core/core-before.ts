import type { Clock } from '../../src/base/clock.ts';
import { openRecord, type OpenedRecord } from '../../src/core/foundation.ts';
import { startupErrorLines } from '../../src/core/startup-error.ts';
import { Vault } from '../../src/journal/vault/vault.ts';
import { TERMINAL_ID } from '../cli/support/terminal-folder.ts';
import { recordAttempt, started, touched } from '../journal/fixture.ts';

export type Work = (opened: OpenedRecord, vault: Vault) => Promise<void>;

/** What a core that ran before did, from opening the record to letting go of it. */
export async function runBefore(
  dataFolder: string,
  clock: Clock,
  work: Work,
  terminalId = TERMINAL_ID,
): Promise<void> {
  const opened = openRecord(dataFolder, { reserveBytes: 0, terminalId, clock });
  if (!opened.ok) throw new Error(startupErrorLines(opened.error).join('\n'));
  const { journal, folder: data } = opened.value;
  await work(opened.value, new Vault({ journal, keys: data.keys, clock }));
  data.close();
}

export const day = async ({ journal }: OpenedRecord): Promise<void> => {
  await journal.append({ events: [started, touched()] });
  await recordAttempt(journal);
};
