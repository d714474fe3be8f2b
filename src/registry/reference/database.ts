import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '../../base/assert.ts';

export type RegistryDatabase = Database.Database;

const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Opens `registry.db` in `dataDir` (WAL, FULL) and brings it to the newest numbered migration. */
export function openRegistryDatabase(dataDir: string): RegistryDatabase {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = new Database(join(dataDir, 'registry.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
  migrate(db);
  return db;
}

function migrate(db: RegistryDatabase): void {
  const files = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const version = Number(db.pragma('user_version', { simple: true }));
  assert(version <= files.length, 'the registry data is of a newer version than this program');
  for (const [index, file] of files.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(readFileSync(join(MIGRATIONS, file), 'utf8'));
      db.pragma(`user_version = ${index + 1}`);
    })();
  }
}
