import { assert } from '../../base/assert.ts';
import type { SqlWriter } from '../../store/sql.ts';
import type { JournalEventOf } from '../catalogue.ts';
import type { RowContext } from './row-context.ts';

/** An attempt begins with `from: null`; afterwards `from` is what the table says, or the caller is wrong. */
export function projectStateEntered(
  sql: SqlWriter,
  { seq, at }: RowContext,
  event: JournalEventOf<'attempt.stateEntered'>,
): void {
  const blankSerial = event.blank?.serial ?? null;
  const faultCode = event.faultCode ?? null;
  if (event.from === null) {
    const { sessionId, requestId, documentKind } = event;
    assert(
      sessionId !== undefined && requestId !== undefined && documentKind !== undefined,
      `attempt ${event.attemptId} begins without saying for whom`,
    );
    sql.run(
      `INSERT INTO attempts (attempt_id, session_id, request_id, document_kind, state, fault_code,
         blank_serial, opened_seq, opened_at_ms, updated_seq, updated_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      event.attemptId,
      sessionId,
      requestId,
      documentKind,
      event.to,
      faultCode,
      blankSerial,
      seq,
      at,
      seq,
      at,
    );
    return;
  }
  const changed = sql.run(
    `UPDATE attempts SET state = ?, fault_code = coalesce(?, fault_code),
       blank_serial = coalesce(?, blank_serial), updated_seq = ?, updated_at_ms = ?
     WHERE attempt_id = ? AND state = ?`,
    event.to,
    faultCode,
    blankSerial,
    seq,
    at,
    event.attemptId,
    event.from,
  );
  assert(changed === 1, `attempt ${event.attemptId} is not in state ${event.from}`);
}

export function projectResolved(
  sql: SqlWriter,
  { seq, at }: RowContext,
  event: JournalEventOf<'attempt.resolved'>,
): void {
  const changed = sql.run(
    `UPDATE attempts SET outcome = ?, evidence = ?, updated_seq = ?, updated_at_ms = ?
     WHERE attempt_id = ? AND outcome IS NOT NULL`,
    event.outcome,
    event.evidence,
    seq,
    at,
    event.attemptId,
  );
  assert(changed === 1, `attempt ${event.attemptId} is unknown or was never settled`);
}

export function projectSettled(
  sql: SqlWriter,
  { seq, at }: RowContext,
  event: JournalEventOf<'attempt.settled'>,
): void {
  const changed = sql.run(
    `UPDATE attempts SET outcome = ?, evidence = ?, fault_code = ?,
       blank_serial = coalesce(?, blank_serial), settled_seq = ?, updated_seq = ?, updated_at_ms = ?
     WHERE attempt_id = ? AND outcome IS NULL`,
    event.outcome,
    event.evidence,
    event.faultCode,
    event.blank?.serial ?? null,
    seq,
    seq,
    at,
    event.attemptId,
  );
  assert(changed === 1, `attempt ${event.attemptId} is unknown or was settled before`);
}
