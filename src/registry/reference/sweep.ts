import * as z from 'zod';
import type { RegistryContext } from './context.ts';
import { findRequest, moveRequest } from './requests-table.ts';

/**
 * Lets a lapsed lease and an expired code take effect, when somebody looks. A lease frees the request
 * only while it is `dipesan`; once material was sent the terminal may have printed.
 */
export function sweepRequest(ctx: RegistryContext, requestId: string): void {
  ctx.db.transaction(() => sweepInside(ctx, requestId)).immediate();
}

function sweepInside(ctx: RegistryContext, requestId: string): void {
  const request = findRequest(ctx.db, 'request_id = ?', requestId);
  if (request === null) return;
  const now = ctx.clock.now();
  if (request.state === 'dipesan') {
    const { changes } = ctx.db
      .prepare(
        `UPDATE reservations SET state = 'ended'
         WHERE request_id = ? AND state = 'held' AND lease_expires_at <= ?`,
      )
      .run(requestId, now);
    if (changes > 0) moveRequest(ctx, requestId, 'lapsed', 'sistem');
  }
  if (request.codesExpireAt !== null && request.codesExpireAt <= now) {
    moveRequest(ctx, requestId, 'expired', 'sistem');
  }
}

/** The same for everything at once, so that lists show the truth. */
export function sweepAll(ctx: RegistryContext): void {
  const rows = ctx.db
    .prepare(
      `SELECT request_id FROM reservations WHERE state = 'held' AND lease_expires_at <= ?
       UNION SELECT request_id FROM requests WHERE state = 'siapCetak' AND codes_expire_at <= ?`,
    )
    .pluck()
    .all(ctx.clock.now(), ctx.clock.now());
  for (const requestId of z.array(z.string()).parse(rows)) sweepRequest(ctx, requestId);
}
