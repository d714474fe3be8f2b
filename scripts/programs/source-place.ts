import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';

/** How our files name a program that they start. */
export const PROGRAM = /new URL\('(\.[^']+\.ts)', import\.meta\.url\)/g;
const NAMES = `import { programs as __programs, root as __root, pathOf as __pathOf } from 'places-of-the-bundle';`;

/** The chunks lie in `dist/programs/chunks`. */
const PLACES = `
export { fileURLToPath as pathOf } from 'node:url';
export const programs = new URL('../', import.meta.url);
export const root = new URL('../../../', import.meta.url);
`;

/**
 * Bundled code lies elsewhere than its source, and finds what lies beside that by `import.meta`. So each
 * file goes on saying where its source is; only where it names a program to start, that is the bundled one.
 */
export const sourcePlace = (root: string, entries: readonly string[]): Plugin => ({
  name: 'source-place',
  setup: (bundle) => {
    bundle.onResolve({ filter: /^places-of-the-bundle$/ }, ({ path: file }) => ({
      path: file,
      namespace: 'places',
    }));
    bundle.onLoad({ filter: /.*/, namespace: 'places' }, () => ({ contents: PLACES }));
    bundle.onLoad({ filter: /\.(ts|m?js)$/ }, ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      if (!source.includes('import.meta')) return undefined;
      const place = path.relative(root, file);
      const program = (_: string, beside: string): string => {
        const entry = path.join(path.dirname(place), beside);
        if (!entries.includes(entry))
          throw new Error(`${place} starts ${entry}, which is no entry`);
        return `new URL(${JSON.stringify(entry.replace(/\.ts$/, '.js'))}, __programs)`;
      };
      const at = (name: string): string => `new URL(${JSON.stringify(name)}, __root)`;
      const contents = source
        .replaceAll(PROGRAM, program)
        .replaceAll('import.meta.dirname', `__pathOf(${at(path.dirname(place))})`)
        .replaceAll('import.meta.url', `${at(place)}.href`);
      return { contents: NAMES + contents, loader: file.endsWith('.ts') ? 'ts' : 'js' };
    });
  },
});
