import * as z from 'zod';
import type { RegistryContext } from '../context.ts';

const reservationSchema = z.object({
  attemptId: z.string(),
  terminalId: z.string(),
  state: z.enum(['held', 'onHold', 'ended']),
  leaseExpiresAt: z.number(),
});
export type ReservationLine = z.infer<typeof reservationSchema>;

export function reservationsOf(
  ctx: RegistryContext,
  requestId: string,
): readonly ReservationLine[] {
  return ctx.db
    .prepare(
      `SELECT attempt_id AS attemptId, terminal_id AS terminalId, state,
         lease_expires_at AS leaseExpiresAt
       FROM reservations WHERE request_id = ? ORDER BY created_at DESC`,
    )
    .all(requestId)
    .map((row) => reservationSchema.parse(row));
}

/** Second stories of attempts at this request, as received. */
export function conflictsOf(ctx: RegistryContext, requestId: string): readonly string[] {
  return z.array(z.string()).parse(
    ctx.db
      .prepare(
        `SELECT c.report_json FROM outcome_conflicts c
         JOIN reservations r ON r.attempt_id = c.attempt_id WHERE r.request_id = ?`,
      )
      .pluck()
      .all(requestId),
  );
}
