import { assertNever } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Role } from '../domain/role.ts';
import type { Journal } from '../journal/journal.ts';
import type {
  AccountView,
  ProposalView,
  StaffAnswer,
  StaffAsk,
  StaffRefusal,
} from '../rpc/staff.ts';
import type { SqlWriter } from '../store/sql.ts';
import { FirstAdministrator } from './first-administrator.ts';
import type { Deeds } from './grave-acts.ts';
import { People, type Person } from './people.ts';
import type { SignInSession } from './sign-in-sessions.ts';
import { SignIn } from './sign-in.ts';
import { staffItems, waitingCard } from './staff-items.ts';
import {
  TwoPeople,
  type ApproveRefusal,
  type Proposal,
  type ProposeRefusal,
} from './two-people.ts';

/** Who may look at what waits; looking changes nothing. */
const lookers: readonly Role[] = ['technician', 'reviewer', 'supervisor', 'auditor'];
/** Who may see which accounts there are. */
const accountLookers: readonly Role[] = ['administrator', 'auditor'];

/** Accounts, sign-in and what signed-in people ask: one desk for the consoles and the command line. */
export class StaffDesk {
  readonly people: People;
  readonly signIn: SignIn;
  readonly firstAdministrator: FirstAdministrator;
  readonly twoPeople: TwoPeople;
  readonly #journal: Journal;
  readonly #clock: Clock;

  constructor(parts: {
    readonly journal: Journal;
    /** The journal's database, for the count of failed sign-ins. */
    readonly sql: SqlWriter;
    readonly clock: Clock;
    readonly dataFolder: string;
    readonly deeds: Deeds;
    readonly fatal: (cause: unknown) => void;
  }) {
    const { journal, clock, dataFolder } = parts;
    this.#journal = journal;
    this.#clock = clock;
    this.people = new People(journal, clock);
    this.signIn = new SignIn({ ...parts, people: this.people });
    this.firstAdministrator = new FirstAdministrator({
      dataFolder,
      journal,
      clock,
      people: this.people,
    });
    this.twoPeople = new TwoPeople({ ...parts, people: this.people });
  }

  /** Answers one question of a signed-in person. What it changes is on the disk when it completes. */
  async answer(by: SignInSession, ask: StaffAsk): Promise<Result<StaffAnswer, StaffRefusal>> {
    switch (ask.ask) {
      case 'items':
        return this.#look(by, lookers, () => ({
          answer: 'items',
          items: [...staffItems(this.#journal, this.#clock)],
        }));
      case 'proposals':
        return this.#look(by, lookers, () => ({
          answer: 'proposals',
          proposals: this.twoPeople.proposals().map(shown),
        }));
      case 'waitingCard':
        return this.#look(by, lookers, () => ({
          answer: 'waitingCard',
          attemptId: waitingCard(this.#journal, this.#clock),
        }));
      case 'propose': {
        const done = await this.twoPeople.propose(ask.act, by);
        if (!done.ok) return err(refusalOf(done.error));
        const { proposal } = done.value;
        return ok({ answer: 'proposed', proposal: proposal === null ? null : shown(proposal) });
      }
      case 'approve': {
        const done = await this.twoPeople.approve(ask, by);
        return done.ok ? ok({ answer: 'approved', act: done.value }) : err(refusalOf(done.error));
      }
      case 'decline': {
        const done = await this.twoPeople.decline(ask.proposalId, by);
        return done.ok ? ok({ answer: 'declined' }) : err({ refused: done.error.kind });
      }
      case 'changePassword': {
        const done = await this.signIn.changePassword(by, ask);
        return done.ok ? ok({ answer: 'passwordChanged' }) : err({ refused: done.error.kind });
      }
      case 'accounts':
        return this.#look(by, accountLookers, () => ({
          answer: 'accounts',
          accounts: this.people.list().map(account),
        }));
      case 'createAccount': {
        const done = await this.signIn.createAccount(by, ask);
        if (!done.ok) return err({ refused: done.error.kind });
        const { name, roles } = done.value;
        return ok({ answer: 'accountCreated', name, roles: [...roles] });
      }
      case 'disableAccount': {
        const done = await this.signIn.disable(by, ask.name);
        return done.ok
          ? ok({ answer: 'accountDisabled', name: done.value.name })
          : err({ refused: done.error.kind });
      }
      default:
        return assertNever(ask);
    }
  }

  /** Ends every sign-in and drops what waits for a second yes, as core stops. */
  close(): void {
    this.twoPeople.close();
    this.signIn.closeAll();
  }

  #look(
    by: SignInSession,
    may: readonly Role[],
    answer: () => StaffAnswer,
  ): Result<StaffAnswer, StaffRefusal> {
    return by.person.roles.some((role) => may.includes(role))
      ? ok(answer())
      : err({ refused: 'roleMissing' });
  }
}

const shown = ({ proposedBy, ...proposal }: Proposal): ProposalView => ({
  ...proposal,
  proposedBy: proposedBy.name,
});

const account = ({ name, roles, disabled, passwordIsOwn }: Person): AccountView => ({
  name,
  roles: [...roles],
  closed: disabled,
  passwordIsOwn,
});

function refusalOf(refusal: ProposeRefusal | ApproveRefusal): StaffRefusal {
  switch (refusal.kind) {
    case 'notPossible': {
      const { reason, facts } = refusal;
      return { refused: 'notPossible', reason, ...(facts === undefined ? {} : { facts }) };
    }
    case 'proposedBefore':
      return { refused: 'proposedBefore', reason: refusal.proposalId };
    case 'roleMissing':
    case 'passwordNotOwn':
    case 'signInTooOld':
    case 'tooManyProposals':
    case 'noSuchProposal':
    case 'samePerson':
    case 'signInsTooFarApart':
    case 'contentDiffers':
      return { refused: refusal.kind };
    default:
      return assertNever(refusal);
  }
}
