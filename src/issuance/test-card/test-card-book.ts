import * as z from 'zod';
import type { JournalEventOf } from '../../journal/catalogue.ts';
import { parseRow } from '../../journal/chain/row-body.ts';
import type { SqlReader } from '../../store/sql.ts';

const idRow = z.strictObject({ id: z.string() });
const bodyRow = z.strictObject({ seq: z.number().int(), body: z.string() });

type Ordered = JournalEventOf<'testCard.ordered'>;
type Commanded = JournalEventOf<'testCard.commanded'>;
type Settled = JournalEventOf<'testCard.settled'>;

/** A test card as the record has it. */
export interface TestCardRecord {
  readonly ordered: Ordered;
  /** Milliseconds since the Unix epoch. */
  readonly orderedAt: number;
  /** The newest command that was announced; null: nothing has moved. */
  readonly commanded: Commanded | null;
  readonly settled: Settled | null;
}

/** Test cards of which the record tells no end, oldest first. */
export const unsettledTestCards = (sql: SqlReader): readonly string[] =>
  sql
    .all(
      idRow,
      `SELECT json_extract(body, '$.event.testCardId') AS id FROM rows
       WHERE asked_kind = 'testCard.ordered' AND json_extract(body, '$.event.testCardId') NOT IN
         (SELECT json_extract(body, '$.event.testCardId') FROM rows WHERE asked_kind = 'testCard.settled')
       ORDER BY seq`,
    )
    .map(({ id }) => id);

/** The newest test cards, at most `limit`. */
export const newestTestCards = (sql: SqlReader, limit: number): readonly TestCardRecord[] =>
  sql
    .all(
      idRow,
      `SELECT json_extract(body, '$.event.testCardId') AS id FROM rows
       WHERE asked_kind = 'testCard.ordered' ORDER BY seq DESC LIMIT ?`,
      limit,
    )
    .flatMap(({ id }) => testCardOf(sql, id) ?? []);

export function testCardOf(sql: SqlReader, testCardId: string): TestCardRecord | null {
  const rows = sql
    .all(
      bodyRow,
      `SELECT seq, body FROM rows WHERE asked_kind IN
         ('testCard.ordered', 'testCard.commanded', 'testCard.settled') AND
         json_extract(body, '$.event.testCardId') = ? ORDER BY seq`,
      testCardId,
    )
    .map(({ seq, body }) => parseRow(seq, body));
  const first = rows[0];
  if (first?.event.kind !== 'testCard.ordered') return null;
  const events = rows.map(({ event }) => event);
  return {
    ordered: first.event,
    orderedAt: first.at,
    commanded: events.findLast((event) => event.kind === 'testCard.commanded') ?? null,
    settled: events.findLast((event) => event.kind === 'testCard.settled') ?? null,
  };
}
