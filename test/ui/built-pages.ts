import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

/** Builds the pages by the program's own configuration, apart from `dist`. Returns their folder. */
export async function buildPages(name: string, form: 'asShipped' | 'pseudo'): Promise<string> {
  const folder = join(root, 'out/test-ui', name);
  const program = join(import.meta.dirname, 'build-pages.ts');
  await promisify(execFile)(process.execPath, [program, folder, form], { cwd: root });
  return folder;
}
