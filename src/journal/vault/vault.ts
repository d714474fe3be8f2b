import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { assert } from '../../base/assert.ts';
import { canonicalJson, sha256Hex } from '../../base/canonical-json.ts';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Nik } from '../../domain/nik.ts';
import type { Database } from '../../store/database.ts';
import type { Journal } from '../journal.ts';
import { seal, unseal } from './case-cipher.ts';
import { caseFieldsSchema, type CaseFields } from './case-fields.ts';

/** One request in one session: what is erased together. */
export interface CaseRef {
  readonly caseId: string;
  readonly sessionId: string;
  readonly requestId: string;
}

export type ReadCaseError =
  | { readonly kind: 'unknownCase' }
  /** The key was destroyed; nobody can read it any more. */
  | { readonly kind: 'erased' }
  | { readonly kind: 'damaged' };

const bytes = z.instanceof(Uint8Array);
const keyRow = z.strictObject({ key: bytes });
const secretRow = z.strictObject({ value: bytes });
const sealedRow = z.strictObject({ nonce: bytes, ciphertext: bytes });
const caseRow = z.strictObject({ case_id: z.string() });

/**
 * Personal fields that can be forgotten: the journal's database holds them sealed, another database
 * holds one key a case, and the chain holds only the hash of what is sealed. Erasing the key erases
 * the person everywhere, backups of the journal included, and the chain still verifies.
 */
export class Vault {
  readonly #journal: Journal;
  readonly #keys: Database;
  readonly #clock: Clock;

  constructor(parts: {
    readonly journal: Journal;
    readonly keys: Database;
    readonly clock: Clock;
  }) {
    this.#journal = parts.journal;
    this.#keys = parts.keys;
    this.#clock = parts.clock;
  }

  /** Seals the fields of a new case. Completes when key, sealed text and event are on the disk. */
  async put(of: CaseRef, fields: CaseFields): Promise<void> {
    const key = randomBytes(32);
    const { nonce, ciphertext } = seal(
      of.caseId,
      key,
      canonicalJson(caseFieldsSchema.parse(fields)),
    );
    const now = this.#clock.now();
    // The key first: sealed text without a key would be lost, a key without text is nothing.
    this.#keys.run(
      'INSERT INTO case_keys (case_id, key, made_at_ms) VALUES (?, ?, ?)',
      of.caseId,
      key,
      now,
    );
    await this.#journal.append({
      events: [{ kind: 'case.opened', ...of, ciphertextSha256: sha256Hex(ciphertext) }],
      also: ({ sql }) =>
        sql.run(
          `INSERT INTO vault (case_id, session_id, request_id, sealed_at_ms, nonce, ciphertext)
           VALUES (?, ?, ?, ?, ?, ?)`,
          of.caseId,
          of.sessionId,
          of.requestId,
          now,
          nonce,
          ciphertext,
        ),
    });
  }

  read(caseId: string): Result<CaseFields, ReadCaseError> {
    const key = this.#keys.get(keyRow, 'SELECT key FROM case_keys WHERE case_id = ?', caseId);
    const query = 'SELECT nonce, ciphertext FROM vault WHERE case_id = ?';
    const sealed = this.#journal.reader.get(sealedRow, query, caseId);
    if (sealed === undefined || key === undefined) {
      const known = sealed !== undefined || this.#wasOpened(caseId);
      return err({ kind: known ? 'erased' : 'unknownCase' });
    }
    const text = unseal(caseId, key.key, sealed);
    return text === null ? err({ kind: 'damaged' }) : ok(caseFieldsSchema.parse(JSON.parse(text)));
  }

  /** Destroys the key, then the sealed text, and records both. May be repeated. */
  async erase(caseId: string, reason: 'retention' | 'request'): Promise<void> {
    this.#keys.run('DELETE FROM case_keys WHERE case_id = ?', caseId);
    // Deleted content is overwritten in the database, but its old pages stay in the WAL until this.
    const busy = this.#keys.pragma('wal_checkpoint(TRUNCATE)');
    assert(busy === 0, 'nobody else reads the key database');
    await this.#journal.append({
      events: [{ kind: 'case.erased', caseId, reason }],
      also: ({ sql }) => sql.run('DELETE FROM vault WHERE case_id = ?', caseId),
    });
  }

  /** Cases sealed before `beforeMs` (wall clock), oldest first: those that retention ends. */
  sealedBefore(beforeMs: number): string[] {
    const query = 'SELECT case_id FROM vault WHERE sealed_at_ms < ? ORDER BY sealed_at_ms';
    return this.#journal.reader.all(caseRow, query, beforeMs).map(({ case_id }) => case_id);
  }

  /** HMAC-SHA-256 of a NIK under a key of this terminal: a plain hash of 16 digits could be guessed back. */
  personKey(nik: Nik): string {
    return createHmac('sha256', this.#personSecret()).update(nik).digest('hex');
  }

  #personSecret(): Uint8Array {
    this.#keys.run(
      `INSERT INTO secrets (name, value) VALUES ('personKey', ?) ON CONFLICT (name) DO NOTHING`,
      randomBytes(32),
    );
    const query = "SELECT value FROM secrets WHERE name = 'personKey'";
    const row = this.#keys.get(secretRow, query);
    assert(row !== undefined, 'the secret was just stored');
    return row.value;
  }

  #wasOpened(caseId: string): boolean {
    const query = `SELECT 1 FROM rows WHERE kind = 'case.opened'
      AND json_extract(body, '$.event.caseId') = ? LIMIT 1`;
    return this.#journal.reader.get(z.unknown(), query, caseId) !== undefined;
  }
}
