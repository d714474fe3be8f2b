import * as z from 'zod';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { roleSchema, type Role } from '../domain/role.ts';
import { hashOfAccountName } from '../journal/account-name.ts';
import type { Journal } from '../journal/journal.ts';
import type { SqlWriter } from '../store/sql.ts';
import { isSameName } from './names.ts';
import { hashPassword, passwordParamsSchema, type PasswordHash } from './password.ts';

export interface Person {
  readonly personId: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  /** False while the password is the one that another person gave the account: two people know it. */
  readonly passwordIsOwn: boolean;
}

export type PasswordFault =
  | { readonly kind: 'passwordTooShort'; readonly minLength: number }
  | { readonly kind: 'passwordTooLong' };

export type CreatePersonError =
  | { readonly kind: 'nameNotUsable' }
  | { readonly kind: 'nameTaken' }
  | { readonly kind: 'noRole' }
  | PasswordFault;

export interface DisableRefusal {
  readonly kind:
    'roleMissing' | 'noSuchAccount' | 'ownAccount' | 'lastAdministrator' | 'disabledBefore';
}

export interface NewPerson {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly password: string;
}

const MIN_PASSWORD_LENGTH = 10;
const MAX_PASSWORD_LENGTH = 200;
/** A name as people type it to sign in: letters, digits, and little else; no space at either end. */
const usableName = /^[\p{L}\p{N}](?:[\p{L}\p{N} .'_-]{0,58}[\p{L}\p{N}.])?$/u;

/** Why nobody may have this password; null: it may be had. */
export function passwordFault(password: string): PasswordFault | null {
  if (password.length < MIN_PASSWORD_LENGTH) {
    return { kind: 'passwordTooShort', minLength: MIN_PASSWORD_LENGTH };
  }
  return password.length > MAX_PASSWORD_LENGTH ? { kind: 'passwordTooLong' } : null;
}

const bytes = z.instanceof(Uint8Array);
const personRow = z
  .strictObject({
    person_id: z.string(),
    name: z.string(),
    roles_json: z.string(),
    disabled: z.number().int(),
    password_is_own: z.number().int(),
  })
  .transform((row): Person => ({
    personId: row.person_id,
    name: row.name,
    roles: z.array(roleSchema).parse(JSON.parse(row.roles_json)),
    disabled: row.disabled !== 0,
    passwordIsOwn: row.password_is_own !== 0,
  }));
const passwordRow = z
  .strictObject({
    password_salt: bytes,
    password_hash: bytes,
    password_params_json: z.string(),
  })
  .transform((row): PasswordHash => ({
    salt: row.password_salt,
    hash: row.password_hash,
    params: passwordParamsSchema.parse(JSON.parse(row.password_params_json)),
  }));
const COLUMNS = 'person_id, name, roles_json, disabled, password_is_own';

/** The named accounts of this terminal. There are no shared ones. */
export class People {
  readonly #journal: Journal;
  readonly #clock: Clock;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** Makes an account; `by` is null for the first one alone. Completes when it is on the disk. */
  async create(person: NewPerson, by: string | null): Promise<Result<Person, CreatePersonError>> {
    const fault = this.faultOf(person);
    if (fault !== null) return err(fault);
    const { salt, hash, params } = await hashPassword(person.password);
    // Asked again: another account may have been made while the hash was computed.
    const taken = this.faultOf(person);
    if (taken !== null) return err(taken);
    const personId = newId('per');
    const roles = [...new Set(person.roles)];
    const nameSha256 = hashOfAccountName(personId, person.name);
    await this.#journal.append({
      events: [{ kind: 'staff.personCreated', personId, nameSha256, roles, by }],
      also: ({ sql }) =>
        sql.run(
          `INSERT INTO people (person_id, name, roles_json, password_salt, password_hash,
             password_params_json, password_is_own, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          personId,
          person.name,
          canonicalJson(roles),
          salt,
          hash,
          canonicalJson(params),
          by === null ? 1 : 0,
          this.#clock.now(),
        ),
    });
    const passwordIsOwn = by === null;
    return ok({ personId, name: person.name, roles, disabled: false, passwordIsOwn });
  }

  /** Why this account cannot be made; null: it can. */
  faultOf({ name, roles, password }: NewPerson): CreatePersonError | null {
    if (!usableName.test(name)) return { kind: 'nameNotUsable' };
    // One human under two names that read the same could say yes twice.
    if (this.list().some((other) => isSameName(other.name, name))) return { kind: 'nameTaken' };
    return roles.length === 0 ? { kind: 'noRole' } : passwordFault(password);
  }

  list(): Person[] {
    return this.#journal.reader.all(personRow, `SELECT ${COLUMNS} FROM people ORDER BY name`);
  }

  find(personId: string): Person | null {
    const query = `SELECT ${COLUMNS} FROM people WHERE person_id = ?`;
    return this.#journal.reader.get(personRow, query, personId) ?? null;
  }

  findByName(name: string): Person | null {
    const query = `SELECT ${COLUMNS} FROM people WHERE name = ?`;
    return this.#journal.reader.get(personRow, query, name) ?? null;
  }

  /** Who may make and close accounts, by the accounts as they are now. */
  administrators(): Person[] {
    return this.list().filter(
      ({ disabled, roles }) => !disabled && roles.includes('administrator'),
    );
  }

  /** Why `by` may not close the account of that name; else whose it is. */
  toDisable(name: string, by: string): Result<Person, DisableRefusal> {
    const administrators = this.administrators();
    if (!administrators.some(({ personId }) => personId === by)) {
      return err({ kind: 'roleMissing' });
    }
    const person = this.findByName(name);
    if (person === null) return err({ kind: 'noSuchAccount' });
    if (person.disabled) return err({ kind: 'disabledBefore' });
    const others = administrators.filter(({ personId }) => personId !== person.personId);
    if (others.length === 0) return err({ kind: 'lastAdministrator' });
    return person.personId === by ? err({ kind: 'ownAccount' }) : ok(person);
  }

  /** Closes the account, in the caller's transaction. */
  disable(sql: SqlWriter, personId: string): void {
    sql.run('UPDATE people SET disabled = 1 WHERE person_id = ?', personId);
  }

  /** Notes that the holder chose the password, in the caller's transaction. */
  ownPassword(sql: SqlWriter, personId: string): void {
    sql.run('UPDATE people SET password_is_own = 1 WHERE person_id = ?', personId);
  }

  /** Replaces a password's hash, in the caller's transaction. */
  keepPassword(sql: SqlWriter, personId: string, { salt, hash, params }: PasswordHash): void {
    sql.run(
      `UPDATE people SET password_salt = ?, password_hash = ?, password_params_json = ?
       WHERE person_id = ?`,
      salt,
      hash,
      canonicalJson(params),
      personId,
    );
  }

  passwordOf(personId: string): PasswordHash | null {
    const query = `SELECT password_salt, password_hash, password_params_json
      FROM people WHERE person_id = ?`;
    return this.#journal.reader.get(passwordRow, query, personId) ?? null;
  }
}
