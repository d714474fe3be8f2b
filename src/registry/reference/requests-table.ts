import * as z from 'zod';
import { blankKindSchema, documentKindSchema } from '../../domain/document.ts';
import {
  oldCardSchema,
  requestReasonSchema,
  requestStateSchema,
  type RequestState,
} from '../../domain/request.ts';
import type { RegistryContext } from './context.ts';
import type { RegistryDatabase } from './database.ts';
import { nextState, type RequestEvent } from './transitions.ts';

const requestRowSchema = z.object({
  requestId: z.string(),
  subjectId: z.string(),
  applicantId: z.string(),
  documentKind: documentKindSchema,
  reason: requestReasonSchema,
  oldCard: oldCardSchema,
  blankKind: blankKindSchema.nullable(),
  state: requestStateSchema,
  issuingOffice: z.string(),
  printCodeMac: z.string().nullable(),
  codesExpireAt: z.number().nullable(),
  codesBurntAt: z.number().nullable(),
  verifyToken: z.string().nullable(),
  spoiledCount: z.number(),
  copyCount: z.number(),
  contentJson: z.string().nullable(),
  pages: z.number().nullable(),
  createdAt: z.number(),
});
/** One request without its large bytes. */
export type RequestRow = z.infer<typeof requestRowSchema>;

const COLUMNS = `request_id AS requestId, subject_id AS subjectId, applicant_id AS applicantId,
  document_kind AS documentKind, reason, old_card AS oldCard, blank_kind AS blankKind, state,
  issuing_office AS issuingOffice, print_code_mac AS printCodeMac, codes_expire_at AS codesExpireAt,
  codes_burnt_at AS codesBurntAt, verify_token AS verifyToken, spoiled_count AS spoiledCount,
  copy_count AS copyCount, content_json AS contentJson, pages, created_at AS createdAt`;

type Where =
  'request_id = ?' | 'code_mac = ?' | 'verify_token = ?' | 'subject_id = ?' | 'applicant_id = ?';

export function findRequest(db: RegistryDatabase, where: Where, value: string): RequestRow | null {
  const row = db.prepare(`SELECT ${COLUMNS} FROM requests WHERE ${where}`).get(value);
  return row === undefined ? null : requestRowSchema.parse(row);
}

/** Newest first. */
export function findRequests(
  db: RegistryDatabase,
  where: Where,
  value: string,
): readonly RequestRow[] {
  return db
    .prepare(`SELECT ${COLUMNS} FROM requests WHERE ${where} ORDER BY created_at DESC, rowid DESC`)
    .all(value)
    .map((row) => requestRowSchema.parse(row));
}

export function allRequests(db: RegistryDatabase, limit: number): readonly RequestRow[] {
  return db
    .prepare(`SELECT ${COLUMNS} FROM requests ORDER BY created_at DESC, rowid DESC LIMIT ?`)
    .all(limit)
    .map((row) => requestRowSchema.parse(row));
}

/**
 * Moves a request by the transition table and writes the event, inside the caller's transaction. Null
 * where the table does not allow it: then nothing was written.
 */
export function moveRequest(
  ctx: Pick<RegistryContext, 'db' | 'clock'>,
  requestId: string,
  event: RequestEvent,
  actor: string,
  note: string | null = null,
): RequestState | null {
  const request = findRequest(ctx.db, 'request_id = ?', requestId);
  const to = request === null ? null : nextState(request.state, event);
  if (request === null || to === null) return null;
  ctx.db.prepare('UPDATE requests SET state = ? WHERE request_id = ?').run(to, requestId);
  writeEvent(ctx, requestId, event, actor, request.state, to, note);
  return to;
}

/** What the history of a request may hold: its moves, its beginning, and reports that moved nothing. */
export type HistoryEvent = RequestEvent | 'applied' | 'reported';

export function writeEvent(
  ctx: Pick<RegistryContext, 'db' | 'clock'>,
  requestId: string,
  event: HistoryEvent,
  actor: string,
  from: RequestState | null,
  to: RequestState,
  note: string | null,
): void {
  ctx.db
    .prepare(
      `INSERT INTO request_events (request_id, at, actor, event, from_state, to_state, note)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(requestId, ctx.clock.now(), actor, event, from, to, note);
}

const eventRowSchema = z.object({
  at: z.number(),
  actor: z.string(),
  event: z.custom<HistoryEvent>((value) => typeof value === 'string'),
  fromState: requestStateSchema.nullable(),
  toState: requestStateSchema,
  note: z.string().nullable(),
});
export type RequestEventRow = z.infer<typeof eventRowSchema>;

export function eventsOf(db: RegistryDatabase, requestId: string): readonly RequestEventRow[] {
  return db
    .prepare(
      `SELECT at, actor, event, from_state AS fromState, to_state AS toState, note
       FROM request_events WHERE request_id = ? ORDER BY event_id`,
    )
    .all(requestId)
    .map((row) => eventRowSchema.parse(row));
}
