import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import { nikSchema } from '../../src/domain/nik.ts';
import { Vault } from '../../src/journal/vault/vault.ts';
import { discard, openFixture, started, temporaryFolder, type OpenedFixture } from './fixture.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

const clock = new FakeClock();
const nik = nikSchema.parse('9902014501900001');
const fields = { claimantName: "SITI 'AMINAH' SPESIMEN", maskedNik: '990201******0001' };
let fixture: OpenedFixture;
let vault: Vault;

beforeEach(async () => {
  fixture = openFixture(temporaryFolder(), clock);
  const { journal, folder } = fixture;
  vault = new Vault({ journal, keys: folder.keys, clock });
  await journal.append({ events: [started] });
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

async function putCase(): Promise<string> {
  const caseId = newId('case');
  await vault.put({ caseId, sessionId: newId('ses'), requestId: newId('req') }, fields);
  return caseId;
}

const keyOf = (caseId: string): Uint8Array => {
  const row = z.strictObject({ key: z.instanceof(Uint8Array) });
  const found = fixture.folder.keys.get(row, 'SELECT key FROM case_keys WHERE case_id = ?', caseId);
  if (found === undefined) throw new Error('no key');
  return found.key;
};

/** Every file below the data folder, WAL included, that holds the bytes. */
function filesWith(bytes: Buffer | string, folder = fixture.path): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter((file) => readFileSync(file).includes(bytes));
}

describe('the vault', () => {
  it('gives back what was put in', async () => {
    expect(vault.read(await putCase())).toEqual({ ok: true, value: fields });
    expect(vault.read(newId('case'))).toMatchObject({ error: { kind: 'unknownCase' } });
  });

  it('leaves no personal byte in any file', async () => {
    const caseId = await putCase();
    vault.personKey(nik);
    for (const canary of [fields.claimantName, 'AMINAH', fields.maskedNik, nik, '990201']) {
      expect(filesWith(canary)).toEqual([]);
    }
    // The search itself works: what is meant to be there is found.
    expect(filesWith(caseId).length).toBeGreaterThan(0);
  });

  it('keeps the keys out of the journal, and in one database alone', async () => {
    const files = filesWith(Buffer.from(keyOf(await putCase()))).map((file) =>
      file.split('/').at(-1),
    );
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => file?.startsWith('keys.db') !== true)).toEqual([]);
  });

  it('erases a person for good, and the chain still verifies', async () => {
    const caseId = await putCase();
    const other = await putCase();
    const key = Buffer.from(keyOf(caseId));
    await vault.erase([caseId], 'request');
    expect(vault.read(caseId)).toMatchObject({ error: { kind: 'erased' } });
    expect(filesWith(key)).toEqual([]);
    expect(vault.read(other)).toMatchObject({ ok: true });
    expect(fixture.journal.verify().firstBreak).toBeNull();
    await vault.erase([caseId], 'request');
    expect(vault.read(caseId)).toMatchObject({ error: { kind: 'erased' } });
  });

  describe('after a crash between the end of a key and the emptying of its WAL', () => {
    let crashed: OpenedFixture;
    let restarted: Vault;
    afterEach(() => {
      crashed.folder.close();
      discard(crashed.path);
    });

    /** What the disk holds now, opened as at the next start. The old key is still in the WAL. */
    function restart(key: Buffer): void {
      const path = temporaryFolder();
      cpSync(fixture.path, path, { recursive: true });
      expect(filesWith(key, path)).toContain(join(path, 'keys.db-wal'));
      crashed = openFixture(path, clock);
      const { journal, folder } = crashed;
      restarted = new Vault({ journal, keys: folder.keys, clock });
    }

    it('says erased only once no file holds a byte of the key', async () => {
      const caseId = await putCase();
      const key = Buffer.from(keyOf(caseId));
      fixture.folder.keys.transaction(() => {
        const { keys } = fixture.folder;
        keys.run("INSERT INTO erasures (case_id, reason) VALUES (?, 'request')", caseId);
        keys.run('DELETE FROM case_keys WHERE case_id = ?', caseId);
      });
      restart(key);
      const { journal } = crashed;
      const append = journal.append.bind(journal);
      const heldWhenSaid: string[][] = [];
      jest.spyOn(journal, 'append').mockImplementation((what) => {
        heldWhenSaid.push(filesWith(key, crashed.path));
        return append(what);
      });
      await restarted.finishErasures();
      expect(heldWhenSaid).toEqual([[]]);
      expect(journal.rows(1, 10).at(-1)?.event).toMatchObject({ kind: 'case.erased', caseId });
      expect(filesWith(key, crashed.path)).toEqual([]);
    });

    it('drops an idle key from every file', async () => {
      await putCase();
      const { keys } = fixture.folder;
      const key = Buffer.alloc(32, 'idle key');
      const caseId = newId('case');
      const query = 'INSERT INTO case_keys (case_id, key, made_at_ms) VALUES (?, ?, 0)';
      keys.run(query, caseId, key);
      restart(key);
      expect(restarted.dropIdleKeys()).toBe(1);
      expect(filesWith(key, crashed.path)).toEqual([]);
    });
  });

  it('opens no text that was moved to another case or changed', async () => {
    const first = await putCase();
    const second = await putCase();
    const { journal } = fixture.folder;
    journal.run(
      `UPDATE vault SET (nonce, ciphertext) = (SELECT nonce, ciphertext FROM vault WHERE case_id = ?)
       WHERE case_id = ?`,
      first,
      second,
    );
    expect(vault.read(second)).toMatchObject({ error: { kind: 'damaged' } });
    journal.run("UPDATE vault SET ciphertext = x'00' WHERE case_id = ?", first);
    expect(vault.read(first)).toMatchObject({ error: { kind: 'damaged' } });
  });

  it('says of fields that are gone though nobody erased them that they are damaged', async () => {
    const caseId = await putCase();
    fixture.folder.journal.run('DELETE FROM vault WHERE case_id = ?', caseId);
    expect(vault.read(caseId)).toMatchObject({ error: { kind: 'damaged' } });
  });

  it('knows one person again on one terminal and never on another', () => {
    expect(vault.personKey(nik)).toBe(vault.personKey(nik));
    const path = temporaryFolder();
    const elsewhere = openFixture(path, clock);
    const { journal, folder } = elsewhere;
    expect(new Vault({ journal, keys: folder.keys, clock }).personKey(nik)).not.toBe(
      vault.personKey(nik),
    );
    folder.close();
    discard(path);
  });
});
