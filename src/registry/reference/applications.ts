import { newId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BlankKind, DocumentKind } from '../../domain/document.ts';
import type { OldCard, RequestReason, RequestState } from '../../domain/request.ts';
import type { RegistryContext } from './context.ts';
import { officeOf } from './content.ts';
import { ageOn, dateOf, type Person } from './people/person.ts';
import { familyOf, findPerson, membersOf } from './people-table.ts';
import { findRequests, writeEvent } from './requests-table.ts';

export interface ApplicationForm {
  /** Whom the document is about; for a KK any member of the family. */
  readonly personId: string;
  readonly documentKind: DocumentKind;
  readonly reason: RequestReason;
  /** Null: as the reason suggests. */
  readonly oldCard: OldCard | null;
  /** Null: the person themselves, a parent for a child, the head for a KK. */
  readonly applicantId: string | null;
}

export type ApplicationRefusal =
  | { readonly kind: 'unknownPerson' }
  | { readonly kind: 'officeOnly' }
  | { readonly kind: 'tooYoungForKtpEl' }
  | { readonly kind: 'tooOldForKia' }
  | { readonly kind: 'applicantNotAdult' }
  | { readonly kind: 'oldCardDoesNotFit' }
  | { readonly kind: 'alreadyOpen'; readonly requestId: string };

/** States from which nothing more will be printed. */
const CLOSED: readonly RequestState[] = ['ditolak', 'diserahkan', 'kedaluwarsa', 'dibatalkan'];
const ADULT_AGE = 17;

export const isAdult = (person: Person, today: string): boolean =>
  ageOn(person.birthDate, today) >= ADULT_AGE || person.maritalStatus === 'KAWIN';

/** Files a request, after the rules of eligibility a counter would apply. */
export function apply(
  ctx: RegistryContext,
  form: ApplicationForm,
): Result<{ requestId: string; applicantId: string }, ApplicationRefusal> {
  const named = findPerson(ctx.db, form.personId);
  if (named === null) return err({ kind: 'unknownPerson' });
  const members = membersOf(ctx.db, named.kkNumber);
  const subject = form.documentKind === 'kk' ? (members[0] ?? named) : named;
  const applicant =
    form.applicantId === null
      ? usualApplicant(form.documentKind, subject, members)
      : findPerson(ctx.db, form.applicantId);
  if (applicant === null) return err({ kind: 'unknownPerson' });
  const refusal = refusalOf(ctx, form, subject, applicant);
  if (refusal !== null) return err(refusal);

  const requestId = newId('req');
  const now = ctx.clock.now();
  const oldCard = form.oldCard ?? usualOldCard(form);
  ctx.db
    .transaction(() => {
      ctx.db
        .prepare(
          `INSERT INTO requests (request_id, subject_id, applicant_id, document_kind, reason, old_card,
             blank_kind, state, issuing_office, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, 'diajukan', ?, ?)`,
        )
        .run(
          requestId,
          subject.personId,
          applicant.personId,
          form.documentKind,
          form.reason,
          oldCard,
          blankKindOf(form.documentKind, subject),
          officeOf(familyOf(ctx.db, subject.kkNumber)),
          now,
        );
      writeEvent(ctx, requestId, 'applied', 'pemohon', null, 'diajukan', null);
      if (form.documentKind === 'ktpEl' && form.reason === 'lost') blockCard(ctx, subject.ektpUid);
    })
    .immediate();
  return ok({ requestId, applicantId: applicant.personId });
}

function refusalOf(
  ctx: RegistryContext,
  form: ApplicationForm,
  subject: Person,
  applicant: Person,
): ApplicationRefusal | null {
  const today = dateOf(ctx.clock.now());
  if (subject.standing !== 'ordinary' || applicant.standing !== 'ordinary') {
    return { kind: 'officeOnly' };
  }
  if (form.documentKind === 'ktpEl' && !isAdult(subject, today)) {
    return { kind: 'tooYoungForKtpEl' };
  }
  if (form.documentKind === 'kia' && isAdult(subject, today)) return { kind: 'tooOldForKia' };
  if (!isAdult(applicant, today)) return { kind: 'applicantNotAdult' };
  const cardGone = form.reason === 'first' || form.reason === 'lost';
  if (form.oldCard === 'toBeCapturedHere' && (form.documentKind === 'kk' || cardGone)) {
    return { kind: 'oldCardDoesNotFit' };
  }
  const open = findRequests(ctx.db, 'subject_id = ?', subject.personId).find(
    (request) => request.documentKind === form.documentKind && !CLOSED.includes(request.state),
  );
  return open === undefined ? null : { kind: 'alreadyOpen', requestId: open.requestId };
}

function usualApplicant(
  documentKind: DocumentKind,
  subject: Person,
  members: readonly Person[],
): Person {
  if (documentKind !== 'kia') return subject;
  const mother = members.find(
    (member) => member.name === subject.mother && member.sex === 'P' && member.position <= 2,
  );
  return mother ?? members[0] ?? subject;
}

function usualOldCard(form: ApplicationForm): OldCard {
  const replaced = form.reason === 'damaged' || form.reason === 'changed';
  return form.documentKind === 'ktpEl' && replaced ? 'toBeCapturedHere' : 'none';
}

function blankKindOf(documentKind: DocumentKind, subject: Person): BlankKind | null {
  switch (documentKind) {
    case 'kk':
      return null;
    case 'kia':
      return 'kia';
    case 'ktpEl':
      return subject.nationality === 'WNI' ? 'ktpEl' : 'ktpElWna';
  }
}

/** A card reported lost opens nothing any more, whoever taps it. */
function blockCard(ctx: RegistryContext, uid: string): void {
  ctx.db
    .prepare('INSERT OR IGNORE INTO blocked_cards (uid, at) VALUES (?, ?)')
    .run(uid, ctx.clock.now());
}
