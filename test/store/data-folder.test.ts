import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { openDataFolder, type DataFolder } from '../../src/store/data-folder.ts';
import { migrationsOf } from '../../src/store/open-database.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

let path: string;
const opened: DataFolder[] = [];

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'anjungan-store-')), 'data');
});
afterEach(() => {
  for (const folder of opened.splice(0)) folder.close();
  rmSync(join(path, '..'), { recursive: true, force: true });
});

function open(): DataFolder {
  const folder = openDataFolder(path, { reserveBytes: 0 });
  if (!folder.ok) throw new Error(folder.error.kind);
  opened.push(folder.value);
  return folder.value;
}

const modeOf = (name: string): string => (statSync(join(path, name)).mode & 0o777).toString(8);

describe('the data folder', () => {
  it('is made with folders and databases that other users cannot read', () => {
    const { journal, keys } = open();
    for (const database of [journal, keys]) database.exec('CREATE TABLE any_write (a) ');
    expect(modeOf('')).toBe('711');
    expect(modeOf('run')).toBe('711');
    for (const name of ['keys', 'config', 'spool', 'log']) expect(modeOf(name)).toBe('700');
    for (const name of ['journal.db', 'journal.db-wal', 'keys.db', 'keys.db-wal', 'lock.db']) {
      expect(modeOf(name)).toBe('600');
    }
  });

  it('keeps every commit by WAL and a flush of its own, and overwrites what is deleted', () => {
    const { journal, keys } = open();
    for (const database of [journal, keys]) {
      expect(database.pragma('journal_mode')).toBe('wal');
      expect(database.pragma('synchronous')).toBe(2);
      expect(database.pragma('secure_delete')).toBe(1);
    }
  });

  it('keeps the modes that an operator gave to a folder', () => {
    open().close();
    opened.splice(0);
    spawnSync('chmod', ['750', join(path, 'run')]);
    open();
    expect(modeOf('run')).toBe('750');
  });

  it('refuses a second core, in this process or another, and lets one in after the first has gone', () => {
    const first = open();
    expect(openDataFolder(path)).toEqual({ ok: false, error: { kind: 'alreadyRunning' } });
    const module = join(import.meta.dirname, '../../src/store/data-folder.ts');
    const program = `import { openDataFolder } from ${JSON.stringify(module)};
      const folder = openDataFolder(${JSON.stringify(path)}, { reserveBytes: 0 });
      console.log(folder.ok ? 'opened' : folder.error.kind);`;
    const other = (): string =>
      spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
        encoding: 'utf8',
      }).stdout.trim();
    expect(other()).toBe('alreadyRunning');
    first.close();
    expect(other()).toBe('opened');
  });

  it('refuses a database of a newer schema and leaves it as it is', () => {
    open().close();
    opened.splice(0);
    const newer = new BetterSqlite3(join(path, 'journal.db'));
    newer.pragma('user_version = 99');
    newer.close();
    const supported = readdirSync(migrationsOf('journal')).length;
    expect(openDataFolder(path, { reserveBytes: 0 })).toEqual({
      ok: false,
      error: { kind: 'newerSchema', database: 'journal', found: 99, supported },
    });
    const untouched = new BetterSqlite3(join(path, 'journal.db'));
    expect(untouched.pragma('user_version', { simple: true })).toBe(99);
    untouched.close();
  });

  it('refuses a database of another format, of whatever schema, and leaves it as it is', () => {
    open().close();
    opened.splice(0);
    for (const [format, schema] of [
      [0, 1],
      [0, 7],
      [0x414e4a33, 99],
    ] as const) {
      const other = new BetterSqlite3(join(path, 'journal.db'));
      other.pragma(`application_id = ${format}`);
      other.pragma(`user_version = ${schema}`);
      other.close();
      expect(openDataFolder(path, { reserveBytes: 0 })).toEqual({
        ok: false,
        error: { kind: 'otherFormat', database: 'journal' },
      });
      const untouched = new BetterSqlite3(join(path, 'journal.db'));
      expect(untouched.pragma('application_id', { simple: true })).toBe(format);
      expect(untouched.pragma('user_version', { simple: true })).toBe(schema);
      untouched.close();
    }
  });

  it('refuses a file that is no database, or half of one', () => {
    open().close();
    opened.splice(0);
    truncateSync(join(path, 'journal.db'), 20_000);
    expect(openDataFolder(path, { reserveBytes: 0 })).toMatchObject({
      error: { kind: 'damaged', database: 'journal' },
    });
    writeFileSync(
      join(path, 'journal.db'),
      'not a database at all, but long enough to look'.repeat(99),
    );
    expect(openDataFolder(path, { reserveBytes: 0 })).toMatchObject({
      error: { kind: 'damaged', database: 'journal' },
    });
  });

  it('refuses a path that is a file', () => {
    writeFileSync(path, 'a file');
    expect(openDataFolder(path, { reserveBytes: 0 })).toMatchObject({
      error: { kind: 'notWritable' },
    });
  });
});
