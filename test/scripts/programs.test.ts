import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/stack/program.ts';

const SCRIPT = 'scripts/programs/file.sh';
const ENTRY = 'src/cli/main.ts';
const BUNDLED = 'dist/programs/src/cli/main.js';
const STAMP = 'dist/programs/.built-from';
let copy: string;

/** Writes a file of the copy, last changed that many seconds before now. */
function put(file: string, secondsAgo: number): void {
  const full = path.join(copy, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, '');
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(full, at, at);
}

/** What is in a folder changes when something is added to it or taken away. */
function settle(): void {
  const at = Date.now() / 1000 - 100;
  for (const folder of ['src', 'src/cli', 'drivers', 'scripts/programs']) {
    utimesSync(path.join(copy, folder), at, at);
  }
}

const started = (): string =>
  execFileSync(
    'bash',
    ['-c', '. "$0" && program_file "$1" && printf %s "$file"', path.join(copy, SCRIPT), ENTRY],
    {
      encoding: 'utf8',
    },
  );

beforeEach(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'anj-programs-'));
  for (const file of [ENTRY, 'drivers/a.ts', 'package.json', 'package-lock.json', SCRIPT])
    put(file, 100);
  cpSync(path.join(root, SCRIPT), path.join(copy, SCRIPT), { preserveTimestamps: true });
  const at = Date.now() / 1000 - 100;
  utimesSync(path.join(copy, SCRIPT), at, at);
  put(BUNDLED, 50);
  put(STAMP, 50);
  settle();
});

afterEach(() => rmSync(copy, { recursive: true }));

describe('the file that is started for a program', () => {
  it('is the bundled one where nothing was edited since', () => {
    expect(started()).toBe(path.join(copy, BUNDLED));
  });

  it.each([ENTRY, 'drivers/a.ts', 'package-lock.json', SCRIPT])(
    'is the source once %s was edited',
    (file) => {
      const now = Date.now() / 1000;
      utimesSync(path.join(copy, file), now, now);
      expect(started()).toBe(path.join(copy, ENTRY));
    },
  );

  it('is the source once a file was added or taken away', () => {
    rmSync(path.join(copy, 'drivers/a.ts'));
    expect(started()).toBe(path.join(copy, ENTRY));
  });

  it.each([BUNDLED, STAMP])('is the source where there is no %s', (file) => {
    rmSync(path.join(copy, file));
    expect(started()).toBe(path.join(copy, ENTRY));
  });
});
