import * as z from 'zod';
import { canonicalJson } from '../../base/canonical-json.ts';
import { journalEventSchema, type JournalEvent } from '../catalogue.ts';
import type { JournalRow } from '../journal.ts';

const rowBodySchema = z.strictObject({
  at: z.number().int(),
  event: journalEventSchema,
  mono: z.number().int(),
});

/** The hashed text of a row: canonical JSON, in UTF-8. */
export function bodyOfRow(
  event: JournalEvent,
  { at, mono }: { readonly at: number; readonly mono: number },
): string {
  return canonicalJson({ at, event, mono });
}

/**
 * The row, from bytes nobody vouches for. Null where they are not the one canonical form of an event that
 * this program knows: two readers could otherwise understand them differently.
 */
export function readRowBody(seq: number, body: Uint8Array): JournalRow | null {
  const text = Buffer.from(body).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = rowBodySchema.safeParse(value);
  if (!parsed.success || !Buffer.from(canonicalJson(parsed.data)).equals(body)) return null;
  return { seq, ...parsed.data };
}

export function parseRow(seq: number, body: string): JournalRow {
  return { seq, ...rowBodySchema.parse(JSON.parse(body)) };
}
