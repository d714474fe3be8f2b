import * as z from 'zod';
import type { SqlReader } from '../../store/sql.ts';

const countRow = z.strictObject({ n: z.number().int() });

/** The answer to a question that selects one number as `n`. */
export function countOf(
  sql: SqlReader,
  query: string,
  ...params: readonly (string | number | null)[]
): number {
  return sql.get(countRow, query, ...params)?.n ?? 0;
}
