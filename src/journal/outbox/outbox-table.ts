import * as z from 'zod';
import { canonicalJson } from '../../base/canonical-json.ts';
import type { SqlReader, SqlWriter } from '../../store/sql.ts';
import { laneOf, outboxMessageSchema, type OutboxItem, type OutboxMessage } from './message.ts';

/** Adds a message; the same key again changes nothing. */
export function enqueue(
  sql: SqlWriter,
  idempotencyKey: string,
  message: OutboxMessage,
  atMs: number,
): void {
  const checked = outboxMessageSchema.parse(message);
  sql.run(
    `INSERT INTO outbox (lane, idempotency_key, message_json, enqueued_at_ms)
     VALUES (?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING`,
    laneOf(checked),
    idempotencyKey,
    canonicalJson(checked),
    atMs,
  );
}

const itemSchema = z
  .strictObject({
    id: z.number().int(),
    lane: z.string(),
    idempotency_key: z.string(),
    message_json: z.string(),
    tries: z.number().int(),
  })
  .transform((row) => {
    const message = readMessage(row.message_json);
    const { id, lane, idempotency_key: idempotencyKey, tries } = row;
    return message === null ? null : { id, lane, idempotencyKey, message, tries };
  });

/** null for what another edition of this software may have written, or a disk may have spoiled. */
export function readMessage(json: string): OutboxMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
  return outboxMessageSchema.safeParse(value).data ?? null;
}

/**
 * The oldest waiting message of each lane, oldest lane first. Where that one cannot be read its lane
 * waits: it stays owed and counted, what comes after it is not sent before it, and others pass.
 */
export const frontOfLanes = (sql: SqlReader): (OutboxItem & { readonly lane: string })[] =>
  sql
    .all(
      itemSchema,
      `SELECT id, lane, idempotency_key, message_json, tries FROM outbox
     WHERE id IN (SELECT min(id) FROM outbox WHERE state = 'waiting' GROUP BY lane) ORDER BY id`,
    )
    .filter((item) => item !== null);

/**
 * What was delivered is not kept, and its key only where the same could be owed again: that of a rating or of
 * a correction note is drawn anew for each. What people have to look at stays whole.
 */
export const settleItem = (
  sql: SqlWriter,
  { id, message }: OutboxItem,
  end: 'done' | 'conflict',
  tries: number,
): void => {
  if (end === 'conflict') {
    sql.run("UPDATE outbox SET state = 'conflict', tries = ? WHERE id = ?", tries, id);
    return;
  }
  if (message.kind === 'feedback' || message.kind === 'correction') {
    sql.run('DELETE FROM outbox WHERE id = ?', id);
    return;
  }
  const query = `UPDATE outbox SET state = 'done', tries = ?, lane = NULL, message_json = NULL
    WHERE id = ?`;
  sql.run(query, tries, id);
};

const countSchema = z.strictObject({ n: z.number().int() });

/** How many messages the registry has not answered yet. */
export const countWaiting = (sql: SqlReader): number =>
  sql.get(countSchema, "SELECT count(*) AS n FROM outbox WHERE state = 'waiting'")?.n ?? 0;
