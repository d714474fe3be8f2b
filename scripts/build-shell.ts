/**
 * Bundles the Electron shell into `dist/shell`: main.cjs, preload.cjs and the package.json that Electron
 * starts from. CommonJS, because a sandboxed preload can be nothing else.
 *
 *   node scripts/build-shell.ts [FOLDER]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '..');
const folder = path.resolve(process.argv[2] ?? path.join(root, 'dist/shell'));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/shell/shell.main.ts', preload: 'src/shell/citizen.preload.ts' },
  outdir: folder,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node18',
  format: 'cjs',
  external: ['electron'],
  logLevel: 'warning',
});
writeFileSync(
  path.join(folder, 'package.json'),
  `${JSON.stringify({ name: 'anjungan-shell', version: manifest.version, main: 'main.cjs' })}\n`,
);
