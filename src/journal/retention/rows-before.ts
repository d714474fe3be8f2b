import * as z from 'zod';
import type { SqlReader } from '../../store/sql.ts';

const atRow = z.strictObject({ at_ms: z.number().int() });

/** How many rows are older than `beforeMs`, found by halving: times rise with the numbers of rows. */
export function rowsBefore(sql: SqlReader, beforeMs: number, size: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    const row = sql.get(atRow, 'SELECT at_ms FROM rows WHERE seq = ?', middle);
    if (row !== undefined && row.at_ms < beforeMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
