/** Bundles our programs into `dist/programs`: `node scripts/programs/main.ts`. */
import { readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { entries, left } from './entries.ts';
import { requireBanner } from './require-banner.ts';
import { sourcePlace } from './source-place.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'dist/programs');
const fresh = `${folder}.new`;

rmSync(fresh, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [...entries],
  outbase: root,
  outdir: fresh,
  chunkNames: 'chunks/[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  external: [...left],
  alias: { 'brotli/decompress.js': path.join(import.meta.dirname, 'no-woff2.ts') },
  // Reading is most of a start. Names stay: errors and logs are told by them.
  minifyWhitespace: true,
  minifySyntax: true,
  // Node quotes the line at which a program broke.
  lineLimit: 160,
  banner: { js: requireBanner },
  plugins: [sourcePlace(root, entries)],
  metafile: true,
  logLevel: 'warning',
});
const misplaced = Object.keys(metafile.inputs).filter(
  (file) =>
    file.startsWith('node_modules/') &&
    /\b__dirname\b/.test(readFileSync(path.join(root, file), 'utf8')),
);
if (misplaced.length > 0)
  throw new Error(
    `look for files beside their own, so may not be bundled: ${misplaced.join(', ')}`,
  );
rmSync(folder, { recursive: true, force: true });
renameSync(fresh, folder);
