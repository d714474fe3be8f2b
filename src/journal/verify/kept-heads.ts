import * as z from 'zod';
import type { JournalHead } from '../../registry/ports.ts';
import type { SqlReader } from '../../store/sql.ts';

const storedHash = z.strictObject({ hash: z.instanceof(Uint8Array) });
const acceptedLoss = z.strictObject({ lost_after: z.number(), lost_through: z.number() });

/**
 * The first of these heads, kept elsewhere, that a journal of `rows` rows does not bear out: it covers
 * more rows, ends in another hash, or is not ours at all. A loss that a person took note of counts no more.
 */
export function firstUnborneHead(
  sql: SqlReader,
  rows: number,
  heads: readonly JournalHead[],
  isOurs: (head: JournalHead) => boolean,
): JournalHead | null {
  const unborne = heads.filter(
    (head) => head.size > rows || hashAt(sql, head.size) !== head.head || !isOurs(head),
  );
  if (unborne.length === 0) return null;
  const accepted = acceptedLosses(sql);
  const isAccepted = ({ size }: JournalHead): boolean =>
    accepted.some(({ lost_after, lost_through }) => size > lost_after && size <= lost_through);
  return unborne.find((head) => !isAccepted(head)) ?? null;
}

function hashAt(sql: SqlReader, seq: number): string | null {
  const row = sql.get(storedHash, 'SELECT hash FROM rows WHERE seq = ?', seq);
  return row === undefined ? null : Buffer.from(row.hash).toString('hex');
}

const acceptedLosses = (sql: SqlReader): z.infer<typeof acceptedLoss>[] =>
  sql.all(
    acceptedLoss,
    `SELECT json_extract(body, '$.event.lostAfter') AS lost_after,
       json_extract(body, '$.event.lostThrough') AS lost_through
     FROM rows WHERE asked_kind = 'journal.lossAccepted'`,
  );
