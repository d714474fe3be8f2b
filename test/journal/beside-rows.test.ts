import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type BetterSqlite3 from 'better-sqlite3';
import { sha256Hex } from '../../src/base/canonical-json.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import { eraseOnRequest } from '../../src/journal/retention/erase-on-request.ts';
import type { DecidedBy } from '../../src/journal/staff-note.ts';
import { Vault } from '../../src/journal/vault/vault.ts';
import { People, type NewPerson } from '../../src/staff/people.ts';
import { lookUpVisitors } from '../../src/journal/visitors.ts';
import { discard, type OpenedFixture } from './fixture.ts';
import { SpoiledCopy } from './spoiled-copy.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

const by: DecidedBy = { name: 'BUDI', reason: 'letter 12', personId: newId('per'), osUid: null };
const [kept, other, erased, older] = [newId('case'), newId('case'), newId('case'), newId('case')];

let journal: SpoiledCopy;
beforeAll(async () => {
  journal = await SpoiledCopy.make(record);
});
beforeEach(() => journal.refresh());
afterAll(() => discard(journal.source));

/** Three cases, one of them erased on request, one of an older program, and a look at who was here. */
async function record(opened: OpenedFixture): Promise<void> {
  const clock = new FakeClock();
  const vault = new Vault({ journal: opened.journal, keys: opened.folder.keys, clock });
  for (const caseId of [kept, other, erased]) {
    await vault.put(
      { caseId, sessionId: newId('ses'), requestId: newId('req') },
      { claimantName: 'WARGA SPESIMEN' },
    );
  }
  await putAsBefore(opened);
  await eraseOnRequest({ ...opened, vault }, { caseId: erased }, by);
  await lookUpVisitors({ ...opened, vault }, { fromMs: 0, toMs: clock.now() + 1, by });
  await makeAccounts(opened);
}

const password = 'tujuh belas bebek';
const accounts = { open: '', closed: '', ofBefore: newId('per') };

/** One account that is open, one that was closed, and one made by a program that did not record names yet. */
async function makeAccounts({ journal: appended }: OpenedFixture): Promise<void> {
  const people = new People(appended, new FakeClock());
  const made = async (person: Omit<NewPerson, 'password'>, createdBy: string | null) => {
    const created = await people.create({ ...person, password }, createdBy);
    if (!created.ok) throw new Error(created.error.kind);
    return created.value.personId;
  };
  accounts.open = await made({ name: 'ani', roles: ['administrator', 'reviewer'] }, null);
  accounts.closed = await made({ name: 'budi', roles: ['technician'] }, accounts.open);
  await appended.append({
    events: [{ kind: 'staff.personDisabled', personId: accounts.closed, by: accounts.open }],
    also: ({ sql }) => people.disable(sql, accounts.closed),
  });
  const { ofBefore: personId, open } = accounts;
  await appended.append({
    events: [{ kind: 'staff.personCreated', personId, roles: ['auditor'], by: open }],
    also: ({ sql }) =>
      sql.run(
        `INSERT INTO people (person_id, name, roles_json, password_salt, password_hash,
           password_params_json, created_at_ms) VALUES (?, 'citra', '["auditor"]', x'', x'', '{}', 0)`,
        personId,
      ),
  });
}

/** As a program wrote that did not record the nonce yet. */
async function putAsBefore(opened: OpenedFixture): Promise<void> {
  const ciphertext = Buffer.alloc(40, 7);
  const of = { caseId: older, sessionId: newId('ses'), requestId: newId('req') };
  await opened.journal.append({
    events: [{ kind: 'case.opened', ...of, ciphertextSha256: sha256Hex(ciphertext) }],
    also: ({ sql }) =>
      sql.run(
        'INSERT INTO vault VALUES (?, ?, ?, 0, zeroblob(12), ?)',
        of.caseId,
        of.sessionId,
        of.requestId,
        ciphertext,
      ),
  });
}

interface Told {
  readonly event: { readonly kind: string; readonly caseId?: string; readonly personId?: string };
}

/** The number of the row that holds such an event. */
function rowOf(kind: string, of?: string): number {
  const index = journal.rows.findIndex(([, body]) => {
    const { event } = JSON.parse(Buffer.from(body).toString()) as Told;
    return event.kind === kind && [undefined, event.caseId, event.personId].includes(of);
  });
  if (index === -1) throw new Error(`no row holds ${kind}`);
  return index + 1;
}

const spoil = (sql: string, ...values: readonly unknown[]): void =>
  journal.spoil((db: BetterSqlite3.Database) => {
    // References too: whoever has the file keeps to no rule of it.
    db.pragma('foreign_keys = OFF');
    db.prepare(sql).run(...values);
  });

const broken = (reason: string, at: number) => ({
  verdict: 'broken',
  reason,
  at,
  anchoredThrough: null,
  lost: [],
});

it('whole, with a case erased and one of an older program, is valid', () => {
  expect(journal.judge()).toMatchObject({ verdict: 'valid' });
});

describe('sealed fields', () => {
  it.each([
    ["ciphertext = CAST(x'00' || substr(ciphertext, 2) AS BLOB)"],
    ['ciphertext = zeroblob(length(ciphertext))'],
    ["ciphertext = x''"],
    ['nonce = zeroblob(12)'],
    ["session_id = 'ses_AAAAAAAAAAAAAAAA'"],
    ["request_id = 'req_AAAAAAAAAAAAAAAA'"],
    [
      '(nonce, ciphertext) = (SELECT nonce, ciphertext FROM vault AS two WHERE two.case_id <> vault.case_id)',
    ],
  ])('where somebody set %s are located', (change) => {
    spoil(`UPDATE vault SET ${change} WHERE case_id = ?`, other);
    expect(journal.judge()).toEqual(broken('vaultMismatch', rowOf('case.opened', other)));
  });

  it.each([
    ['kept', kept],
    ['other', other],
    ['older', older],
  ])('that are gone though nobody erased them are missed, and where: %s', (_, caseId) => {
    spoil('DELETE FROM vault WHERE case_id = ?', caseId);
    expect(journal.judge()).toEqual(broken('vaultMismatch', rowOf('case.opened', caseId)));
  });

  it('that are all gone are missed from the first on', () => {
    spoil('DELETE FROM vault');
    expect(journal.judge()).toEqual(broken('vaultMismatch', rowOf('case.opened', kept)));
  });

  it('put back after they were erased are located', () => {
    spoil(
      'INSERT INTO vault SELECT ?, session_id, request_id, 0, nonce, ciphertext FROM vault LIMIT 1',
      erased,
    );
    expect(journal.judge()).toEqual(broken('vaultMismatch', rowOf('case.erased', erased)));
  });

  it('of a case that was never opened are found', () => {
    spoil(
      "INSERT INTO vault VALUES ('case_AAAAAAAAAAAAAAAA', 'ses_A', 'req_A', 0, zeroblob(12), x'00')",
    );
    expect(journal.judge()).toEqual(broken('vaultMismatch', journal.lastSeq));
  });

  it('under another case leave the first one missed', () => {
    spoil("UPDATE vault SET case_id = 'case_AAAAAAAAAAAAAAAA' WHERE case_id = ?", kept);
    expect(journal.judge()).toEqual(broken('vaultMismatch', rowOf('case.opened', kept)));
  });

  it('of an older program are held by their hash, though not by their nonce', () => {
    spoil("UPDATE vault SET nonce = x'000000000000000000000001' WHERE case_id = ?", older);
    expect(journal.judge()).toMatchObject({ verdict: 'valid' });
    spoil("UPDATE vault SET ciphertext = x'00' WHERE case_id = ?", older);
    expect(journal.judge()).toEqual(broken('vaultMismatch', rowOf('case.opened', older)));
  });
});

describe('the note of who decided, and why', () => {
  const asked = (): number => rowOf('case.erasureAsked');
  const looked = (): number => rowOf('visitors.exported');

  it.each(['name', 'reason'])('is located where its %s is another', (column) => {
    spoil(`UPDATE staff_notes SET ${column} = 'ANI' WHERE seq = ?`, looked());
    expect(journal.judge()).toEqual(broken('noteMismatch', looked()));
  });

  it('is missed where it is gone, from the first on', () => {
    spoil('DELETE FROM staff_notes WHERE seq = ?', looked());
    expect(journal.judge()).toEqual(broken('noteMismatch', looked()));
    spoil('DELETE FROM staff_notes');
    expect(journal.judge()).toEqual(broken('noteMismatch', asked()));
  });

  it('is missed where it lies beside another row, and found there', () => {
    spoil('UPDATE staff_notes SET seq = 2 WHERE seq = ?', asked());
    expect(journal.judge()).toEqual(broken('noteMismatch', 2));
    spoil('UPDATE staff_notes SET seq = 999 WHERE seq = 2');
    expect(journal.judge()).toEqual(broken('noteMismatch', asked()));
  });
});

describe('the account of a person of staff', () => {
  const madeAt = (personId: string) =>
    broken('accountMismatch', rowOf('staff.personCreated', personId));

  it.each([
    ["name = 'anj'"],
    ["name = 'ANI'"],
    ['roles_json = \'["administrator"]\''],
    ['roles_json = \'["reviewer","administrator"]\''],
    ['disabled = 1'],
    ['disabled = 2'],
  ])('is located where somebody set %s', (change) => {
    spoil(`UPDATE people SET ${change} WHERE person_id = ?`, accounts.open);
    expect(journal.judge()).toEqual(madeAt(accounts.open));
  });

  it('that was closed is located where it is open again', () => {
    spoil('UPDATE people SET disabled = 0 WHERE person_id = ?', accounts.closed);
    expect(journal.judge()).toEqual(madeAt(accounts.closed));
  });

  it('is located where two have exchanged their names', () => {
    spoil("UPDATE people SET name = 'x' WHERE person_id = ?", accounts.open);
    spoil("UPDATE people SET name = 'ani' WHERE person_id = ?", accounts.closed);
    spoil("UPDATE people SET name = 'budi' WHERE person_id = ?", accounts.open);
    expect(journal.judge()).toEqual(madeAt(accounts.open));
  });

  it('is missed where it is gone', () => {
    spoil('DELETE FROM people WHERE person_id = ?', accounts.closed);
    expect(journal.judge()).toEqual(madeAt(accounts.closed));
  });

  it('that nobody made is found', () => {
    spoil(
      `INSERT INTO people SELECT 'per_AAAAAAAAAAAAAAAA', 'eve', roles_json, password_salt, password_hash,
         password_params_json, disabled, created_at_ms, password_is_own FROM people LIMIT 1`,
    );
    expect(journal.judge()).toEqual(broken('accountMismatch', journal.lastSeq));
  });

  it('of an older program is held by its roles, though not by its name', () => {
    spoil("UPDATE people SET name = 'dewi' WHERE person_id = ?", accounts.ofBefore);
    expect(journal.judge()).toMatchObject({ verdict: 'valid' });
    spoil(
      'UPDATE people SET roles_json = ? WHERE person_id = ?',
      '["administrator"]',
      accounts.ofBefore,
    );
    expect(journal.judge()).toEqual(madeAt(accounts.ofBefore));
  });
});

describe('a file that says it is of another format', () => {
  it('is found', () => {
    journal.spoil((db) => db.pragma('application_id = 0x414e4a31'));
    expect(journal.judge()).toEqual(broken('databaseDamaged', journal.lastSeq));
  });
});
