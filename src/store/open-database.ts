import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { err, ok, type Result } from '../base/result.ts';
import { createPrivate } from './create-private.ts';
import { Database } from './database.ts';
import { storageFaultOf, type StorageFault } from './faults.ts';
import { migrate, type NewerSchema, type OtherFormat } from './migrations.ts';

export type OpenDatabaseError =
  | NewerSchema
  | OtherFormat
  /** SQLite's own check found this; the detail is its first line. */
  | { readonly kind: 'damaged'; readonly detail: string }
  | { readonly kind: Exclude<StorageFault, 'damaged'> };

/** Where the numbered migrations of core's own databases are. */
export const migrationsOf = (database: 'journal' | 'keys'): string =>
  join(import.meta.dirname, 'migrations', database);

/**
 * Opens a database for writing, made with mode 0600 where it is not there: WAL, every commit flushed
 * before it returns, deleted content overwritten, checked by SQLite and migrated.
 */
export function openDatabase(
  path: string,
  migrationsFolder: string,
): Result<Database, OpenDatabaseError> {
  let connection: BetterSqlite3.Database | undefined;
  try {
    createPrivate(path);
    connection = new BetterSqlite3(path);
    const database = new Database(connection);
    // Before anything is written: a damaged or newer file is left exactly as it was found.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('secure_delete = ON');
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    const [firstLine] = database.pragmaLines('quick_check');
    if (firstLine !== 'ok') {
      connection.close();
      return err({ kind: 'damaged', detail: firstLine ?? 'no answer' });
    }
    const migrated = migrate(database, migrationsFolder);
    if (!migrated.ok) {
      connection.close();
      return migrated;
    }
    database.pragma('journal_mode = WAL');
    return ok(database);
  } catch (error) {
    connection?.close();
    return err(openErrorOf(error, path));
  }
}

/** Opens an existing database for reading only, beside a writer if there is one. */
export function openReadOnly(path: string): Result<Database, OpenDatabaseError> {
  try {
    return ok(new Database(new BetterSqlite3(path, { readonly: true, fileMustExist: true })));
  } catch (error) {
    return err(openErrorOf(error, path));
  }
}

/** An empty database in memory with the same tables, to compare others against. */
export function openInMemory(migrationsFolder: string): Database {
  const database = new Database(new BetterSqlite3(':memory:'));
  migrate(database, migrationsFolder);
  return database;
}

function openErrorOf(error: unknown, path: string): OpenDatabaseError {
  const fault = storageFaultOf(error, dirname(path));
  if (fault === null) throw error;
  if (fault !== 'damaged') return { kind: fault };
  return { kind: 'damaged', detail: error instanceof Error ? error.message : 'unreadable' };
}
