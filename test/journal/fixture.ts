import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import type { Journal } from '../../src/journal/journal.ts';
import type { ChainedJournal } from '../../src/journal/chained-journal.ts';
import { openFileSigner, type CheckpointSigner } from '../../src/journal/chain/signer.ts';
import { journalIsEmpty, openJournal } from '../../src/journal/open-journal.ts';
import { openDataFolder, type DataFolder } from '../../src/store/data-folder.ts';

export const TERMINAL = 'ADM-9901-01';

export interface OpenedFixture {
  readonly path: string;
  readonly folder: DataFolder;
  readonly journal: ChainedJournal;
  readonly signer: CheckpointSigner;
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'anjungan-journal-'));

/** Opens a journal in `path` as core does; throws where core would refuse. */
export function openFixture(path: string, clock: Clock = new FakeClock()): OpenedFixture {
  const folder = openDataFolder(path, { reserveBytes: 0 });
  if (!folder.ok) throw new Error(`data folder: ${folder.error.kind}`);
  const database = folder.value.journal;
  const signer = openFileSigner(folder.value.keysFolder, { mayCreate: journalIsEmpty(database) });
  if (!signer.ok) throw new Error(`signer: ${signer.error.kind}`);
  const opened = openJournal({ database, signer: signer.value, clock, terminalId: TERMINAL });
  if (!opened.ok) {
    folder.value.close();
    throw new Error(`journal: ${JSON.stringify(opened.error)}`);
  }
  return { path, folder: folder.value, journal: opened.value.journal, signer: signer.value };
}

export const discard = (path: string): void => rmSync(path, { recursive: true, force: true });

export const started: JournalEvent = {
  kind: 'core.started',
  version: '0.1.0',
  mode: 'specimen',
  boot: 'boot_AAAAAAAAAAAAAAAA',
  previousStop: 'first',
};

export const touched = (): JournalEvent => ({
  kind: 'session.opened',
  sessionId: newId('ses'),
  trigger: 'touch',
});

/** As a start does it, over the same database. */
export const openAgain = ({ folder, signer }: OpenedFixture, clock: Clock) =>
  openJournal({ database: folder.journal, signer, clock, terminalId: TERMINAL });

/** One attempt from its first state to its outcome, whose report waits, as issuance records it. */
export async function recordAttempt(journal: Pick<Journal, 'append'>): Promise<string> {
  const attemptId = newId('att');
  const which = {
    attemptId,
    sessionId: newId('ses'),
    requestId: newId('req'),
    documentKind: 'kk',
  } as const;
  const states = ['claiming', 'claimed', 'composed', 'printIntent', 'printed'] as const;
  for (const [index, to] of states.entries()) {
    const from = states[index - 1] ?? null;
    const whose = from === null ? which : { attemptId };
    await journal.append({ events: [{ kind: 'attempt.stateEntered', ...whose, from, to }] });
  }
  const outcome = {
    outcome: 'delivered',
    evidence: 'deviceReported',
    faultCode: null,
    capturedOldCard: false,
  } as const;
  const report = {
    ...outcome,
    attemptId,
    requestId: which.requestId,
    terminalId: TERMINAL,
    blankSerial: null,
    blankBatch: null,
    settledAt: 0,
  };
  await journal.append({
    events: [
      { kind: 'attempt.stateEntered', attemptId, from: 'printed', to: 'confirming' },
      { kind: 'attempt.settled', ...which, ...outcome, blank: null },
    ],
    also: (tx) => tx.enqueue(`outcomeReport:${attemptId}`, { kind: 'outcomeReport', report }),
  });
  return attemptId;
}
