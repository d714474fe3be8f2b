import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { migrationsOf, openDatabase } from '../../src/store/open-database.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anjungan-migrations-'));
  mkdirSync(join(folder, 'steps'));
  cpSync(join(migrationsOf('keys'), '001-keys.sql'), join(folder, 'steps/001-keys.sql'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openDatabase(join(folder, 'keys.db'), join(folder, 'steps'));
const addStep = (name: string, sql: string): void =>
  writeFileSync(join(folder, 'steps', name), sql);

function opened() {
  const database = open();
  if (!database.ok) throw new Error(database.error.kind);
  return database.value;
}

describe('migrations', () => {
  it('bring an older database up to date and keep what it holds', () => {
    const old = opened();
    old.run("INSERT INTO secrets (name, value) VALUES ('a', x'01')");
    old.close();
    addStep(
      '002-add-note.sql',
      "ALTER TABLE secrets ADD COLUMN note TEXT NOT NULL DEFAULT 'none';",
    );
    const database = opened();
    expect(database.pragma('user_version')).toBe(2);
    const row = z.strictObject({ name: z.string(), note: z.string() });
    expect(database.all(row, 'SELECT name, note FROM secrets')).toEqual([
      { name: 'a', note: 'none' },
    ]);
    database.close();
  });

  it('leave the database as it was when any step fails', () => {
    opened().close();
    addStep('002-good.sql', 'CREATE TABLE good (a INTEGER) STRICT;');
    addStep('003-bad.sql', 'CREATE TABLE secrets (a INTEGER) STRICT;');
    expect(open).toThrow('already exists');
    rmSync(join(folder, 'steps/003-bad.sql'));
    rmSync(join(folder, 'steps/002-good.sql'));
    const database = opened();
    expect(database.pragma('user_version')).toBe(1);
    expect([...database.iterateRaw("SELECT name FROM sqlite_schema WHERE name = 'good'")]).toEqual(
      [],
    );
    database.close();
  });

  it('may not skip a number', () => {
    addStep('003-late.sql', 'SELECT 1;');
    expect(open).toThrow('migration 002 is missing');
  });
});
