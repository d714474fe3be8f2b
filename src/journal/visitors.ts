import { setImmediate as nextTurn } from 'node:timers/promises';
import * as z from 'zod';
import { documentKindSchema, type DocumentKind } from '../domain/document.ts';
import { outcomeSchema, type Outcome } from '../domain/attempt.ts';
import type { SqlReader } from '../store/sql.ts';
import type { Journal } from './journal.ts';
import { decidedFields, storeStaffNote, type DecidedBy } from './staff-note.ts';
import type { Vault } from './vault/vault.ts';

/** Who stood at the terminal, as far as it may still know: one request in one session, or a session without. */
export interface Visit {
  /** Milliseconds since the Unix epoch, as the wall clock said. */
  readonly at: number;
  /** null: two factors were accepted and nothing was begun, so nothing of the person was kept. */
  readonly caseId: string | null;
  /** The registry knows the claimant of each session. */
  readonly sessionId: string;
  /** The registry's own number: it can say who that was when this terminal no longer can. */
  readonly requestId: string | null;
  readonly documentKind: DocumentKind | null;
  /** Of the newest attempt; null where nothing was attempted or it is not settled. */
  readonly outcome: Outcome | null;
  readonly claimantName: string | null;
  /** First six and last four digits; null on the code way. */
  readonly maskedNik: string | null;
  readonly subjectName: string | null;
  readonly authority: string | null;
  /** When the personal fields were erased. */
  readonly erasedAt: number | null;
  /**
   * `sealed`: they are there; `notKept`: never were, without a case; `keyMissing` and `damaged` are faults
   * of the terminal.
   */
  readonly fields: 'sealed' | 'notKept' | 'erased' | 'keyMissing' | 'damaged';
}

const openedRow = z.strictObject({
  at_ms: z.number().int(),
  case_id: z.string(),
  session_id: z.string(),
  request_id: z.string(),
  document_kind: documentKindSchema.nullable(),
  outcome: outcomeSchema.nullable(),
});
const identifiedRow = z.strictObject({ at_ms: z.number().int(), session_id: z.string() });
const erasedRow = z.strictObject({ case_id: z.string(), at_ms: z.number().int() });

/** Cases read at once before others get their turn. */
const STEP = 200;

/**
 * Who was at this terminal from `fromMs` up to, not including, `toMs`. The look itself is on record, with
 * who took it and why, before anything is given out.
 */
export async function lookUpVisitors(
  { journal, vault }: { readonly journal: Journal; readonly vault: Vault },
  ask: { readonly fromMs: number; readonly toMs: number; readonly by: DecidedBy },
): Promise<readonly Visit[]> {
  const { fromMs, toMs, by } = ask;
  const visits: Visit[] = [];
  const erased = erasures(journal.reader);
  const opened = openedCases(journal.reader, fromMs, toMs);
  for (const [index, row] of opened.entries()) {
    if (index % STEP === STEP - 1) await nextTurn();
    visits.push(visitOf(row, vault, erased.get(row.case_id) ?? null));
  }
  const cases = visits.length;
  visits.push(...sessionsWithoutCase(journal.reader, fromMs, toMs));
  visits.sort((one, other) => one.at - other.at);
  const named = visits.filter(({ fields }) => fields === 'sealed').length;
  await journal.append({
    events: [
      {
        kind: 'visitors.exported',
        fromMs,
        toMs,
        cases,
        named,
        ...decidedFields(by),
      },
    ],
    also: ({ sql, seqs }) => storeStaffNote(sql, seqs[0] ?? 0, by),
  });
  return visits;
}

function visitOf(row: z.infer<typeof openedRow>, vault: Vault, erasedAt: number | null): Visit {
  const read = vault.read(row.case_id);
  const fields = read.ok ? read.value : {};
  return {
    at: row.at_ms,
    caseId: row.case_id,
    sessionId: row.session_id,
    requestId: row.request_id,
    documentKind: row.document_kind,
    outcome: row.outcome,
    claimantName: fields.claimantName ?? null,
    maskedNik: fields.maskedNik ?? null,
    subjectName: fields.subjectName ?? null,
    authority: fields.authority ?? null,
    erasedAt,
    fields: read.ok ? 'sealed' : fieldsOf(read.error.kind),
  };
}

const fieldsOf = (
  error: 'unknownCase' | 'erased' | 'keyMissing' | 'damaged',
): Exclude<Visit['fields'], 'sealed' | 'notKept'> =>
  // The event that opened the case was just read: a case nobody knows lost its row in the vault.
  error === 'unknownCase' ? 'damaged' : error;

/** Each with its newest attempt, oldest first. */
const openedCases = (sql: SqlReader, fromMs: number, toMs: number): z.infer<typeof openedRow>[] =>
  sql.all(
    openedRow,
    `WITH opened AS (
       SELECT seq, at_ms, json_extract(body, '$.event.caseId') AS case_id,
         json_extract(body, '$.event.sessionId') AS session_id,
         json_extract(body, '$.event.requestId') AS request_id
       FROM rows WHERE kind = 'case.opened' AND at_ms >= ? AND at_ms < ?
     )
     SELECT at_ms, case_id, opened.session_id, opened.request_id, document_kind, outcome
     FROM opened LEFT JOIN attempts ON attempt_id = (
       SELECT attempt_id FROM attempts AS newest
       WHERE newest.session_id = opened.session_id AND newest.request_id = opened.request_id
       ORDER BY opened_seq DESC LIMIT 1
     )
     ORDER BY seq`,
    fromMs,
    toMs,
  );

/**
 * Sessions begun in that time whose claimant was identified and began no document. Nothing of such a
 * person is kept here: who it was stands at the registry, under the session.
 */
const sessionsWithoutCase = (sql: SqlReader, fromMs: number, toMs: number): Visit[] =>
  sql
    .all(
      identifiedRow,
      `WITH begun AS (
         SELECT seq, at_ms, json_extract(body, '$.event.sessionId') AS session_id
         FROM rows WHERE kind = 'session.opened' AND at_ms >= ? AND at_ms < ?
       )
       SELECT at_ms, session_id FROM begun
       WHERE session_id IN (
         SELECT json_extract(body, '$.event.sessionId') FROM rows
         WHERE kind = 'session.identified' AND seq > (SELECT min(seq) FROM begun)
       ) AND session_id NOT IN (
         SELECT json_extract(body, '$.event.sessionId') FROM rows WHERE kind = 'case.opened'
       )
       ORDER BY seq`,
      fromMs,
      toMs,
    )
    .map(({ at_ms, session_id }) => ({
      at: at_ms,
      caseId: null,
      sessionId: session_id,
      requestId: null,
      documentKind: null,
      outcome: null,
      claimantName: null,
      maskedNik: null,
      subjectName: null,
      authority: null,
      erasedAt: null,
      fields: 'notKept',
    }));

const erasures = (sql: SqlReader): ReadonlyMap<string, number> =>
  new Map(
    sql
      .all(
        erasedRow,
        `SELECT json_extract(body, '$.event.caseId') AS case_id, at_ms
         FROM rows WHERE asked_kind = 'case.erased' ORDER BY seq`,
      )
      .map(({ case_id, at_ms }) => [case_id, at_ms]),
  );
