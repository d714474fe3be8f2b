import * as z from 'zod';
import { assert, assertNever } from '../../base/assert.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { newId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { OutcomeCorrection } from '../../domain/attempt.ts';
import { mediaOf } from '../../domain/document.ts';
import type { OutcomeReceipt, UnknownReservation } from '../ports.ts';
import { burnCodes } from './approval.ts';
import type { RegistryContext } from './context.ts';
import { mayPrintAgain, stateOf } from './outcomes.ts';
import { findRequest, moveRequest, writeEvent, type RequestRow } from './requests-table.ts';
import { freeze, ownReservation, setReservationState } from './reservations.ts';

type Conflict = { readonly kind: 'conflict' };

const rowSchema = z.object({
  correctionJson: z.string(),
  receiptId: z.string(),
  requestState: z.string(),
});

/**
 * Stores what people at a terminal decided of one of its attempts. While the attempt still freezes its
 * request, the request moves on; once officers here have decided, or another terminal prints, a decision
 * frees nothing any more and can only send the request back to people.
 */
export function takeCorrection(
  ctx: RegistryContext,
  terminalId: string,
  correction: OutcomeCorrection,
): Result<OutcomeReceipt, Conflict | UnknownReservation> {
  return ctx.db
    .transaction((): Result<OutcomeReceipt, Conflict | UnknownReservation> => {
      const { attemptId, decisionId, requestId } = correction;
      const reservation = ownReservation(ctx, terminalId, attemptId);
      if (reservation?.requestId !== requestId) return err({ kind: 'unknownReservation' });
      const correctionJson = canonicalJson(correction);
      const before = findCorrection(ctx, decisionId);
      if (before !== null) {
        const { receiptId, requestState } = before;
        return before.correctionJson === correctionJson
          ? ok({ attemptId, receiptId, requestState })
          : err({ kind: 'conflict' });
      }
      const request = findRequest(ctx.db, 'request_id = ?', requestId);
      assert(request !== null, 'a reservation without its request');
      if (reservation.state === 'ended') settleLate(ctx, request, correction);
      else settle(ctx, request, correction);
      const requestState = stateOf(ctx, requestId);
      const receiptId = newId('rcp');
      ctx.db
        .prepare(
          `INSERT INTO outcome_corrections (decision_id, attempt_id, correction_json, receipt_id,
             request_state, received_at) VALUES (?, ?, ?, ?, ?, ?)`,
        )
        .run(decisionId, attemptId, correctionJson, receiptId, requestState, ctx.clock.now());
      return ok({ attemptId, receiptId, requestState });
    })
    .immediate();
}

function settle(ctx: RegistryContext, request: RequestRow, correction: OutcomeCorrection): void {
  const { requestId } = request;
  const move = mover(ctx, requestId, correction);
  // The report that it was uncertain may have been lost on a way that this did not take.
  if (request.state !== 'perluPeriksa') move('doubted');
  setReservationState(ctx, correction.attemptId, 'ended');
  switch (correction.outcome) {
    case 'delivered':
      move('decidedHandedOver');
      burnCodes(ctx, requestId);
      return;
    case 'notPrinted':
      move('decidedReady');
      return;
    case 'spoiled':
      move('decidedSpoiled');
      if (mayPrintAgain(ctx, request)) move('requeued');
      return;
    case 'retracted':
      move('decidedRetracted');
      return;
    default:
      assertNever(correction.outcome);
  }
}

/** The attempt holds the request no more. Only a document that is out all the same changes anything. */
function settleLate(
  ctx: RegistryContext,
  request: RequestRow,
  correction: OutcomeCorrection,
): void {
  const { requestId, state } = request;
  const move = mover(ctx, requestId, correction);
  const isOut = correction.outcome === 'delivered';
  if (isOut && state === 'siapCetak' && mediaOf[request.documentKind] === 'plainPaper') {
    move('paperHandedOver');
    burnCodes(ctx, requestId);
    return;
  }
  if (isOut && (state === 'siapCetak' || state === 'dipesan' || state === 'mencetak')) {
    freeze(ctx, requestId, { actor: actorOf(correction), note: noteOf(correction) });
    return;
  }
  writeEvent(ctx, requestId, 'reported', actorOf(correction), state, state, noteOf(correction));
}

const mover =
  (ctx: RegistryContext, requestId: string, correction: OutcomeCorrection) =>
  (event: Parameters<typeof moveRequest>[2]): void =>
    void moveRequest(ctx, requestId, event, actorOf(correction), noteOf(correction));

const actorOf = ({ terminalId }: OutcomeCorrection): string => `terminal:${terminalId}`;

const noteOf = ({ outcome, decidedBy }: OutcomeCorrection): string =>
  `keputusan petugas: ${outcome}, oleh ${decidedBy.join(' dan ')}`;

function findCorrection(
  ctx: RegistryContext,
  decisionId: string,
): z.infer<typeof rowSchema> | null {
  const row = ctx.db
    .prepare(
      `SELECT correction_json AS correctionJson, receipt_id AS receiptId,
         request_state AS requestState FROM outcome_corrections WHERE decision_id = ?`,
    )
    .get(decisionId);
  return row === undefined ? null : rowSchema.parse(row);
}
