import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { mutants } from './mutants.ts';

const root = path.resolve(import.meta.dirname, '../..');

describe('the table of mutants', () => {
  it('stands in the README as it is', () => {
    const page = readFileSync(path.join(import.meta.dirname, 'README.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (.+?) +\| (.+?) +\| `(.+?)` +\| (.+?) +\|$/gm)];
    expect(rows.map(([, fault, into, file, test]) => ({ fault, into, file, test }))).toEqual(
      mutants,
    );
  });

  it.each(mutants)('names a test that exists: $fault', ({ file, test }) => {
    const source = readFileSync(path.join(root, file), 'utf8');
    const titles = [...source.matchAll(/(?:describe|it)\(\s*'((?:[^'\\]|\\.)+)'/g)].map(
      ([, title = '']) => title.replaceAll("\\'", "'"),
    );
    const found = titles.some(
      (title) => title === test || titles.some((outer) => `${outer} ${title}` === test),
    );
    expect(found).toBe(true);
  });
});
