import type { Authority, FactorPair } from '../../domain/claim.ts';
import type { ListedRequest } from '../../domain/request.ts';
import { maskName } from '../../domain/masked-name.ts';
import type { RegistryContext } from './context.ts';
import type { Person } from './people/person.ts';
import { findPerson, membersOf } from './people-table.ts';
import { findRequest, findRequests, type RequestRow } from './requests-table.ts';

/** What a verified claimant came with. */
export interface ClaimView {
  readonly person: Person;
  readonly factorPair: FactorPair;
  /** Set where the claim came by a document's own code: it opens that request alone. */
  readonly onlyRequestId: string | null;
}

export interface EntitledRequest {
  readonly request: RequestRow;
  readonly subject: Person;
  readonly authority: Authority;
}

const LISTED_AT_MOST = 50;

/** Every request the claimant may see and, when it is ready, collect. */
export function entitledRequests(
  ctx: RegistryContext,
  claim: ClaimView,
): readonly EntitledRequest[] {
  const found = new Map<string, EntitledRequest>();
  for (const request of candidates(ctx, claim)) {
    const subject = findPerson(ctx.db, request.subjectId);
    if (subject === null || found.has(request.requestId)) continue;
    if (!ctx.policy.factorPairs[request.documentKind].includes(claim.factorPair)) continue;
    const authority = authorityOver(claim.person, request, subject);
    if (authority !== null) found.set(request.requestId, { request, subject, authority });
  }
  return [...found.values()].slice(0, LISTED_AT_MOST);
}

function candidates(ctx: RegistryContext, claim: ClaimView): readonly RequestRow[] {
  if (claim.onlyRequestId !== null) {
    const request = findRequest(ctx.db, 'request_id = ?', claim.onlyRequestId);
    return request === null ? [] : [request];
  }
  const children = membersOf(ctx.db, claim.person.kkNumber).filter(
    (member) => member.relationship === 'ANAK',
  );
  return [
    ...findRequests(ctx.db, 'subject_id = ?', claim.person.personId),
    ...children.flatMap((child) => findRequests(ctx.db, 'subject_id = ?', child.personId)),
    ...findRequests(ctx.db, 'applicant_id = ?', claim.person.personId),
  ];
}

/**
 * A sample rule, not anybody's law: a document of one's own; the KIA of a child on the same KK for the
 * head of the family or the spouse; anything one applied for.
 */
function authorityOver(claimant: Person, request: RequestRow, subject: Person): Authority | null {
  if (subject.personId === claimant.personId) return 'self';
  const heads: readonly string[] = ['KEPALA KELUARGA', 'ISTRI', 'SUAMI'];
  const isParent =
    request.documentKind === 'kia' &&
    subject.kkNumber === claimant.kkNumber &&
    subject.relationship === 'ANAK' &&
    heads.includes(claimant.relationship);
  if (isParent) return 'parent';
  return request.applicantId === claimant.personId ? 'applicant' : null;
}

export const needsPrintCode = (
  ctx: RegistryContext,
  request: RequestRow,
  claim: ClaimView,
): boolean => ctx.policy.printCodeAfter[request.documentKind].includes(claim.factorPair);

export function toListed(
  ctx: RegistryContext,
  claim: ClaimView,
  { request, subject, authority }: EntitledRequest,
): ListedRequest {
  return {
    requestId: request.requestId,
    documentKind: request.documentKind,
    state: request.state,
    subjectName: maskName(subject.name),
    authority,
    reason: request.reason,
    blankKind: request.blankKind,
    oldCard: request.oldCard,
    oldCardUid: oldCardUidOf(request, subject),
    needsPrintCode: needsPrintCode(ctx, request, claim),
    pages: request.pages,
    issuingOffice: request.issuingOffice,
  };
}

/** Only a KTP-el has a chip to be known by; a KIA is surrendered at the office. */
const oldCardUidOf = ({ oldCard, documentKind }: RequestRow, subject: Person): string | null =>
  oldCard === 'toBeCapturedHere' && documentKind === 'ktpEl' ? subject.ektpUid.toLowerCase() : null;
