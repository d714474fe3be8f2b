import { createHash, randomBytes } from 'node:crypto';
import type { Clock, TimerHandle } from '../base/clock.ts';
import type { SignInChannel } from '../journal/events/staff.ts';
import type { JournalEventOf } from '../journal/catalogue.ts';
import type { Person } from './people.ts';

export const IDLE_LIMIT_MS = 15 * 60_000;
export const ABSOLUTE_LIMIT_MS = 8 * 3_600_000;

export type SignOutReason = JournalEventOf<'staff.signedOut'>['reason'];

export interface SignInSession {
  readonly signInId: string;
  readonly person: Person;
  readonly channel: SignInChannel;
  /** When the password was given, on the monotonic clock. */
  readonly signedInAtMs: number;
}

interface Held extends SignInSession {
  readonly endsAtMs: number;
  idleEndsAtMs: number;
  timer: TimerHandle | null;
}

/** Who is signed in, by token, in memory alone. Only a hash of the token is kept. */
export class SignInSessions {
  readonly #clock: Clock;
  readonly #onEnded: (session: SignInSession, reason: SignOutReason) => void;
  readonly #held = new Map<string, Held>();

  constructor(clock: Clock, onEnded: (session: SignInSession, reason: SignOutReason) => void) {
    this.#clock = clock;
    this.#onEnded = onEnded;
  }

  /** Returns the token of a session that begins now: 256 random bits, known to its holder alone. */
  open(session: SignInSession): string {
    const token = randomBytes(32).toString('base64url');
    const now = this.#clock.monotonicMs();
    const held: Held = {
      ...session,
      endsAtMs: now + ABSOLUTE_LIMIT_MS,
      idleEndsAtMs: now + IDLE_LIMIT_MS,
      timer: null,
    };
    const key = keyOf(token);
    this.#held.set(key, held);
    this.#watch(key, held);
    return token;
  }

  /** The session of a token, which by this is not idle; null: unknown or ended. */
  use(token: string): SignInSession | null {
    const held = this.#held.get(keyOf(token));
    if (held === undefined) return null;
    held.idleEndsAtMs = this.#clock.monotonicMs() + IDLE_LIMIT_MS;
    return held;
  }

  /** The session of a token, which goes on being idle: for what a page asks by itself. */
  look(token: string): SignInSession | null {
    return this.#held.get(keyOf(token)) ?? null;
  }

  /** Ends it; false: unknown or ended before. */
  close(token: string, reason: SignOutReason): boolean {
    return this.#end(keyOf(token), reason);
  }

  /** Ends every other session of the person whose session this is. */
  closeOthers({ signInId, person }: SignInSession, reason: SignOutReason): void {
    for (const [key, held] of [...this.#held]) {
      const isOther = held.signInId !== signInId && held.person.personId === person.personId;
      if (isOther) this.#end(key, reason);
    }
  }

  /** Ends every session of a person. */
  closeAllOf(personId: string, reason: SignOutReason): void {
    for (const [key, held] of [...this.#held]) {
      if (held.person.personId === personId) this.#end(key, reason);
    }
  }

  closeAll(reason: SignOutReason): void {
    for (const key of [...this.#held.keys()]) this.#end(key, reason);
  }

  #watch(key: string, held: Held): void {
    const dueMs = Math.min(held.endsAtMs, held.idleEndsAtMs);
    held.timer = this.#clock.after(Math.max(0, dueMs - this.#clock.monotonicMs()), () => {
      const now = this.#clock.monotonicMs();
      if (now >= held.endsAtMs) this.#end(key, 'absolute');
      else if (now >= held.idleEndsAtMs) this.#end(key, 'idle');
      else this.#watch(key, held);
    });
  }

  #end(key: string, reason: SignOutReason): boolean {
    const held = this.#held.get(key);
    if (held === undefined) return false;
    held.timer?.cancel();
    this.#held.delete(key);
    this.#onEnded(held, reason);
    return true;
  }
}

const keyOf = (token: string): string => createHash('sha256').update(token).digest('hex');
