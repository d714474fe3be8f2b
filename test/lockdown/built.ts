import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { buildPages } from '../ui/built-pages.ts';
import { findElectron, type ElectronFound } from '../../scripts/run-shell.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');

/**
 * The Electron for tests: one named by `ELECTRON_OVERRIDE_DIST_PATH`, else the verification Electron,
 * fetched once. Throws when there is none: a lockdown that nobody attacked must not look tested.
 */
export async function testElectron(): Promise<ElectronFound> {
  let folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '';
  if (folder === '') {
    const fetched = await run(process.execPath, ['scripts/fetch-test-electron.mjs'], { cwd: root });
    folder = fetched.stdout.trim();
  }
  const found = findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder });
  if (!found.ok) throw new Error(`no Electron in ${folder}`);
  return found.value;
}

/**
 * Puts the program together, apart from `dist`, with the observer and the control beside it. Returns the
 * folder, which has `shell`, `ui`, `observer` and `control`.
 */
export async function buildTree(name: string): Promise<string> {
  const folder = path.join(root, 'out/test-shell', name);
  // Nothing of an earlier build may stand beside what this one makes.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await Promise.all([
    run(process.execPath, ['scripts/build-shell.ts', path.join(folder, 'shell')], { cwd: root }),
    buildPages('asShipped').then((pages) =>
      cpSync(pages, path.join(folder, 'ui'), { recursive: true }),
    ),
    build({
      absWorkingDir: path.join(root, 'test/lockdown/inside'),
      entryPoints: { 'observer/main': 'observer.main.ts', 'control/main': 'control.main.ts' },
      outdir: folder,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      target: 'node18',
      format: 'cjs',
      external: ['electron'],
    }),
  ]);
  for (const app of ['observer', 'control'])
    writeFileSync(path.join(folder, app, 'package.json'), `{"name":"${app}","main":"main.cjs"}\n`);
  for (const file of ['shell/main.cjs', 'shell/preload.cjs', 'ui/citizen/index.html'])
    if (!existsSync(path.join(folder, file))) throw new Error(`the build left no ${file}`);
  return folder;
}
