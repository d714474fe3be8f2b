import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const body = z.object({ at: z.number(), event: z.looseObject({ kind: z.string() }) });
const row = z
  .object({ seq: z.number(), body: z.string() })
  .transform(({ seq, body: text }) => ({ seq, ...body.parse(JSON.parse(text)) }));
const blank = z.object({
  serial: z.string(),
  kind: z.string(),
  state: z.string(),
  attemptId: z.string().nullable(),
});
const settled = z.looseObject({
  attemptId: z.string(),
  requestId: z.string(),
  documentKind: z.string(),
  outcome: z.string(),
  evidence: z.string(),
  faultCode: z.string().nullable(),
  blank: z.looseObject({ serial: z.string(), kind: z.string() }).nullable(),
  capturedOldCard: z.boolean(),
});

export type JournalRow = z.infer<typeof row>;
export type LedgerBlank = z.infer<typeof blank>;
export type SettledAttempt = z.infer<typeof settled>;

export interface JournalContent {
  readonly rows: readonly JournalRow[];
  /** The ledger of blanks: each with its one place or fate. */
  readonly blanks: readonly LedgerBlank[];
}

/** Reads the journal with SQLite alone, read-only, while core may go on writing. */
export function readJournal(dataDir: string): JournalContent {
  const database = new DatabaseSync(path.join(dataDir, 'journal.db'), { readOnly: true });
  try {
    return {
      rows: z.array(row).parse(database.prepare('SELECT seq, body FROM rows ORDER BY seq').all()),
      blanks: z
        .array(blank)
        .parse(
          database.prepare('SELECT serial, kind, state, attempt_id AS attemptId FROM blanks').all(),
        ),
    };
  } finally {
    database.close();
  }
}

/** Every attempt that came to an end, in that order; those of one request if one is named. */
export function settledIn({ rows }: JournalContent, requestId?: string): SettledAttempt[] {
  return rows
    .filter(({ event }) => event.kind === 'attempt.settled')
    .map(({ event }) => settled.parse(event))
    .filter((attempt) => requestId === undefined || attempt.requestId === requestId);
}
