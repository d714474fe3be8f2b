import * as z from 'zod';
import { journalHeadSchema, type JournalHead } from '../../registry/ports.ts';
import type { Database } from '../../store/database.ts';
import type { SqlReader, SqlWriter } from '../../store/sql.ts';

const bytes = z.instanceof(Uint8Array);
const checkpointRowSchema = z
  .strictObject({
    size: z.number().int(),
    head: bytes,
    at_ms: z.number().int(),
    terminal_id: z.string(),
    algorithm: journalHeadSchema.shape.algorithm,
    signature: bytes,
  })
  .transform((row): JournalHead => ({
    terminalId: row.terminal_id,
    size: row.size,
    head: Buffer.from(row.head).toString('hex'),
    at: row.at_ms,
    algorithm: row.algorithm,
    signature: Buffer.from(row.signature).toString('base64'),
  }));

export function storeCheckpoint(sql: SqlWriter, head: JournalHead): void {
  sql.run(
    `INSERT INTO checkpoints (size, head, at_ms, terminal_id, algorithm, signature)
     VALUES (?, ?, ?, ?, ?, ?)`,
    head.size,
    Buffer.from(head.head, 'hex'),
    head.at,
    head.terminalId,
    head.algorithm,
    Buffer.from(head.signature, 'base64'),
  );
}

export function newestCheckpoint(sql: SqlReader): JournalHead | null {
  const newest = 'SELECT * FROM checkpoints ORDER BY size DESC LIMIT 1';
  return sql.get(checkpointRowSchema, newest) ?? null;
}

/** A checkpoint as it is stored; `head` is null where it cannot be read as one. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly head: JournalHead | null;
}

/** All of them, in order of size, for a reader who trusts nothing. */
export function* storedCheckpoints(database: Database): IterableIterator<StoredCheckpoint> {
  const query = `SELECT size, head, at_ms, terminal_id, algorithm, signature
    FROM checkpoints ORDER BY size`;
  for (const [size, head, at_ms, terminal_id, algorithm, signature] of database.iterateRaw(query)) {
    const row = { size, head, at_ms, terminal_id, algorithm, signature };
    yield { size: Number(size), head: checkpointRowSchema.safeParse(row).data ?? null };
  }
}
