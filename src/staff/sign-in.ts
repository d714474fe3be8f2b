import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { Mutex } from '../base/mutex.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { SignInChannel } from '../journal/events/staff.ts';
import type { Journal } from '../journal/journal.ts';
import type { SqlWriter } from '../store/sql.ts';
import { Failures } from './failures.ts';
import { decoyHash, hashPassword, isOutdated, isPassword } from './password.ts';
import {
  passwordFault,
  type CreatePersonError,
  type DisableRefusal,
  type NewPerson,
  type People,
  type Person,
} from './people.ts';
import { SignInSessions, type SignInSession, type SignOutReason } from './sign-in-sessions.ts';

export interface Credentials {
  readonly name: string;
  readonly password: string;
  readonly channel: SignInChannel;
}

export interface SignedIn {
  readonly token: string;
  readonly person: Person;
}

/** `refused` says nothing of which part was wrong; both say how long to wait before the next try. */
export type SignInRefusal =
  | { readonly kind: 'refused'; readonly waitMs: number }
  | { readonly kind: 'mustWait'; readonly waitMs: number };

export interface ChangePasswordRefusal {
  readonly kind: 'passwordRefused' | 'passwordUnchanged' | 'passwordTooShort' | 'passwordTooLong';
}

export type CreateAccountRefusal = { readonly kind: 'roleMissing' } | CreatePersonError;

/** Sign-in of named people, on every page and on the command line. */
export class SignIn {
  readonly #journal: Journal;
  readonly #people: People;
  readonly #failures: Failures;
  readonly #sessions: SignInSessions;
  readonly #clock: Clock;
  readonly #fatal: (cause: unknown) => void;
  /** One at a time: a password costs 19 MiB and 100 ms, and nobody may run a hundred at once. */
  readonly #mutex = new Mutex();

  constructor(parts: {
    readonly journal: Journal;
    readonly people: People;
    /** The journal's database, for the count of failures. */
    readonly sql: SqlWriter;
    readonly clock: Clock;
    /** A sign-out could not be recorded: the process ends by its exit policy. */
    readonly fatal: (cause: unknown) => void;
  }) {
    this.#journal = parts.journal;
    this.#people = parts.people;
    this.#failures = new Failures(parts.sql, parts.clock);
    this.#clock = parts.clock;
    this.#fatal = parts.fatal;
    this.#sessions = new SignInSessions(parts.clock, (session, reason) => {
      this.#recordEnd(session, reason);
    });
  }

  /** Completes when the sign-in, or its refusal, is on the disk. */
  signIn(credentials: Credentials): Promise<Result<SignedIn, SignInRefusal>> {
    return this.#mutex.withLock(() => this.#signIn(credentials));
  }

  /** Whose token this is; null: sign in again. Counts as activity. */
  authenticate(token: string): SignInSession | null {
    return this.#sessions.use(token);
  }

  /** Whose token this is, without counting as activity: a page that refreshes itself keeps nobody signed in. */
  look(token: string): SignInSession | null {
    return this.#sessions.look(token);
  }

  /** False: the token was of no session. */
  signOut(token: string): boolean {
    return this.#sessions.close(token, 'signedOut');
  }

  /**
   * Gives the account another password, known to its holder alone. The old one is asked for once more,
   * under the same count of failures as a sign-in; every other session of the person ends.
   */
  changePassword(
    by: SignInSession,
    words: { readonly current: string; readonly next: string },
  ): Promise<Result<void, ChangePasswordRefusal>> {
    return this.#mutex.withLock(() => this.#changePassword(by, words));
  }

  /**
   * Makes an account with a password for its first day, as an administrator. One at a time like a sign-in,
   * for the same cost. Completes when it is on the disk.
   */
  createAccount(
    by: SignInSession,
    account: NewPerson,
  ): Promise<Result<Person, CreateAccountRefusal>> {
    return this.#mutex.withLock(async () => {
      const { personId } = by.person;
      const may = this.#people.administrators().some((one) => one.personId === personId);
      return may ? this.#people.create(account, personId) : err({ kind: 'roleMissing' });
    });
  }

  /**
   * Closes the account of that name for good: no sign-in, no yes, and what it is signed in to ends now.
   * Completes when it is on the disk. The name stays taken, so that the record names one human by it.
   */
  disable(by: SignInSession, name: string): Promise<Result<Person, DisableRefusal>> {
    return this.#mutex.withLock(async () => {
      const found = this.#people.toDisable(name, by.person.personId);
      if (!found.ok) return found;
      const { personId } = found.value;
      await this.#journal.append({
        events: [{ kind: 'staff.personDisabled', personId, by: by.person.personId }],
        also: ({ sql }) => this.#people.disable(sql, personId),
      });
      this.#sessions.closeAllOf(personId, 'accountDisabled');
      return found;
    });
  }

  /** Ends every session, as core stops. */
  closeAll(): void {
    this.#sessions.closeAll('coreStopped');
  }

  async #changePassword(
    by: SignInSession,
    { current, next }: { readonly current: string; readonly next: string },
  ): Promise<Result<void, ChangePasswordRefusal>> {
    const { signInId, channel } = by;
    const { personId, name } = by.person;
    const fault = passwordFault(next);
    if (fault !== null) return err({ kind: fault.kind });
    if (current === next) return err({ kind: 'passwordUnchanged' });
    if (this.#failures.waitMs(personId, name) > 0) return err({ kind: 'passwordRefused' });
    this.#failures.count(personId, name);
    const stored = this.#people.passwordOf(personId);
    if (!(await isPassword(current, stored ?? decoyHash))) {
      const waitMs = this.#failures.waitMs(personId, name);
      await this.#recordFailure(personId, channel, 'wrong', waitMs);
      return err({ kind: 'passwordRefused' });
    }
    const hash = await hashPassword(next);
    await this.#journal.append({
      events: [{ kind: 'staff.passwordChanged', personId, signInId, channel }],
      also: ({ sql }) => {
        this.#failures.forget(sql, personId);
        this.#people.keepPassword(sql, personId, hash);
        this.#people.ownPassword(sql, personId);
      },
    });
    this.#sessions.closeOthers(by, 'passwordChanged');
    return ok(undefined);
  }

  async #signIn(credentials: Credentials): Promise<Result<SignedIn, SignInRefusal>> {
    const { name, password, channel } = credentials;
    const person = this.#people.findByName(name);
    const personId = person?.personId ?? null;
    const mustWaitMs = this.#failures.waitMs(personId, name);
    if (mustWaitMs > 0) {
      await this.#recordFailure(personId, channel, 'mustWait', mustWaitMs);
      return err({ kind: 'mustWait', waitMs: mustWaitMs });
    }
    this.#failures.count(personId, name);
    const stored = personId === null ? null : this.#people.passwordOf(personId);
    const matches = await isPassword(password, stored ?? decoyHash);
    if (person === null || stored === null || !matches || person.disabled) {
      const waitMs = this.#failures.waitMs(personId, name);
      const disabled = matches && person?.disabled === true;
      await this.#recordFailure(personId, channel, disabled ? 'disabled' : 'wrong', waitMs);
      return err({ kind: 'refused', waitMs });
    }
    const better = isOutdated(stored) ? await hashPassword(password) : null;
    const signInId = newId('sign');
    await this.#journal.append({
      events: [{ kind: 'staff.signedIn', personId: person.personId, signInId, channel }],
      also: ({ sql }) => {
        this.#failures.forget(sql, person.personId);
        if (better !== null) this.#people.keepPassword(sql, person.personId, better);
      },
    });
    const signedInAtMs = this.#clock.monotonicMs();
    return ok({ token: this.#sessions.open({ signInId, person, channel, signedInAtMs }), person });
  }

  async #recordFailure(
    personId: string | null,
    channel: SignInChannel,
    reason: 'wrong' | 'mustWait' | 'disabled',
    waitMs: number,
  ): Promise<void> {
    await this.#journal.append({
      events: [{ kind: 'staff.signInFailed', personId, channel, reason, waitMs }],
    });
  }

  #recordEnd(session: SignInSession, reason: SignOutReason): void {
    this.#journal
      .append({
        events: [
          {
            kind: 'staff.signedOut',
            personId: session.person.personId,
            signInId: session.signInId,
            reason,
          },
        ],
      })
      .catch(this.#fatal);
  }
}
