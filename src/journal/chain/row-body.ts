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

export function parseRow(seq: number, body: string): JournalRow {
  const { at, boot, mono, event } = rowBodySchema.parse(JSON.parse(body));
  return { seq, at, boot, mono, event };
}
