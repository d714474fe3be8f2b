/**
 * Builds the pages into a folder: `node test/ui/build-pages.ts FOLDER [pseudo]`. `pseudo` writes every
 * Indonesian sentence 40 % longer, as another language might, with its placeholders left alone.
 */
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

const [folder, form] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder to build into');

function longer(sentence: string): string {
  const words = sentence.split(/(\{\{\w+\}\})/);
  const length = words.filter((word) => !word.startsWith('{{')).join('').length;
  const extra = Math.ceil(length * 0.4);
  const tail = Array.from({ length: Math.ceil(extra / 6) }, () => 'panjan').join(' ');
  return `${words.join('')} ${tail}`.slice(0, sentence.length + extra);
}

function lengthen(value: unknown): unknown {
  if (typeof value === 'string') return longer(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, lengthen(inner)]));
}

const pseudoLocale: Plugin = {
  name: 'pseudo-locale',
  enforce: 'pre',
  transform(code, file) {
    if (!file.endsWith('assets/strings/id.json')) return null;
    return JSON.stringify(lengthen(JSON.parse(code)));
  },
};

await build({
  configFile: join(import.meta.dirname, '../../src/ui/vite.config.ts'),
  logLevel: 'warn',
  plugins: form === 'pseudo' ? [pseudoLocale] : [],
  build: { outDir: folder },
});
