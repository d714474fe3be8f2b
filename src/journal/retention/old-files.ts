import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes plain files directly in `folder` that were last written before `beforeMs`; says how many. */
export async function removeOldFiles(folder: string, beforeMs: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const entry = await lstat(path);
    if (!entry.isFile() || entry.mtimeMs >= beforeMs) continue;
    await rm(path);
    removed += 1;
  }
  return removed;
}
