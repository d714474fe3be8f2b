import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { mutantOf } from './mutants/mutant.ts';

const root = path.resolve(import.meta.dirname, '../..');
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

/** A mutant that is noticed by a wait in vain costs so much. */
const IN_VAIN_MS = 5_000;

interface Case {
  readonly suite: string;
  readonly mutant: string;
  readonly title: string;
  readonly failed: boolean;
}

let folder: string;
let cases: readonly Case[];

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mutants-'));
  const file = path.join(folder, 'report.json');
  spawnSync(
    process.execPath,
    [
      ...['--experimental-vm-modules', path.join(root, 'node_modules/jest/bin/jest.js')],
      ...['--testMatch', '**/test/conformance/mutants/*.mutants.ts', '--runInBand'],
      ...[`--testTimeout=${IN_VAIN_MS}`, '--json', `--outputFile=${file}`],
    ],
    { cwd: root, stdio: 'ignore' },
  );
  const report = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  cases = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      suite: path.basename(name, '.mutants.ts'),
      mutant: ancestorTitles[0] ?? '',
      title,
      failed: status === 'failed',
    })),
  );
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['card-printer', 11],
  ['code-scanner', 7],
])('the suite of the class %s', (suite, mutants) => {
  const ofSuite = (): readonly Case[] => cases.filter((one) => one.suite === suite);

  it('passes the driver as it is', () => {
    const right = ofSuite().filter(({ mutant }) => mutantOf(mutant).noticedBy === null);
    expect(right.length).toBeGreaterThan(5);
    expect(right.filter(({ failed }) => failed)).toEqual([]);
  });

  it('notices each mutant by the case that is there for it', () => {
    const titles = [...new Set(ofSuite().map(({ mutant }) => mutant))].filter(
      (title) => mutantOf(title).noticedBy !== null,
    );
    expect(titles).toHaveLength(mutants);
    const unnoticed = titles.filter(
      (title) =>
        !ofSuite().some(
          (one) =>
            one.mutant === title &&
            one.failed &&
            one.title.startsWith(mutantOf(title).noticedBy ?? ''),
        ),
    );
    expect(unnoticed).toEqual([]);
  });
});
