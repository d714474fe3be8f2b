import * as z from 'zod';
import { assert } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Reservation, ReserveRefusal, UnknownReservation } from '../ports.ts';
import { entitledRequests, needsPrintCode } from './authority.ts';
import { readClaim, type LiveClaim } from './claims.ts';
import type { RegistryContext } from './context.ts';
import { checkPrintCode } from './print-codes.ts';
import { moveRequest, type RequestRow } from './requests-table.ts';
import { sweepRequest } from './sweep.ts';

const reservationRowSchema = z.object({
  attemptId: z.string(),
  requestId: z.string(),
  terminalId: z.string(),
  state: z.enum(['held', 'onHold', 'ended']),
  leaseExpiresAt: z.number(),
});
const COLUMNS = `attempt_id AS attemptId, request_id AS requestId, terminal_id AS terminalId, state,
  lease_expires_at AS leaseExpiresAt`;

export interface ReserveAsk {
  readonly claimToken: string;
  readonly requestId: string;
  readonly attemptId: string;
  readonly printCode: string | null;
}
/** The attempt id was used before for something else: a breach of the contract, not a "no". */
export type AttemptIdReused = { readonly kind: 'attemptIdReused' };

/**
 * Gives the terminal the only right to print; the same attempt id gives the same reservation again. No
 * `await` inside: between the look at the state and the insert nobody else runs, and the unique index
 * would stop them.
 */
export function reserve(
  ctx: RegistryContext,
  terminalId: string,
  ask: ReserveAsk,
): Result<Reservation, ReserveRefusal | AttemptIdReused> {
  const known = findReservation(ctx, ask.attemptId);
  if (known !== null) {
    const same = known.terminalId === terminalId && known.requestId === ask.requestId;
    return same ? ok(known) : err({ kind: 'attemptIdReused' });
  }
  const claim = readClaim(ctx, terminalId, ask.claimToken);
  if (claim === null) return err({ kind: 'claimEnded' });
  sweepRequest(ctx, ask.requestId);
  const request = entitledRequests(ctx, claim)
    .map((entitled) => entitled.request)
    .find((candidate) => candidate.requestId === ask.requestId);
  if (request === undefined) return err({ kind: 'notReady' });
  const refusal =
    stateRefusal(ctx, request) ?? printCodeRefusal(ctx, request, claim, terminalId, ask);
  return refusal === null ? ok(insertReservation(ctx, terminalId, ask)) : err(refusal);
}

function stateRefusal(ctx: RegistryContext, request: RequestRow): ReserveRefusal | null {
  switch (request.state) {
    case 'siapCetak':
      return null;
    case 'dipesan':
    case 'mencetak':
    case 'tercetak':
      return { kind: 'reservedElsewhere' };
    case 'perluPeriksa':
      return request.documentKind === 'kk' && request.copyCount >= ctx.policy.paperCopyLimit
        ? { kind: 'limitReached' }
        : { kind: 'notReady' };
    case 'diajukan':
    case 'diverifikasi':
    case 'ditolak':
    case 'diproses':
    case 'diserahkan':
    case 'gagalCetak':
    case 'takDiambil':
    case 'kedaluwarsa':
    case 'dibatalkan':
      return { kind: 'notReady' };
  }
}

function printCodeRefusal(
  ctx: RegistryContext,
  request: RequestRow,
  claim: LiveClaim,
  terminalId: string,
  ask: ReserveAsk,
): ReserveRefusal | null {
  if (!needsPrintCode(ctx, request, claim)) return null;
  const session = `${terminalId}/${claim.sessionId}/${request.requestId}`;
  return checkPrintCode(ctx, request, { ...ask, session });
}

function insertReservation(
  ctx: RegistryContext,
  terminalId: string,
  { requestId, attemptId }: ReserveAsk,
): Reservation {
  return ctx.db
    .transaction(() => {
      const moved = moveRequest(ctx, requestId, 'reserved', `terminal:${terminalId}`);
      assert(moved === 'dipesan', 'a ready request could not be reserved');
      const now = ctx.clock.now();
      ctx.db
        .prepare(
          `INSERT INTO reservations (attempt_id, request_id, terminal_id, state, lease_expires_at,
             created_at) VALUES (?, ?, ?, 'held', ?, ?)`,
        )
        .run(attemptId, requestId, terminalId, now + ctx.policy.leaseMs, now);
      const made = findReservation(ctx, attemptId);
      assert(made !== null, 'a reservation vanished');
      return made;
    })
    .immediate();
}

export function findReservation(ctx: RegistryContext, attemptId: string): Reservation | null {
  const row = ctx.db
    .prepare(`SELECT ${COLUMNS} FROM reservations WHERE attempt_id = ?`)
    .get(attemptId);
  return row === undefined ? null : reservationRowSchema.parse(row);
}

/** The same for the terminal it was given to; to every other, and while told to lie, there is none. */
export function ownReservation(
  ctx: RegistryContext,
  terminalId: string,
  attemptId: string,
): Reservation | null {
  if (ctx.faults.now.denyReservations) return null;
  const found = findReservation(ctx, attemptId);
  return found?.terminalId === terminalId ? found : null;
}

export type ReservationAction = 'read' | 'renew' | 'hold' | 'release';

/** Acts on one of the terminal's own reservations. On one that has ended nothing changes any more. */
export function actOnReservation(
  ctx: RegistryContext,
  terminalId: string,
  attemptId: string,
  action: ReservationAction,
): Result<Reservation, UnknownReservation> {
  return ctx.db
    .transaction((): Result<Reservation, UnknownReservation> => {
      const found = ownReservation(ctx, terminalId, attemptId);
      if (found === null) return err({ kind: 'unknownReservation' });
      sweepRequest(ctx, found.requestId);
      const current = findReservation(ctx, attemptId);
      if (current?.state === 'held') carryOut(ctx, current, action);
      const after = findReservation(ctx, attemptId);
      assert(after !== null, 'a reservation vanished');
      return ok(after);
    })
    .immediate();
}

function carryOut(ctx: RegistryContext, held: Reservation, action: ReservationAction): void {
  const actor = `terminal:${held.terminalId}`;
  switch (action) {
    case 'read':
      return;
    case 'renew':
      ctx.db
        .prepare('UPDATE reservations SET lease_expires_at = ? WHERE attempt_id = ?')
        .run(ctx.clock.now() + ctx.policy.leaseMs, held.attemptId);
      return;
    case 'hold':
      setReservationState(ctx, held.attemptId, 'onHold');
      moveRequest(ctx, held.requestId, 'doubted', actor, 'dibekukan terminal');
      return;
    case 'release':
      setReservationState(ctx, held.attemptId, 'ended');
      moveRequest(ctx, held.requestId, 'released', actor);
      return;
  }
}

/** Whether another attempt was given the request after this one's right to it had ended. */
export function wasReservedSince(ctx: RegistryContext, { attemptId }: Reservation): boolean {
  const newer = ctx.db
    .prepare(
      `SELECT 1 FROM reservations AS later JOIN reservations AS own USING (request_id)
       WHERE own.attempt_id = ? AND later.rowid > own.rowid`,
    )
    .get(attemptId);
  return newer !== undefined;
}

/**
 * Freezes a request with whoever holds it: nobody prints it until people decide. False where its state
 * is beyond that.
 */
export function freeze(
  ctx: RegistryContext,
  requestId: string,
  by: { readonly actor: string; readonly note: string },
): boolean {
  ctx.db
    .prepare("UPDATE reservations SET state = 'onHold' WHERE request_id = ? AND state = 'held'")
    .run(requestId);
  return moveRequest(ctx, requestId, 'doubted', by.actor, by.note) !== null;
}

export function setReservationState(
  ctx: RegistryContext,
  attemptId: string,
  state: Reservation['state'],
): void {
  ctx.db.prepare('UPDATE reservations SET state = ? WHERE attempt_id = ?').run(state, attemptId);
}
