import { assert } from '../base/assert.ts';
import { digestOfJson } from '../base/canonical-json.ts';
import type { Clock, TimerHandle } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { Mutex } from '../base/mutex.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { GraveAct } from '../domain/grave-act.ts';
import type { JournalEvent, JournalEventOf } from '../journal/catalogue.ts';
import type { SignInChannel } from '../journal/events/staff.ts';
import type { Append, Journal } from '../journal/journal.ts';
import {
  graveActRules,
  mayTakePart,
  type Deed,
  type Deeds,
  type NotPossible,
} from './grave-acts.ts';
import { isSameName } from './names.ts';
import { openProposals } from './open-proposals.ts';
import type { People, Person } from './people.ts';
import type { SignInSession } from './sign-in-sessions.ts';

/**
 * How long a proposal waits for the second yes, how old a sign-in may be to say one, and how far apart
 * the two sign-ins may lie.
 */
export const YES_LIMIT_MS = 5 * 60_000;
/** More than this at once is nobody's work. */
const MOST_PROPOSALS = 50;
/** Stands for the second person until there is one; no account has it. */
const NOBODY = `per_${'A'.repeat(16)}`;

export interface Proposal {
  readonly proposalId: string;
  readonly act: GraveAct;
  /** Of proposal and act together; the second person says yes to this. */
  readonly digest: string;
  readonly proposedBy: Person;
  readonly channel: SignInChannel;
  /** Milliseconds left. */
  readonly endsInMs: number;
}

export type ProposeRefusal =
  | { readonly kind: 'roleMissing' }
  /** Whoever made the account knows its password too: the holder has to choose one first. */
  | { readonly kind: 'passwordNotOwn' }
  /** The password was given too long ago: sign in again. */
  | { readonly kind: 'signInTooOld' }
  | { readonly kind: 'proposedBefore'; readonly proposalId: string }
  | { readonly kind: 'tooManyProposals' }
  | NotPossible;

export type ApproveRefusal =
  | { readonly kind: 'roleMissing' }
  | { readonly kind: 'passwordNotOwn' }
  | { readonly kind: 'signInTooOld' }
  /** Never proposed, ended, expired, or of a run of core before this one. */
  | { readonly kind: 'noSuchProposal' }
  | { readonly kind: 'samePerson' }
  /** The two passwords were given more than five minutes apart, fresh though each was at its yes. */
  | { readonly kind: 'signInsTooFarApart' }
  /** The yes was to something else than what is proposed. */
  | { readonly kind: 'contentDiffers' }
  | NotPossible;

interface Held extends Omit<Proposal, 'endsInMs'> {
  readonly signInId: string;
  readonly signedInAtMs: number;
  readonly endsAtMs: number;
  readonly timer: TimerHandle;
}

/**
 * Grave acts take two people, each with a sign-in and a yes of their own, the two sign-ins five minutes
 * apart at most, and the two yeses as well. A proposal lives in memory and dies with core; what was said
 * is in the record. The act is committed in one transaction with the second yes, so that there is no
 * moment at which it is half done.
 */
export class TwoPeople {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #people: People;
  readonly #deeds: Deeds;
  readonly #fatal: (cause: unknown) => void;
  readonly #held = new Map<string, Held>();
  readonly #mutex = new Mutex();

  constructor(parts: {
    readonly journal: Journal;
    readonly clock: Clock;
    readonly people: People;
    readonly deeds: Deeds;
    /** The end of a proposal could not be recorded: the process ends by its exit policy. */
    readonly fatal: (cause: unknown) => void;
  }) {
    this.#journal = parts.journal;
    this.#clock = parts.clock;
    this.#people = parts.people;
    this.#deeds = parts.deeds;
    this.#fatal = parts.fatal;
  }

  /** Once at start: says of what the last run left open that it ended. */
  async begin(): Promise<void> {
    const open = openProposals(this.#journal.reader);
    if (open.length === 0) return;
    await this.#journal.append({
      events: open.map((proposalId) => ended(proposalId, 'coreRestarted', null)),
    });
  }

  /**
   * Puts an act forward; completes when that is on the disk. Where one person suffices it is done then,
   * and `proposal` is null.
   */
  propose(
    act: GraveAct,
    by: SignInSession,
  ): Promise<Result<{ readonly proposal: Proposal | null }, ProposeRefusal>> {
    return this.#mutex.withLock(() => this.#propose(act, by));
  }

  /** The second yes, to exactly what `digest` stands for. Completes when the act is on the disk. */
  approve(
    yes: { readonly proposalId: string; readonly digest: string },
    by: SignInSession,
  ): Promise<Result<GraveAct, ApproveRefusal>> {
    return this.#mutex.withLock(() => this.#approve(yes, by));
  }

  /** Says no, or takes one's own proposal back. */
  decline(
    proposalId: string,
    by: SignInSession,
  ): Promise<Result<void, { readonly kind: 'roleMissing' | 'noSuchProposal' }>> {
    return this.#mutex.withLock(async () => {
      const held = this.#held.get(proposalId);
      if (held === undefined) return err({ kind: 'noSuchProposal' });
      const { personId } = by.person;
      const { action } = held.act;
      const isOwn = personId === held.proposedBy.personId;
      if (!isOwn && !this.#mayNow(by, action, 'approve')) return err({ kind: 'roleMissing' });
      await this.#end(held, 'declined', personId);
      return ok(undefined);
    });
  }

  /** What waits for a second yes, oldest first. */
  proposals(): readonly Proposal[] {
    const now = this.#clock.monotonicMs();
    return [...this.#held.values()]
      .filter(({ endsAtMs }) => endsAtMs > now)
      .map((held) => this.#shown(held));
  }

  find(proposalId: string): Proposal | null {
    return this.proposals().find((one) => one.proposalId === proposalId) ?? null;
  }

  /** Drops what waits, as core stops; the next start says so in the record. */
  close(): void {
    for (const { timer } of this.#held.values()) timer.cancel();
    this.#held.clear();
  }

  async #propose(
    act: GraveAct,
    by: SignInSession,
  ): Promise<Result<{ readonly proposal: Proposal | null }, ProposeRefusal>> {
    if (!this.#mayNow(by, act.action, 'propose')) return err({ kind: 'roleMissing' });
    if (!this.#isAlone(by)) return err({ kind: 'passwordNotOwn' });
    if (!this.#isFresh(by)) return err({ kind: 'signInTooOld' });
    const { personId } = by.person;
    if (graveActRules[act.action].people === 1) {
      const event = { kind: 'staff.actDecided', act, ...yesOf(by) } as const;
      const done = await this.#commit(event, act, { by: [personId], proposalId: null });
      return done.ok ? ok({ proposal: null }) : done;
    }
    const same = [...this.#held.values()].find(
      (one) => digestOfJson(one.act) === digestOfJson(act),
    );
    if (same !== undefined) return err({ kind: 'proposedBefore', proposalId: same.proposalId });
    if (this.#held.size >= MOST_PROPOSALS) return err({ kind: 'tooManyProposals' });
    const proposalId = newId('prop');
    const deed = this.#deedOf(act, { by: [personId, NOBODY], proposalId });
    if (!deed.ok) return deed;
    const digest = digestOfJson({ proposalId, act });
    await this.#journal.append({
      events: [{ kind: 'staff.actProposed', proposalId, act, digest, ...yesOf(by) }],
    });
    // From when it is on record, so that a slow disk costs nobody time.
    const held: Held = {
      proposalId,
      act,
      digest,
      proposedBy: by.person,
      channel: by.channel,
      signInId: by.signInId,
      signedInAtMs: by.signedInAtMs,
      endsAtMs: this.#clock.monotonicMs() + YES_LIMIT_MS,
      timer: this.#clock.after(YES_LIMIT_MS, () => this.#expire(proposalId)),
    };
    this.#held.set(proposalId, held);
    return ok({ proposal: this.#shown(held) });
  }

  async #approve(
    { proposalId, digest }: { readonly proposalId: string; readonly digest: string },
    by: SignInSession,
  ): Promise<Result<GraveAct, ApproveRefusal>> {
    const held = this.#held.get(proposalId);
    if (held === undefined || held.endsAtMs <= this.#clock.monotonicMs()) {
      return err({ kind: 'noSuchProposal' });
    }
    const { act, proposedBy } = held;
    if (isSamePerson(held, by)) return err({ kind: 'samePerson' });
    if (!this.#mayNow(by, act.action, 'approve')) return err({ kind: 'roleMissing' });
    if (!this.#isAlone(by)) return err({ kind: 'passwordNotOwn' });
    if (!this.#isFresh(by)) return err({ kind: 'signInTooOld' });
    if (Math.abs(by.signedInAtMs - held.signedInAtMs) > YES_LIMIT_MS) {
      return err({ kind: 'signInsTooFarApart' });
    }
    if (digest !== held.digest) return err({ kind: 'contentDiffers' });
    const proposer = this.#people.find(proposedBy.personId);
    const stillMay =
      proposer !== null && !proposer.disabled && mayTakePart(proposer, act.action, 'propose');
    const { personId } = by.person;
    const approved = {
      kind: 'staff.actApproved',
      proposalId,
      digest,
      proposedBy: proposedBy.personId,
      ...yesOf(by),
    } as const;
    // From here on nobody else ends it, core that stops included.
    this.#forget(held);
    const done = stillMay
      ? await this.#commit(approved, act, { by: [proposedBy.personId, personId], proposalId })
      : err<NotPossible>({ kind: 'notPossible', reason: 'proposerMayNoLonger' });
    if (!done.ok) {
      await this.#recordEnd(proposalId, 'notPossible', personId);
      return done;
    }
    return ok(act);
  }

  /** The yes and what it comes to, by the record as nothing can change it any more before both are on the disk. */
  #commit(
    yes: JournalEvent,
    act: GraveAct,
    who: Parameters<Deed<GraveAct>>[1],
  ): Promise<Result<unknown, NotPossible>> {
    return this.#journal.appendPlanned(() => {
      const deed = this.#deedOf(act, who);
      return deed.ok ? ok({ ...deed.value, events: [yes, ...deed.value.events] }) : deed;
    });
  }

  #deedOf(
    act: GraveAct,
    who: Parameters<Deed<GraveAct>>[1],
  ): Result<Pick<Append, 'events' | 'also'>, NotPossible> {
    // `Deeds` pairs each action with a deed for acts of that action; TypeScript cannot follow the lookup.
    return this.#deeds[act.action](act as never, who);
  }

  /** By the account as it is now, not as it was at sign-in. */
  #mayNow(by: SignInSession, action: GraveAct['action'], part: 'propose' | 'approve'): boolean {
    const person = this.#people.find(by.person.personId);
    return person !== null && !person.disabled && mayTakePart(person, action, part);
  }

  /** The password was changed since the account was made: whoever made it does not know it by that alone. */
  #isAlone(by: SignInSession): boolean {
    return this.#people.find(by.person.personId)?.passwordIsOwn === true;
  }

  #isFresh(by: SignInSession): boolean {
    return this.#clock.monotonicMs() - by.signedInAtMs <= YES_LIMIT_MS;
  }

  #expire(proposalId: string): void {
    this.#mutex
      .withLock(async () => {
        const held = this.#held.get(proposalId);
        if (held !== undefined) await this.#end(held, 'expired', null);
      })
      .catch(this.#fatal);
  }

  async #end(held: Held, reason: EndReason, personId: string | null): Promise<void> {
    this.#forget(held);
    await this.#recordEnd(held.proposalId, reason, personId);
  }

  async #recordEnd(proposalId: string, reason: EndReason, personId: string | null): Promise<void> {
    await this.#journal.append({ events: [ended(proposalId, reason, personId)] });
  }

  #forget(held: Held): void {
    held.timer.cancel();
    assert(this.#held.delete(held.proposalId), 'a proposal ends once');
  }

  #shown({ proposalId, act, digest, proposedBy, channel, endsAtMs }: Held): Proposal {
    const endsInMs = Math.max(0, Math.ceil(endsAtMs - this.#clock.monotonicMs()));
    return { proposalId, act, digest, proposedBy, channel, endsInMs };
  }
}

type EndReason = JournalEventOf<'staff.proposalEnded'>['reason'];

const ended = (proposalId: string, reason: EndReason, personId: string | null) =>
  ({ kind: 'staff.proposalEnded', proposalId, reason, personId }) as const;

const yesOf = ({ person, signInId, channel }: SignInSession) => ({
  personId: person.personId,
  signInId,
  channel,
});

/**
 * Two accounts are not proof of two humans: what can be seen is a name that reads the same. Whoever may
 * make accounts can make two of other names, change both passwords, and be both people.
 */
const isSamePerson = ({ proposedBy, signInId }: Held, by: SignInSession): boolean =>
  by.person.personId === proposedBy.personId ||
  by.signInId === signInId ||
  isSameName(by.person.name, proposedBy.name);
