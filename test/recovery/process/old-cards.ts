import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { RecordEntry } from '../../../drivers/cabinet/record.ts';
import type { JournalContent } from '../../journey/support/journal-file.ts';
import { attemptCommandOf } from './announcements.ts';

/** A moment in the life of a world: the newest row of the journal, and the newest entry of the cabinet's record. */
export interface Moment {
  readonly seq: number;
  readonly moves: number;
}

export const THE_BEGINNING: Moment = { seq: 0, moves: 0 };

const oldCardCounts = z.object({ counted: z.number(), unproved: z.number() });
const OLD_CARDS = `SELECT (SELECT count(*) FROM old_cards WHERE captured_seq > :seq) AS counted,
  (SELECT count(*) FROM (
    SELECT attempt_id FROM attempts
      WHERE opened_seq > :seq AND json_extract(detail_json, '$.oldCardFate') = 'uncertain'
    UNION SELECT json_extract(body, '$.event.attemptId') FROM rows
      WHERE seq > :seq AND kind = 'oldCard.keptForDesk' AND json_extract(body, '$.event.captured') = 0
  )) AS unproved`;

/**
 * What is wrong with the old cards since a moment, a doubt of before excusing nothing: each that fell was
 * announced, and the ledger has as many more as fell. Only where an attempt or a start says that nobody proved
 * it may one be in the bin that the ledger does not have, one for each of those.
 */
export function oldCardsDiffer(
  dataDir: string,
  { rows }: JournalContent,
  record: readonly RecordEntry[],
  { seq, moves }: Moment,
): string[] {
  const fell = record.filter((one) => one.type === 'oldCardCaptured' && one.seq > moves).length;
  const announced = rows.filter(
    (row) =>
      row.seq > seq &&
      (row.event.kind === 'oldCard.foundAtStart' || attemptCommandOf(row.event) === 'captureCard'),
  ).length;
  const database = new DatabaseSync(path.join(dataDir, 'journal.db'), { readOnly: true });
  const found = database.prepare(OLD_CARDS).get({ seq });
  database.close();
  const { counted, unproved } = oldCardCounts.parse(found);
  return [
    ...(fell > announced ? [`${fell} old cards fell, ${announced} were announced`] : []),
    ...(counted > fell || counted + unproved < fell
      ? [`${fell} old cards fell, the ledger has ${counted} more and ${unproved} in doubt`]
      : []),
  ];
}
