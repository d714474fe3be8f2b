import { closeSync, constants, existsSync, openSync, readSync, writeSync } from 'node:fs';
import type { KeyObject } from 'node:crypto';
import { journalHeadSchema, type JournalHead } from '../../registry/ports.ts';
import { storageFaultOf } from '../../store/faults.ts';
import { headIsSignedBy } from './head.ts';

/** One sector: a disk writes it whole or not at all. */
const SLOT_BYTES = 512;

/**
 * The newest signed head in a file that is not the journal's, so that an older copy of the journal put
 * back, or one whose newest rows were lost, is noticed without the registry. It is written after each
 * commit and never flushed: after a power cut it may be older than the journal, and never newer.
 */
export class KeptHead {
  readonly #path: string;
  #slot = 0;
  /** Open from the first write on: to open the file anew costs more than to write it. */
  #file: number | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** In turn into two slots, so that a torn write leaves the other. */
  write(head: JournalHead): void {
    const slot = Buffer.alloc(SLOT_BYTES, ' ');
    slot.write(JSON.stringify(head), 'utf8');
    try {
      this.#file ??= openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
      writeSync(this.#file, slot, 0, SLOT_BYTES, this.#slot * SLOT_BYTES);
    } catch (error) {
      // An older head is still true of the journal; the journal itself will meet a disk that fails.
      if (storageFaultOf(error, this.#path) === null) throw error;
    }
    this.#slot = 1 - this.#slot;
  }

  /** Gives the file back. A next write opens it again. */
  close(): void {
    const file = this.#file;
    this.#file = null;
    if (file !== null) closeSync(file);
  }

  /** The heads of this terminal and key that can be read, newest first: two at most. */
  read(expected: { readonly publicKey: KeyObject; readonly terminalId: string }): JournalHead[] {
    if (!existsSync(this.#path)) return [];
    const both = Buffer.alloc(2 * SLOT_BYTES);
    const file = openSync(this.#path, 'r');
    readSync(file, both, 0, both.length, 0);
    closeSync(file);
    return [both.subarray(0, SLOT_BYTES), both.subarray(SLOT_BYTES)]
      .map(parseSlot)
      .filter((head) => head !== null)
      .filter((head) => head.terminalId === expected.terminalId)
      .filter((head) => headIsSignedBy(head, expected.publicKey))
      .sort((a, b) => b.size - a.size);
  }
}

function parseSlot(slot: Buffer): JournalHead | null {
  try {
    return journalHeadSchema.safeParse(JSON.parse(slot.toString('utf8'))).data ?? null;
  } catch {
    // Torn by a power cut, or never written: the other slot counts.
    return null;
  }
}
