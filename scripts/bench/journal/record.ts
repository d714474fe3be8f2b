import { mkdirSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { newId } from '../../../src/base/ids.ts';
import { openRecord, type OpenedRecord } from '../../../src/core/foundation.ts';
import type { JournalEvent } from '../../../src/journal/catalogue.ts';
import type { Journal } from '../../../src/journal/journal.ts';

const root = path.resolve(import.meta.dirname, '../../../out/bench');

/** A folder on the disk of the checkout, not on a file system in memory. */
export function benchFolder(): string {
  mkdirSync(root, { recursive: true });
  return mkdtempSync(path.join(root, 'journal-'));
}

/** The record as core opens it: data folder, key in a file, kept head. */
export function openAt(folder: string): OpenedRecord {
  const options = { reserveBytes: 0, terminalId: 'ADM-SPESIMEN-01', clock: systemClock };
  const opened = openRecord(folder, options);
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

export const touched = (): JournalEvent => ({
  kind: 'session.opened',
  sessionId: newId('ses'),
  trigger: 'touch',
});

const counters = { fed: 12, printedSides: 20, presented: 11, taken: 11, rejected: 1, retracted: 0 };

/** What issuance keeps beside an attempt: about as long as the real one. */
const detail = {
  blank: { kind: 'ktpEl', batch: 'B-2026-01', serial: 'KTP-000123', source: 'read' },
  countersBefore: counters,
  evidence: 'none',
  feeder: 'ktp',
  leaseExpiresAt: 1_767_603_600_000,
  oldCardFate: 'notConcerned',
} as const;

/** An attempt that goes to and fro between the announcement of a side and the printed side. */
export class Attempt {
  readonly #journal: Journal;
  readonly #ids = {
    attemptId: newId('att'),
    sessionId: newId('ses'),
    requestId: newId('req'),
    documentKind: 'ktpEl',
  } as const;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  async begin(): Promise<void> {
    await this.#enter(null, 'printed');
  }

  /** The whole transaction before a side is printed: state, command, what to go on from, and the signature. */
  async announce(): Promise<void> {
    const { attemptId } = this.#ids;
    await this.#journal.append({
      events: [
        {
          kind: 'attempt.stateEntered',
          attemptId,
          from: 'printed',
          to: 'printIntent',
          side: 'front',
          command: { device: 'card-printer', command: 'printSide' },
          sensors: { media: 'present', presented: 'notPresented', rejectBin: 'ok', counters },
        },
      ],
      also: (tx) => tx.setAttemptDetail(attemptId, detail),
    });
  }

  async printed(): Promise<void> {
    await this.#enter('printIntent', 'printed');
  }

  async #enter(from: 'printIntent' | null, to: 'printed'): Promise<void> {
    const { attemptId } = this.#ids;
    const which = from === null ? this.#ids : { attemptId };
    await this.#journal.append({ events: [{ kind: 'attempt.stateEntered', ...which, from, to }] });
  }
}
