import { timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../base/canonical-json.ts';
import type { Clock } from '../base/clock.ts';
import { randomBase32 } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Journal } from '../journal/journal.ts';
import type { CreatePersonError, People, Person } from './people.ts';

export const SETUP_SECRET_FILE = 'setup-secret';
/** Base32 characters: 160 random bits. */
const SECRET_LENGTH = 32;
/** A terminal that nobody set up on its day offers another secret on the next. */
export const SECRET_LIFE_MS = 24 * 3_600_000;

export type FirstAdministratorError =
  /** There are accounts: an administrator makes further ones. */
  { readonly kind: 'alreadySetUp' } | { readonly kind: 'wrongSecret' } | CreatePersonError;

/**
 * How the first account comes to be: whoever can read the data folder reads a one-time secret
 * there and names the first administrator with it. With the account the secret is gone.
 */
export class FirstAdministrator {
  readonly #path: string;
  readonly #journal: Journal;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #people: People;

  constructor(parts: {
    readonly dataFolder: string;
    readonly journal: Journal;
    readonly clock: Pick<Clock, 'now'>;
    readonly people: People;
  }) {
    this.#clock = parts.clock;
    this.#path = join(parts.dataFolder, SETUP_SECRET_FILE);
    this.#journal = parts.journal;
    this.#people = parts.people;
  }

  /** At each start: writes a secret where there is no account yet. Returns its path, or null where none is needed. */
  async offer(): Promise<string | null> {
    if (this.#people.list().length > 0) {
      rmSync(this.#path, { force: true });
      return null;
    }
    if (this.#readSecret() !== null) return this.#path;
    rmSync(this.#path, { force: true });
    await this.#journal.append({ events: [{ kind: 'staff.setupSecretIssued' }] });
    const file = openSync(this.#path, 'wx', 0o600);
    writeSync(file, `${randomBase32(SECRET_LENGTH)}\n`);
    fsyncSync(file);
    closeSync(file);
    const now = this.#clock.now() / 1000;
    utimesSync(this.#path, now, now);
    return this.#path;
  }

  async redeem(
    secret: string,
    account: { readonly name: string; readonly password: string },
  ): Promise<Result<Person, FirstAdministratorError>> {
    if (this.#people.list().length > 0) return err({ kind: 'alreadySetUp' });
    const expected = this.#readSecret();
    if (expected === null) {
      // Spent by its age, lost or cut short: the next one lies where this one lay.
      await this.offer();
      return err({ kind: 'wrongSecret' });
    }
    // Hashes have one length, which timingSafeEqual asks for.
    const same = timingSafeEqual(
      Buffer.from(sha256Hex(secret.trim())),
      Buffer.from(sha256Hex(expected)),
    );
    if (!same) return err({ kind: 'wrongSecret' });
    const person = { ...account, roles: ['administrator'] as const };
    const fault = this.#people.faultOf(person);
    if (fault !== null) return err(fault);
    // Before the account: a secret may be lost, and is then offered anew, but never serve twice.
    rmSync(this.#path);
    const created = await this.#people.create(person, null);
    return created.ok ? ok(created.value) : created;
  }

  /** null also for one that is too old, and for a file that a cut of power left short: an empty secret would let anybody in. */
  #readSecret(): string | null {
    if (!existsSync(this.#path)) return null;
    // Either way: a clock that was set back makes no secret young again.
    const ageMs = Math.abs(this.#clock.now() - statSync(this.#path).mtimeMs);
    if (ageMs > SECRET_LIFE_MS) return null;
    const secret = readFileSync(this.#path, 'utf8').trim();
    return secret.length === SECRET_LENGTH ? secret : null;
  }
}
