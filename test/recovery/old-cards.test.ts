import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordEntry } from '../../drivers/cabinet/record.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { openRecord } from '../../src/core/foundation.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import { readJournal } from '../journey/support/journal-file.ts';
import { oldCardsDiffer, THE_BEGINNING, type Moment } from './process/old-cards.ts';

const device = 'old-card-slot';
const foundAtStart = { kind: 'oldCard.foundAtStart', device, attemptId: null } as const;
const kept = (captured: boolean): JournalEvent => ({
  kind: 'oldCard.keptForDesk',
  device,
  attemptId: null,
  captured,
  capturedCount: 1,
});
const fell = (seq: number): RecordEntry => ({ seq, at: 0, type: 'oldCardCaptured', uidHex: null });

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'anj-old-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A journal of these events in the folder. */
async function write(events: readonly JournalEvent[]): Promise<void> {
  const clock = new FakeClock();
  const opened = openRecord(dir, { reserveBytes: 1, terminalId: 'T-1', clock });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  await opened.value.journal.append({ events });
  opened.value.folder.close();
}
const differ = (record: readonly RecordEntry[], since: Moment): string[] =>
  oldCardsDiffer(dir, readJournal(dir), record, since);

describe('old cards since a moment', () => {
  it('agree where each that fell was announced, and is in the ledger or in doubt', async () => {
    await write([foundAtStart, kept(true), foundAtStart, kept(false)]);
    expect(differ([fell(1), fell(2)], THE_BEGINNING)).toEqual([]);
  });

  it('differ where one is lost after a doubt that was before', async () => {
    await write([foundAtStart, kept(false)]);
    const { rows } = readJournal(dir);
    const since = { seq: rows.at(-1)?.seq ?? 0, moves: 0 };
    await write([foundAtStart]);
    expect(differ([fell(1)], since)).toEqual([
      '1 old cards fell, the ledger has 0 more and 0 in doubt',
    ]);
  });

  it('differ where one fell in the place of one that was to be given back', async () => {
    const told = { sessionId: 'ses_AAAAAAAAAAAAAAAA', commandId: 'cmd_AAAAAAAAAAAAAAAA', device };
    await write([{ kind: 'oldCard.returnCommanded', ...told }, kept(true)]);
    expect(differ([fell(1)], THE_BEGINNING)).toEqual(['1 old cards fell, 0 were announced']);
  });
});
