import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const all = join(root, 'out/test-ui');
/** Whatever the pages can be made of. */
const sources = [
  'src/ui',
  'src/shell',
  'src/rpc',
  'src/domain',
  'src/base',
  'drivers/contract',
  'assets',
  'package-lock.json',
  'test/ui/build-pages.ts',
];

function digest(): string {
  const hash = createHash('sha256');
  const files = sources.flatMap((source) =>
    source.includes('.')
      ? [join(root, source)]
      : readdirSync(join(root, source), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of files.sort()) hash.update(relative(root, file)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/**
 * The pages built by the program's own configuration, apart from `dist`, and once for all tests as long as
 * nothing is edited: another process may have built them. Returns their folder, which nobody may write to.
 */
export async function buildPages(form: 'asShipped' | 'pseudo'): Promise<string> {
  const name = `${form}-${digest()}`;
  const folder = join(all, name);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}.${process.pid}`;
  const program = join(import.meta.dirname, 'build-pages.ts');
  await promisify(execFile)(process.execPath, [program, fresh, form], { cwd: root });
  try {
    renameSync(fresh, folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    // Another was quicker, with the same.
    rmSync(fresh, { recursive: true });
  }
  return folder;
}
