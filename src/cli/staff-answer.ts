import type { StaffAnswer } from '../rpc/staff.ts';
import { BAD_NEWS, NO_ANSWER, type Report } from './output.ts';
import type { NotDone } from './staff-link.ts';
import { stockReasonLine } from './stock-refusal.ts';

/** The answer to what was asked. Throws where core answered something else. */
export function answerOf<A extends StaffAnswer['answer']>(
  answer: StaffAnswer,
  wanted: A,
): Extract<StaffAnswer, { answer: A }> {
  if (answer.answer !== wanted) throw new Error('core answered another question');
  return answer as Extract<StaffAnswer, { answer: A }>;
}

const sentences: Readonly<Record<NotDone['refused'], string>> = {
  roleMissing:
    'Your account may not do that. An account keeps the roles it was made with: somebody whose account has the role does it.',
  nameNotUsable:
    'An account has a name of letters, digits, spaces, dots, hyphens, underscores or apostrophes, 60 at most; it begins with a letter or a digit.',
  nameTaken:
    'There is an account of that name, or of one that reads the same. A closed account keeps its name.',
  noRole: 'An account needs a role.',
  passwordTooShort: 'Use at least 10 characters.',
  passwordTooLong: 'Use 200 characters at most.',
  passwordRefused: 'The present password did not match.',
  passwordUnchanged: 'That is the present password.',
  passwordNotOwn:
    'Whoever made your account knows its password. Choose one first: anjungan staff password.',
  signInTooOld: 'The sign-in is too old; sign in again.',
  proposedBefore: 'The same is proposed already',
  tooManyProposals: 'Too many proposals wait; agree to or decline some of them first.',
  noSuchProposal: 'There is no such proposal: it ended, or five minutes went by.',
  samePerson: 'One person cannot say yes twice; another has to sign in and agree.',
  signInsTooFarApart:
    'The two sign-ins are more than five minutes apart. Decline it; both sign in again, and one proposes anew.',
  contentDiffers: 'The digest is of something else than what is proposed; nothing was done.',
  noSuchAccount: 'There is no account of that name.',
  ownAccount: 'Nobody closes their own account; let another administrator do it.',
  lastAdministrator:
    'That is the last administrator: make another one, who then closes this account.',
  disabledBefore: 'That account is closed already.',
  notPossible: 'That cannot be done',
  malformed:
    'Core takes no such words: a name has 60 characters at most, a password 200; a feeder, a batch, a serial and an identifier have no space in them. Nothing was asked.',
  coreDidNotAnswer: 'Core did not answer.',
};

/** Why it was not done, for people and for programs. */
export function refused(refusal: NotDone): Report {
  const reason = 'reason' in refusal && refusal.reason !== undefined ? refusal.reason : null;
  const facts = 'facts' in refusal ? Object.entries(refusal.facts ?? {}) : [];
  const about = facts.map(([name, value]) => ` ${name} ${String(value)}`).join('');
  const why = reason === null ? '' : `: ${reason}${about}.`;
  const ofStock =
    reason === null
      ? null
      : stockReasonLine(reason, 'facts' in refusal ? (refusal.facts ?? {}) : {});
  return {
    json: {
      error: {
        kind: refusal.refused,
        ...(reason === null ? {} : { reason }),
        ...Object.fromEntries(facts),
      },
    },
    lines: [`${sentences[refusal.refused]}${why}`, ...(ofStock === null ? [] : [ofStock])],
    exitStatus: isUnanswered(refusal) ? NO_ANSWER : BAD_NEWS,
  };
}

const isUnanswered = ({ refused }: NotDone): boolean =>
  refused === 'coreDidNotAnswer' || refused === 'malformed';
