import { transformSync } from 'esbuild';

/** Strips types and JSX, with source maps, so that a stack in a failed test names the real line. */
export default {
  process(source, file) {
    const { code, map } = transformSync(source, {
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
