import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod';
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
  /** The key was destroyed on purpose; nobody can read it any more. */
  | { readonly kind: 'erased' }
  /** The key is gone and nobody recorded why: the database of keys was lost, or is an older copy. */
  | { readonly kind: 'keyMissing' }
  /** What was sealed is not what lies here, or lies here no more though nobody erased it. */
  | { readonly kind: 'damaged' };

const PERSON_KEY_BYTES = 16;

const bytes = z.instanceof(Uint8Array);
const keyRow = z.strictObject({ key: bytes });
const secretRow = z.strictObject({ value: bytes });
const sealedRow = z.strictObject({ nonce: bytes, ciphertext: bytes });
const eraseReason = z.enum(['retention', 'request', 'keyLost']);
export type EraseReason = z.infer<typeof eraseReason>;
const erasureRow = z.strictObject({ case_id: z.string(), reason: eraseReason });
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
      events: [
        {
          kind: 'case.opened',
          ...of,
          ciphertextSha256: sha256Hex(ciphertext),
          nonce: Buffer.from(nonce).toString('hex'),
        },
      ],
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
    const sealed = this.#journal.reader.get(
      sealedRow,
      'SELECT nonce, ciphertext FROM vault WHERE case_id = ?',
      caseId,
    );
    const key = this.#keys.get(keyRow, 'SELECT key FROM case_keys WHERE case_id = ?', caseId);
    if (sealed === undefined) return err({ kind: this.#whyNotSealed(caseId) });
    if (key === undefined) {
      return err({ kind: this.#isBeingErased(caseId) ? 'erased' : 'keyMissing' });
    }
    const text = unseal(caseId, key.key, sealed);
    return text === null ? err({ kind: 'damaged' }) : ok(caseFieldsSchema.parse(JSON.parse(text)));
  }

  /**
   * Destroys the keys of cases, then what they sealed, and records each. Completes when no file of the
   * data folder holds a byte of the keys. May be repeated; what a crash cuts short `finishErasures` ends.
   */
  async erase(caseIds: readonly string[], reason: EraseReason): Promise<void> {
    this.#keys.transaction(() => {
      for (const caseId of caseIds) {
        this.#keys.run(
          'INSERT INTO erasures (case_id, reason) VALUES (?, ?) ON CONFLICT (case_id) DO NOTHING',
          caseId,
          reason,
        );
        this.#keys.run('DELETE FROM case_keys WHERE case_id = ?', caseId);
      }
    });
    await this.finishErasures();
  }

  /** Records erasures whose keys are destroyed already; completes when what they sealed is gone too. */
  async finishErasures(): Promise<void> {
    this.#emptyWal();
    const begun = this.#keys.all(erasureRow, 'SELECT case_id, reason FROM erasures');
    if (begun.length === 0) return;
    const open = begun.filter(({ case_id }) => this.isSealed(case_id));
    if (open.length > 0) {
      await this.#journal.append({
        events: open.map(({ case_id, reason }) => ({
          kind: 'case.erased',
          caseId: case_id,
          reason,
        })),
        also: ({ sql }) => {
          for (const { case_id } of open) sql.run('DELETE FROM vault WHERE case_id = ?', case_id);
        },
      });
    }
    this.#keys.transaction(() => {
      for (const { case_id } of begun) {
        this.#keys.run('DELETE FROM erasures WHERE case_id = ?', case_id);
      }
    });
  }

  /** Cases whose sealed fields are there and whose key is not, though nobody erased it. */
  casesWithoutKey(): string[] {
    const known = new Set(
      this.#keys
        .all(caseRow, 'SELECT case_id FROM case_keys UNION ALL SELECT case_id FROM erasures')
        .map(({ case_id }) => case_id),
    );
    return this.#cases('SELECT case_id FROM vault').filter((caseId) => !known.has(caseId));
  }

  /**
   * Destroys keys that seal nothing, as a crash between key and sealed text leaves them. Returns when no
   * file of the data folder holds a byte of them.
   */
  dropIdleKeys(): number {
    const sealed = new Set(this.#cases('SELECT case_id FROM vault'));
    const idle = this.#keys
      .all(caseRow, 'SELECT case_id FROM case_keys')
      .filter(({ case_id }) => !sealed.has(case_id));
    this.#keys.transaction(() => {
      for (const { case_id } of idle) {
        this.#keys.run('DELETE FROM case_keys WHERE case_id = ?', case_id);
      }
    });
    this.#emptyWal();
    return idle.length;
  }

  /** Whether personal fields of the case lie here, readable or not. */
  isSealed(caseId: string): boolean {
    return this.#cases('SELECT case_id FROM vault WHERE case_id = ?', caseId).length > 0;
  }

  casesOfRequest(requestId: string): string[] {
    return this.#cases('SELECT case_id FROM vault WHERE request_id = ?', requestId);
  }

  /** Cases in which this person stood here, as far as their fields hold the key of a person. */
  casesOfPerson(nik: Nik): string[] {
    const personKey = this.personKey(nik);
    return this.#cases('SELECT case_id FROM vault').filter((caseId) => {
      const fields = this.read(caseId);
      return fields.ok && fields.value.personKey === personKey;
    });
  }

  /**
   * HMAC-SHA-256 of a NIK under a key of this terminal, as a plain hash of 16 digits could be guessed
   * back; half of it, since every case carries it and 128 bits never meet by chance.
   */
  personKey(nik: Nik): string {
    const mac = createHmac('sha256', this.#personSecret()).update(nik).digest();
    return mac.subarray(0, PERSON_KEY_BYTES).toString('base64url');
  }

  /**
   * Deleted content is overwritten in the database, but its old pages stay in the WAL until this. A crash
   * may have come between the two, so nothing may say erased before it.
   */
  #emptyWal(): void {
    const busy = this.#keys.pragma('wal_checkpoint(TRUNCATE)');
    assert(busy === 0, 'nobody else reads the key database');
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

  #cases(query: string, ...params: readonly string[]): string[] {
    return this.#journal.reader.all(caseRow, query, ...params).map(({ case_id }) => case_id);
  }

  #isBeingErased(caseId: string): boolean {
    const query = 'SELECT case_id FROM erasures WHERE case_id = ?';
    return this.#keys.get(caseRow, query, caseId) !== undefined;
  }

  #whyNotSealed(caseId: string): 'erased' | 'damaged' | 'unknownCase' {
    const isTold = (event: string): boolean => {
      const query = `SELECT 1 FROM rows WHERE ${event}
        AND json_extract(body, '$.event.caseId') = ? LIMIT 1`;
      return this.#journal.reader.get(z.unknown(), query, caseId) !== undefined;
    };
    if (isTold("asked_kind = 'case.erased'")) return 'erased';
    return isTold("kind = 'case.opened'") ? 'damaged' : 'unknownCase';
  }
}
