import * as z from 'zod';
import { assert, assertNever } from '../../base/assert.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { newId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { OutcomeReport } from '../../domain/attempt.ts';
import { mediaOf } from '../../domain/document.ts';
import type { OutcomeReceipt, Reservation, UnknownReservation } from '../ports.ts';
import { burnCodes } from './approval.ts';
import type { RegistryContext } from './context.ts';
import { findRequest, moveRequest, writeEvent, type RequestRow } from './requests-table.ts';
import {
  findReservation,
  freeze,
  ownReservation,
  setReservationState,
  wasReservedSince,
} from './reservations.ts';
import { sweepRequest } from './sweep.ts';

const outcomeRowSchema = z.object({
  reportJson: z.string(),
  receiptId: z.string(),
  requestState: z.string(),
});

/** Stores what became of an attempt and moves its request. Repeats get the first receipt again. */
export function takeOutcome(
  ctx: RegistryContext,
  terminalId: string,
  report: OutcomeReport,
): Result<OutcomeReceipt, { readonly kind: 'conflict' } | UnknownReservation> {
  return ctx.db
    .transaction((): Result<OutcomeReceipt, { kind: 'conflict' } | UnknownReservation> => {
      const { attemptId } = report;
      const reservation = ownReservation(ctx, terminalId, attemptId);
      if (reservation?.requestId !== report.requestId) return err({ kind: 'unknownReservation' });
      const reportJson = canonicalJson(report);
      const before = findOutcome(ctx, attemptId);
      if (before !== null) {
        if (before.reportJson === reportJson) {
          const { receiptId, requestState } = before;
          return ok({ attemptId, receiptId, requestState });
        }
        keepConflict(ctx, report, reportJson);
        return err({ kind: 'conflict' });
      }
      sweepRequest(ctx, reservation.requestId);
      const request = findRequest(ctx.db, 'request_id = ?', reservation.requestId);
      assert(request !== null, 'a reservation without its request');
      const { state } = findReservation(ctx, attemptId) ?? reservation;
      if (state === 'ended' && wasReservedSince(ctx, reservation) && mayBeOut(report)) {
        keepConflict(ctx, report, reportJson);
        if (report.capturedOldCard) oldCardIsIn(ctx, request.requestId);
        return err({ kind: 'conflict' });
      }
      settle(ctx, request, state, report);
      if (report.capturedOldCard) oldCardIsIn(ctx, request.requestId);
      const requestState = stateOf(ctx, request.requestId);
      const receiptId = newId('rcp');
      ctx.db
        .prepare(
          `INSERT INTO outcomes (attempt_id, report_json, receipt_id, request_state, received_at)
           VALUES (?, ?, ?, ?, ?)`,
        )
        .run(attemptId, reportJson, receiptId, requestState, ctx.clock.now());
      return ok({ attemptId, receiptId, requestState });
    })
    .immediate();
}

function settle(
  ctx: RegistryContext,
  request: RequestRow,
  state: Reservation['state'],
  report: OutcomeReport,
): void {
  if (state === 'ended') {
    settleLate(ctx, request, report);
    return;
  }
  const actor = `terminal:${report.terminalId}`;
  const move = (event: Parameters<typeof moveRequest>[2], note: string | null = null): void =>
    void moveRequest(ctx, request.requestId, event, actor, note);
  const end = (): void => setReservationState(ctx, report.attemptId, 'ended');
  // Frozen is frozen: whatever the terminal learns later is evidence for the people who decide.
  if (state === 'onHold') {
    noteOnly(ctx, request, report);
    return;
  }
  if (request.state === 'dipesan' && report.outcome !== 'notPrinted') {
    // No material was ever fetched, so this cannot be; people must look.
    setReservationState(ctx, report.attemptId, 'onHold');
    move('doubted', `${report.outcome} tanpa bahan cetak`);
    return;
  }
  switch (report.outcome) {
    case 'delivered':
      end();
      move('printed');
      move('handedOver', report.evidence);
      burnCodes(ctx, request.requestId);
      return;
    case 'notPrinted':
      end();
      move('released', report.faultCode);
      return;
    case 'spoiled':
      end();
      move('spoiled', report.faultCode);
      if (mayPrintAgain(ctx, request)) move('requeued');
      return;
    case 'retracted':
      end();
      move('printed');
      move('retracted');
      return;
    case 'uncertain':
      settleUncertain(ctx, request, report, move);
      return;
    default:
      assertNever(report.outcome);
  }
}

/** A card that lies in a terminal's bin can be asked for by no terminal, whatever became of the new one. */
function oldCardIsIn(ctx: RegistryContext, requestId: string): void {
  ctx.db
    .prepare(
      `UPDATE requests SET old_card = 'surrenderedAtOffice'
       WHERE request_id = ? AND old_card = 'toBeCapturedHere'`,
    )
    .run(requestId);
}

/** Counts one more spoiled print; true while another may be tried without people. */
export function mayPrintAgain(ctx: RegistryContext, request: RequestRow): boolean {
  ctx.db
    .prepare('UPDATE requests SET spoiled_count = spoiled_count + 1 WHERE request_id = ?')
    .run(request.requestId);
  const controlled = mediaOf[request.documentKind] === 'controlledBlank';
  return !controlled || request.spoiledCount + 1 < ctx.policy.spoiledLimit;
}

/** Plain paper may be printed again within its limit; controlled stock waits for people. */
function settleUncertain(
  ctx: RegistryContext,
  request: RequestRow,
  report: OutcomeReport,
  move: (event: 'paperDoubted' | 'doubted', note: string) => void,
): void {
  const copies = request.copyCount + 1;
  ctx.db
    .prepare('UPDATE requests SET copy_count = ? WHERE request_id = ?')
    .run(copies, request.requestId);
  const repeatable =
    mediaOf[request.documentKind] === 'plainPaper' && copies < ctx.policy.paperCopyLimit;
  setReservationState(ctx, report.attemptId, repeatable ? 'ended' : 'onHold');
  move(repeatable ? 'paperDoubted' : 'doubted', `salinan ${copies}: ${report.faultCode ?? '-'}`);
}

/** After release or lapse the right had ended: a report that stock moved all the same is for people. */
function settleLate(ctx: RegistryContext, request: RequestRow, report: OutcomeReport): void {
  const contradicts = report.outcome !== 'notPrinted' && request.state === 'siapCetak';
  if (!contradicts) {
    noteOnly(ctx, request, report);
    return;
  }
  const actor = `terminal:${report.terminalId}`;
  moveRequest(ctx, request.requestId, 'doubted', actor, `laporan terlambat: ${report.outcome}`);
}

function noteOnly(ctx: RegistryContext, request: RequestRow, report: OutcomeReport): void {
  const actor = `terminal:${report.terminalId}`;
  const { outcome, evidence, faultCode } = report;
  const note = `laporan: ${outcome}, bukti ${evidence}${faultCode === null ? '' : `, ${faultCode}`}`;
  writeEvent(ctx, request.requestId, 'reported', actor, request.state, request.state, note);
}

function findOutcome(
  ctx: RegistryContext,
  attemptId: string,
): z.infer<typeof outcomeRowSchema> | null {
  const row = ctx.db
    .prepare(
      `SELECT report_json AS reportJson, receipt_id AS receiptId, request_state AS requestState
       FROM outcomes WHERE attempt_id = ?`,
    )
    .get(attemptId);
  return row === undefined ? null : outcomeRowSchema.parse(row);
}

/** Whether the document may be with somebody after this report, so that no other may be printed. */
const mayBeOut = ({ outcome }: OutcomeReport): boolean =>
  outcome === 'delivered' || outcome === 'retracted' || outcome === 'uncertain';

/**
 * Two stories that cannot both be true, of one attempt or of two: nobody prints the request until people
 * know which is. Whoever prints it now is stopped where that may be a second original.
 */
function keepConflict(ctx: RegistryContext, report: OutcomeReport, reportJson: string): void {
  const { requestId } = report;
  const { changes } = ctx.db
    .prepare(
      `INSERT OR IGNORE INTO outcome_conflicts (attempt_id, report_json, received_at)
       VALUES (?, ?, ?)`,
    )
    .run(report.attemptId, reportJson, ctx.clock.now());
  const request = findRequest(ctx.db, 'request_id = ?', requestId);
  // A story that was told before is the same quarrel, which people may have settled meanwhile.
  if (request === null || changes === 0) return;
  if (request.state === 'siapCetak' || mayBeOut(report)) {
    const actor = `terminal:${report.terminalId}`;
    const frozen = freeze(ctx, requestId, { actor, note: 'laporan bertentangan' });
    if (!frozen) noteOnly(ctx, request, report);
  }
}

export function stateOf(ctx: RegistryContext, requestId: string): string {
  const request = findRequest(ctx.db, 'request_id = ?', requestId);
  assert(request !== null, 'a request vanished');
  return request.state;
}
