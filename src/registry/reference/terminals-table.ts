import * as z from 'zod';
import { newId } from '../../base/ids.ts';
import {
  journalHeadSchema,
  type Correction,
  type Feedback,
  type Heartbeat,
  type JournalHead,
} from '../ports.ts';
import type { RegistryContext } from './context.ts';

/** Keeps a journal head as it came. Nothing is ever replaced: a second head of one size is the evidence. */
export function keepHead(ctx: RegistryContext, head: JournalHead): void {
  ctx.db
    .prepare(
      `INSERT OR IGNORE INTO journal_heads (terminal_id, size, head, json, received_at)
       VALUES (?, ?, ?, ?, ?)`,
    )
    .run(head.terminalId, head.size, head.head, JSON.stringify(head), ctx.clock.now());
}

const HEADS_A_PAGE = 500;

/**
 * A page of the heads of more than `afterSize` rows, smallest first. Whoever asks goes on after the last
 * size, so heads of one size come in one page. Where they alone are more than a page, two of them on it
 * already prove that the record was rewritten.
 */
export function pageOfHeads(
  ctx: RegistryContext,
  terminalId: string,
  afterSize: number,
): { readonly heads: readonly JournalHead[]; readonly more: boolean } {
  const found = z
    .array(z.string())
    .parse(
      ctx.db
        .prepare(
          `SELECT json FROM journal_heads WHERE terminal_id = ? AND size > ?
           ORDER BY size, received_at, head LIMIT ?`,
        )
        .pluck()
        .all(terminalId, afterSize, HEADS_A_PAGE + 1),
    )
    .map((json) => journalHeadSchema.parse(JSON.parse(json)));
  const next = found[HEADS_A_PAGE];
  if (next === undefined) return { heads: found, more: false };
  const ofWholeSizes = found.filter(({ size }) => size < next.size);
  return {
    heads: ofWholeSizes.length > 0 ? ofWholeSizes : found.slice(0, HEADS_A_PAGE),
    more: true,
  };
}

export function takeHeartbeat(ctx: RegistryContext, beat: Heartbeat): void {
  ctx.db
    .transaction(() => {
      ctx.db
        .prepare(
          `INSERT INTO terminals (terminal_id, last_seen_at, in_service) VALUES (?, ?, ?)
           ON CONFLICT (terminal_id) DO UPDATE SET
             last_seen_at = excluded.last_seen_at, in_service = excluded.in_service`,
        )
        .run(beat.terminalId, ctx.clock.now(), beat.inService ? 1 : 0);
      if (beat.journalHead !== null) keepHead(ctx, beat.journalHead);
    })
    .immediate();
}

/** Stores a correction or a satisfaction answer once for each key; without a key every call is new. */
export function keepNote(
  ctx: RegistryContext,
  terminalId: string,
  callKey: string | null,
  kind: 'correction' | 'feedback',
  content: Correction | Feedback,
): 'kept' | 'keyReused' {
  const json = JSON.stringify(content);
  const key = callKey ?? newId('key');
  ctx.db
    .prepare(
      `INSERT OR IGNORE INTO notes_from_terminals (terminal_id, call_key, kind, json, at)
       VALUES (?, ?, ?, ?, ?)`,
    )
    .run(terminalId, key, kind, json, ctx.clock.now());
  const kept = ctx.db
    .prepare('SELECT kind || json FROM notes_from_terminals WHERE terminal_id = ? AND call_key = ?')
    .pluck()
    .get(terminalId, key);
  return kept === kind + json ? 'kept' : 'keyReused';
}

const terminalRowSchema = z.object({
  terminalId: z.string(),
  lastSeenAt: z.number(),
  inService: z.number(),
  heads: z.number(),
});
export type TerminalRow = z.infer<typeof terminalRowSchema>;

export function allTerminals(ctx: RegistryContext): readonly TerminalRow[] {
  return ctx.db
    .prepare(
      `SELECT terminal_id AS terminalId, last_seen_at AS lastSeenAt, in_service AS inService,
         (SELECT COUNT(*) FROM journal_heads h WHERE h.terminal_id = t.terminal_id) AS heads
       FROM terminals t ORDER BY terminal_id`,
    )
    .all()
    .map((row) => terminalRowSchema.parse(row));
}
