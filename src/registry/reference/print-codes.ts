import * as z from 'zod';
import { assert } from '../../base/assert.ts';
import type { ReserveRefusal } from '../ports.ts';
import type { RegistryContext } from './context.ts';
import type { RequestRow } from './requests-table.ts';
import { Tries } from './tries.ts';

/**
 * Checks a document's print code for one attempt. The try is committed before the comparison, so this
 * must not run inside a transaction. A repeated call with the same wrong code is not counted twice.
 */
export function checkPrintCode(
  ctx: RegistryContext,
  request: RequestRow,
  ask: {
    readonly attemptId: string;
    readonly printCode: string | null;
    readonly session: string;
  },
): ReserveRefusal | null {
  const entered = ctx.macs.of('printCode', `${request.requestId} ${ask.printCode ?? ''}`);
  assert(!ctx.db.inTransaction, 'a try must be durable before it is compared');
  const before = ctx.db
    .prepare('SELECT tries_left FROM wrong_print_codes WHERE attempt_id = ? AND entered_mac = ?')
    .pluck()
    .get(ask.attemptId, entered);
  if (before !== undefined) return { kind: 'wrongPrintCode', triesLeft: z.number().parse(before) };

  const tries = new Tries(ctx);
  const subjectMac = ctx.macs.of('tryPrintCode', request.requestId);
  const begun = tries.begin(subjectMac, ask.session);
  if (!begun.ok) return { kind: 'wrongPrintCode', triesLeft: 0 };
  const expected = request.codesBurntAt === null ? request.printCodeMac : null;
  if (expected !== null && ctx.macs.equal(entered, expected)) {
    tries.succeed(begun.value);
    return null;
  }
  const triesLeft = tries.afterFailure(subjectMac, ask.session).triesLeft ?? 0;
  ctx.db
    .prepare('INSERT INTO wrong_print_codes (attempt_id, entered_mac, tries_left) VALUES (?, ?, ?)')
    .run(ask.attemptId, entered, triesLeft);
  return { kind: 'wrongPrintCode', triesLeft };
}
