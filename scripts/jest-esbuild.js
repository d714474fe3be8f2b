import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { entries } from './programs/entries.ts';
import { PROGRAM } from './programs/source-place.ts';
import { programFile, root } from './stack/program.ts';

/** A program that a file names to start it is the bundled one, as it is where the file itself is bundled. */
function withPrograms(source, file) {
  return source.replaceAll(PROGRAM, (named, beside) => {
    const entry = path.relative(root, path.resolve(path.dirname(file), beside));
    if (!entries.includes(entry)) return named;
    return `new URL(${JSON.stringify(pathToFileURL(programFile(entry)).href)})`;
  });
}

const ownSource = readFileSync(import.meta.filename);

/** Strips types and JSX, with source maps, so that a stack in a failed test names the real line. */
export default {
  /** Bundled programs come and go with every edit, and what names them changes with them. */
  getCacheKey(source, file) {
    const hash = createHash('sha256').update(ownSource).update(process.version).update(file);
    return hash.update('\0').update(withPrograms(source, file)).digest('hex');
  },
  process(source, file) {
    const { code, map } = transformSync(withPrograms(source, file), {
      sourcefile: file,
      loader: file.endsWith('.tsx') ? 'tsx' : 'ts',
      jsx: 'automatic',
      format: 'esm',
      target: 'node24',
      sourcemap: 'both',
      sourcesContent: false,
    });
    return { code, map };
  },
};
