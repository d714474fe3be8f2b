import * as z from 'zod';
import { assertNever } from '../../base/assert.ts';
import { randomBase32 } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { FactorPair, KnownFactor, PresentedFactor } from '../../domain/claim.ts';
import { maskName } from '../../domain/masked-name.ts';
import type { Claim, VerifyRefusal } from '../ports.ts';
import type { ClaimView } from './authority.ts';
import type { RegistryContext } from './context.ts';
import { officeOf } from './content.ts';
import type { Person } from './people/person.ts';
import { familyOf, findPerson, findPersonByNik, pinRecordOf } from './people-table.ts';
import { findRequest } from './requests-table.ts';
import { pinMatches } from './secrets.ts';
import { sweepRequest } from './sweep.ts';
import { Tries } from './tries.ts';

export interface Factors {
  readonly sessionId: string;
  readonly presented: PresentedFactor;
  readonly known: KnownFactor;
}

interface Recognised {
  readonly person: Person;
  readonly onlyRequestId: string | null;
}

/**
 * Verifies two factors. The try is on disk before anything is compared; a stranger, a wrong PIN, a lost
 * card and a foreign code get one and the same answer after the same work. Only who has both a code and its
 * print code hears that it was used.
 */
export async function openClaim(
  ctx: RegistryContext,
  terminalId: string,
  factors: Factors,
): Promise<Result<Claim, VerifyRefusal>> {
  const pair: FactorPair = `${factors.presented.kind}+${factors.known.kind}`;
  const accepted = Object.values(ctx.policy.factorPairs).some((pairs) => pairs.includes(pair));
  if (!accepted) return err({ kind: 'factorsNotAccepted' });

  const tries = new Tries(ctx);
  const subjectMac = macOfPresented(ctx, factors.presented);
  const session = `${terminalId}/${factors.sessionId}`;
  const begun = tries.begin(subjectMac, session);
  if (!begun.ok) return begun;
  const recognised = await recognise(ctx, factors);
  if (recognised === null) return err(tries.afterFailure(subjectMac, session));
  tries.succeed(begun.value);
  if (recognised === 'codeUsed') return err({ kind: recognised });

  const { person } = recognised;
  if (person.standing !== 'ordinary') {
    return err({ kind: 'goToOffice', office: officeOf(familyOf(ctx.db, person.kkNumber)) });
  }
  const claimToken = `clm_${randomBase32(32)}`;
  const expiresAt = ctx.clock.now() + ctx.policy.claimMs;
  ctx.db
    .prepare(
      `INSERT INTO claims (claim_mac, terminal_id, session_id, person_id, factor_pair,
         only_request_id, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ctx.macs.of('claim', claimToken),
      terminalId,
      factors.sessionId,
      person.personId,
      pair,
      recognised.onlyRequestId,
      expiresAt,
    );
  return ok({ claimToken, claimantName: maskName(person.name), expiresAt });
}

function macOfPresented(ctx: RegistryContext, presented: PresentedFactor): string {
  return presented.kind === 'code'
    ? ctx.macs.of('tryCode', presented.code)
    : ctx.macs.of('tryNik', presented.nik);
}

async function recognise(
  ctx: RegistryContext,
  { presented, known }: Factors,
): Promise<Recognised | 'codeUsed' | null> {
  switch (known.kind) {
    case 'pin': {
      const person = presented.kind === 'code' ? null : findPersonByNik(ctx.db, presented.nik);
      const record = person === null ? null : pinRecordOf(ctx.db, person.personId);
      const matches = await pinMatches(known.pin, record);
      const lost = presented.kind === 'eKtp' && isBlocked(ctx, presented.uid);
      return person !== null && matches && !lost ? { person, onlyRequestId: null } : null;
    }
    case 'printCode':
      return presented.kind === 'code' ? byCode(ctx, presented.code, known.printCode) : null;
    default:
      return assertNever(known);
  }
}

function byCode(
  ctx: RegistryContext,
  code: string,
  printCode: string,
): Recognised | 'codeUsed' | null {
  const request = findRequest(ctx.db, 'code_mac = ?', ctx.macs.of('code', code));
  const entered = ctx.macs.of('printCode', `${request?.requestId ?? 'nobody'} ${printCode}`);
  const matches = ctx.macs.equal(entered, request?.printCodeMac ?? '0'.repeat(entered.length));
  if (request === null || !matches) return null;
  if (request.codesBurntAt !== null) return 'codeUsed';
  if ((request.codesExpireAt ?? 0) <= ctx.clock.now()) {
    sweepRequest(ctx, request.requestId);
    return null;
  }
  const person = findPerson(ctx.db, request.applicantId);
  return person === null ? null : { person, onlyRequestId: request.requestId };
}

const isBlocked = (ctx: RegistryContext, uid: string): boolean =>
  ctx.db.prepare('SELECT 1 FROM blocked_cards WHERE uid = ?').get(uid) !== undefined;

const claimRowSchema = z.object({
  personId: z.string(),
  factorPair: z.templateLiteral([
    z.enum(['eKtp', 'code', 'nik']),
    '+',
    z.enum(['pin', 'printCode']),
  ]),
  onlyRequestId: z.string().nullable(),
  sessionId: z.string(),
});

export interface LiveClaim extends ClaimView {
  readonly sessionId: string;
}

/** The claim behind a token while it lives, at the terminal that opened it. */
export function readClaim(
  ctx: RegistryContext,
  terminalId: string,
  claimToken: string,
): LiveClaim | null {
  const row = ctx.db
    .prepare(
      `SELECT person_id AS personId, factor_pair AS factorPair, only_request_id AS onlyRequestId,
         session_id AS sessionId
       FROM claims WHERE claim_mac = ? AND terminal_id = ? AND ended = 0 AND expires_at > ?`,
    )
    .get(ctx.macs.of('claim', claimToken), terminalId, ctx.clock.now());
  if (row === undefined) return null;
  const { personId, ...rest } = claimRowSchema.parse(row);
  const person = findPerson(ctx.db, personId);
  return person === null ? null : { person, ...rest };
}

export function endClaim(ctx: RegistryContext, terminalId: string, claimToken: string): void {
  ctx.db
    .prepare('UPDATE claims SET ended = 1 WHERE claim_mac = ? AND terminal_id = ?')
    .run(ctx.macs.of('claim', claimToken), terminalId);
}
