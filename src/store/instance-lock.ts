import BetterSqlite3 from 'better-sqlite3';
import { createPrivate } from './create-private.ts';

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
    createPrivate(path);
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
