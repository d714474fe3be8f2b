import { z } from 'zod';
import { canonicalJson } from '../../base/canonical-json.ts';
import { journalEventSchema, type JournalEvent } from '../catalogue.ts';
import type { JournalRow } from '../journal.ts';

const rowBodySchema = z.strictObject({
  at: z.number().int(),
  boot: z.string(),
  event: journalEventSchema,
  mono: z.number().int(),
  terminal: z.string(),
});

/** The hashed text of a row: canonical JSON, in UTF-8. */
export function bodyOfRow(
  event: JournalEvent,
  when: { readonly at: number; readonly mono: number },
  origin: { readonly terminal: string; readonly boot: string },
): string {
  return canonicalJson({ ...when, ...origin, event });
}

/**
 * The row and its terminal, from bytes nobody vouches for. Null where they are not the one canonical
 * form of an event that this program knows: two readers could otherwise understand them differently.
 */
export function readRowBody(
  seq: number,
  body: Uint8Array,
): { readonly row: JournalRow; readonly terminal: string } | null {
  const text = Buffer.from(body).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = rowBodySchema.safeParse(value);
  if (!parsed.success || !Buffer.from(canonicalJson(parsed.data)).equals(body)) return null;
  const { at, boot, mono, event, terminal } = parsed.data;
  return { row: { seq, at, boot, mono, event }, terminal };
}

export function parseRow(seq: number, body: string): JournalRow {
  const { at, boot, mono, event } = rowBodySchema.parse(JSON.parse(body));
  return { seq, at, boot, mono, event };
}
