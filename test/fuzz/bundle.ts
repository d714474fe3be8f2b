import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Mutant } from './mutants.ts';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Makes one CommonJS file of a target with all of our code that it reaches, for Jazzer.js to instrument; packages
 * stay outside. Its export `fuzz` takes the bytes. A mutant is planted on the way, and nowhere else.
 */
export async function bundleTarget(
  name: string,
  file: string,
  mutant: Mutant | null = null,
): Promise<void> {
  await build({
    stdin: {
      contents: `import { target } from './targets/${name}.ts'; export const fuzz = target.fuzz;`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    sourcemap: 'inline',
    outfile: file,
    plugins: mutant === null ? [] : [planting(mutant)],
  });
}

function planting({ file, good, bad }: Mutant): Plugin {
  return {
    name: 'mutant',
    setup: (bundle) => {
      const place = path.join(root, file);
      bundle.onLoad({ filter: /\.ts$/ }, async ({ path: loaded }) => {
        if (loaded !== place) return undefined;
        const source = await readFile(loaded, 'utf8');
        if (source.split(good).length !== 2)
          throw new Error(`${file} has no one place like ${good}`);
        return { contents: source.replace(good, () => bad), loader: 'ts' };
      });
    },
  };
}
