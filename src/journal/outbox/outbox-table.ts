import { z } from 'zod';
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
  .transform((row): OutboxItem & { readonly lane: string } => ({
    id: row.id,
    lane: row.lane,
    idempotencyKey: row.idempotency_key,
    message: outboxMessageSchema.parse(JSON.parse(row.message_json)),
    tries: row.tries,
  }));

/** The oldest waiting message of each lane, oldest lane first. */
export const frontOfLanes = (sql: SqlReader): (OutboxItem & { readonly lane: string })[] =>
  sql.all(
    itemSchema,
    `SELECT id, lane, idempotency_key, message_json, tries FROM outbox
     WHERE id IN (SELECT min(id) FROM outbox WHERE state = 'waiting' GROUP BY lane) ORDER BY id`,
  );

export const settleItem = (
  sql: SqlWriter,
  id: number,
  end: 'done' | 'conflict',
  tries: number,
): void => {
  sql.run('UPDATE outbox SET state = ?, tries = ? WHERE id = ?', end, tries, id);
};

const tallySchema = z.strictObject({
  waiting: z.number().int(),
  conflict: z.number().int(),
  oldest_waiting_at_ms: z.number().int().nullable(),
});

/** How much the registry is owed, for the technician's page and the readiness check. */
export function tallyOutbox(sql: SqlReader): {
  readonly waiting: number;
  readonly conflict: number;
  readonly oldestWaitingAt: number | null;
} {
  const row = sql.get(
    tallySchema,
    `SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
       count(*) FILTER (WHERE state = 'conflict') AS conflict,
       min(enqueued_at_ms) FILTER (WHERE state = 'waiting') AS oldest_waiting_at_ms FROM outbox`,
  );
  return {
    waiting: row?.waiting ?? 0,
    conflict: row?.conflict ?? 0,
    oldestWaitingAt: row?.oldest_waiting_at_ms ?? null,
  };
}
