import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const tracked = execFileSync('git', ['ls-files', 'src', 'drivers', 'scripts', 'test'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|tsx|js|mjs|css)$/.test(file) && existsSync(path.join(root, file)));

const lines = (file: string): string[] => readFileSync(path.join(root, file), 'utf8').split('\n');

describe('the house', () => {
  it('has no file over 400 lines', () => {
    expect(tracked.length).toBeGreaterThan(150);
    expect(tracked.filter((file) => lines(file).length > 401)).toEqual([]);
  });

  it('says in each folder of src, drivers and scripts what the folder is', () => {
    const folders = new Set(
      tracked
        .filter((file) => /^(src|drivers|scripts)\//.test(file))
        .map((file) => path.dirname(file)),
    );
    expect(folders.size).toBeGreaterThan(50);
    const silent = [...folders].filter(
      (folder) => !existsSync(path.join(root, folder, 'README.md')),
    );
    expect(silent).toEqual([]);
  });

  it('names no file by what it is not', () => {
    expect(
      tracked.filter((file) => /(^|[/-])(utils?|helpers?|manager|common|misc)[.-]/.test(file)),
    ).toEqual([]);
  });

  it('silences the type checker nowhere', () => {
    const silenced = tracked.filter((file) =>
      lines(file).some((line) => /@ts-(ignore|nocheck|expect-error)|eslint-disable/.test(line)),
    );
    expect(silenced.filter((file) => file !== 'test/architecture/house.test.ts')).toEqual([]);
  });
});
