import { closeSync, existsSync, openSync } from 'node:fs';

/**
 * Makes an empty database file with mode 0600 where there is none. SQLite alone would follow the umask,
 * and it gives its -wal and -shm files the same mode. A file that is there is not even opened: closing
 * it again would drop every lock this process holds on it (POSIX fcntl).
 */
export function createPrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'ax', 0o600));
}
