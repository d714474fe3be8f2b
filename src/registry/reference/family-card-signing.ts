import { assert } from '../../base/assert.ts';
import { familyCardSchema } from '../../domain/family-card.ts';
import type { RegistryContext } from './context.ts';
import { findRequest } from './requests-table.ts';

/** Composes and signs the KK of a request unless that is done; false while the signing service is down. */
export async function ensureSigned(ctx: RegistryContext, requestId: string): Promise<boolean> {
  const request = findRequest(ctx.db, 'request_id = ?', requestId);
  assert(request?.documentKind === 'kk', 'only a KK is signed here');
  if (request.pages !== null) return true;
  if (ctx.faults.now.signingDown || request.contentJson === null) return false;
  const card = familyCardSchema.parse(JSON.parse(request.contentJson));
  const { pdf, pages } = await ctx.issuing.signFamilyCard(card, new Date(ctx.clock.now()));
  // Two callers may have signed at once: the first file stands, because its digest may already be out.
  ctx.db
    .prepare(
      'UPDATE requests SET signed_pdf = ?, pages = ? WHERE request_id = ? AND signed_pdf IS NULL',
    )
    .run(pdf, pages, requestId);
  return true;
}
