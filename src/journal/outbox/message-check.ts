import * as z from 'zod';
import type { OutcomeCorrection, OutcomeReport } from '../../domain/attempt.ts';
import type { SqlReader } from '../../store/sql.ts';
import type { JournalEventOf } from '../catalogue.ts';
import { readRowBody } from '../chain/row-body.ts';
import type { StateMismatch } from '../projections/state-check.ts';
import { laneOf, type OutboxMessage } from './message.ts';
import { readMessage } from './outbox-table.ts';

const WAITING = `SELECT idempotency_key, lane, message_json FROM outbox INDEXED BY outbox_waiting
  WHERE state = 'waiting' ORDER BY lane, id`;
const SETTLED = `SELECT seq, body FROM rows
  WHERE seq = (SELECT settled_seq FROM attempts WHERE attempt_id = ?)`;
const RESOLVED = `SELECT seq, body FROM rows
  WHERE late_attempt_id = ? AND kind = 'attempt.resolved'
    AND json_extract(body, '$.event.decisionId') = ?`;

const waiting = z.strictObject({
  idempotency_key: z.string(),
  lane: z.string(),
  message_json: z.string(),
});
const row = z.strictObject({ seq: z.number().int(), body: z.string() });

/**
 * Says which message that waits for the registry cannot be read, or says something else of an attempt than the
 * event it was written with: it would reach the registry as our own word.
 */
export function checkWaitingMessages(sql: SqlReader): StateMismatch | null {
  const wrong = sql.all(waiting, WAITING).find((stored) => {
    const message = readMessage(stored.message_json);
    if (message === null || laneOf(message) !== stored.lane) return true;
    return !isAsRecorded(sql, stored.idempotency_key, message);
  });
  return wrong === undefined ? null : { table: 'outbox', key: wrong.idempotency_key };
}

function isAsRecorded(sql: SqlReader, key: string, message: OutboxMessage): boolean {
  switch (message.kind) {
    case 'outcomeReport': {
      const { report } = message;
      if (key !== `outcomeReport:${report.attemptId}`) return false;
      const settled = eventOf(sql.get(row, SETTLED, report.attemptId));
      return settled?.kind === 'attempt.settled' && reports(settled, report);
    }
    case 'outcomeCorrection': {
      const { correction } = message;
      const { attemptId, decisionId } = correction;
      if (key !== `outcomeCorrection:${decisionId}`) return false;
      const resolved = eventOf(sql.get(row, RESOLVED, attemptId, decisionId));
      return resolved?.kind === 'attempt.resolved' && corrects(resolved, correction);
    }
    case 'release':
    case 'hold':
      return key === `${message.kind}:${message.attemptId}`;
    // Their keys are drawn anew for each, and no row repeats what a citizen said.
    case 'correction':
    case 'feedback':
      return true;
  }
}

const eventOf = (found: z.infer<typeof row> | undefined) =>
  found === undefined ? null : (readRowBody(found.seq, Buffer.from(found.body))?.event ?? null);

const reports = (settled: JournalEventOf<'attempt.settled'>, report: OutcomeReport): boolean =>
  settled.attemptId === report.attemptId &&
  settled.requestId === report.requestId &&
  settled.outcome === report.outcome &&
  settled.evidence === report.evidence &&
  settled.faultCode === report.faultCode &&
  settled.capturedOldCard === report.capturedOldCard &&
  namesItsBlank(settled, report);

const corrects = (
  resolved: JournalEventOf<'attempt.resolved'>,
  correction: OutcomeCorrection,
): boolean =>
  resolved.requestId === correction.requestId &&
  resolved.outcome === correction.outcome &&
  resolved.by.join() === correction.decidedBy.join() &&
  namesItsBlank(resolved, correction);

/** The registry hears of a blank only where one was used. */
function namesItsBlank(
  { outcome, blank }: Pick<JournalEventOf<'attempt.settled'>, 'outcome' | 'blank'>,
  said: { readonly blankSerial: string | null; readonly blankBatch: string | null },
): boolean {
  const used = outcome === 'notPrinted' ? null : blank;
  return said.blankSerial === (used?.serial ?? null) && said.blankBatch === (used?.batch ?? null);
}
