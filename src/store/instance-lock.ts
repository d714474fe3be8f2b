import { closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';

/**
 * Holds `lock.db` exclusively for as long as the process lives: SQLite's file lock ends with the
 * process, however it ends, so no stale lock can keep a terminal out of service. Nothing in this
 * process may open that file otherwise: closing it would drop the lock (POSIX fcntl).
 */
export class InstanceLock {
  readonly #connection: BetterSqlite3.Database;

  private constructor(connection: BetterSqlite3.Database) {
    this.#connection = connection;
  }

  /** Throws SQLite's `SQLITE_BUSY` at once where another process holds it. */
  static take(path: string): InstanceLock {
    // Mode 0600, so that no other user can keep the terminal out of service by holding the lock.
    closeSync(openSync(path, 'a', 0o600));
    const connection = new BetterSqlite3(path, { timeout: 0 });
    try {
      connection.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      connection.close();
      throw error;
    }
    return new InstanceLock(connection);
  }

  release(): void {
    this.#connection.close();
  }
}
