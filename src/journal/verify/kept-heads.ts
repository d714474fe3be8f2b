import * as z from 'zod';
import type { JournalHead } from '../../registry/ports.ts';
import type { SqlReader } from '../../store/sql.ts';
import { acceptedLosses, headsOfLosses } from './accepted-losses.ts';

const storedHash = z.strictObject({ hash: z.instanceof(Uint8Array) });

/**
 * Those of these heads, kept elsewhere, that a journal of `rows` rows does not bear out: they cover more
 * rows, end in another hash, or are not ours at all. A head that a person took note of as lost counts no
 * more; one of the same size that was signed since does.
 */
export function unborneHeads(
  sql: SqlReader,
  rows: number,
  heads: readonly JournalHead[],
  isOurs: (head: JournalHead) => boolean,
): JournalHead[] {
  const unborne = heads.filter(
    (head) => head.size > rows || hashAt(sql, head.size) !== head.head || !isOurs(head),
  );
  if (unborne.length === 0) return [];
  const ofLosses = headsOfLosses(acceptedLosses(sql));
  return unborne.filter(({ head }) => !ofLosses.has(head));
}

function hashAt(sql: SqlReader, seq: number): string | null {
  const row = sql.get(storedHash, 'SELECT hash FROM rows WHERE seq = ?', seq);
  return row === undefined ? null : Buffer.from(row.hash).toString('hex');
}
