import { statfsSync } from 'node:fs';

/** What the disk or the file did, as far as the operating system or SQLite tells. */
export type StorageFault = 'diskFull' | 'ioError' | 'notWritable' | 'damaged' | 'busy';

/** Below this a file system is full for our purposes: SQLite then fails in ways that do not say so. */
const NOTHING_LEFT_BYTES = 64 * 1024;

/** Names the fault behind an error of `node:fs` or SQLite; null for an error that is neither. */
export function storageFaultOf(error: unknown, path: string): StorageFault | null {
  const code = codeOf(error);
  if (code === null) return null;
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return 'diskFull';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy';
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'damaged';
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') {
    // SQLITE_IOERR_SHMSIZE and its like are how a full disk shows while the shared-memory file grows.
    return freeBytes(path) < NOTHING_LEFT_BYTES ? 'diskFull' : 'ioError';
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY')) {
    return freeBytes(path) < NOTHING_LEFT_BYTES ? 'diskFull' : 'notWritable';
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR'].includes(code)) {
    return 'notWritable';
  }
  return null;
}

/** The code that `node:fs` and SQLite give their errors; null where there is none. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Bytes an unprivileged process may still write below `path`. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
