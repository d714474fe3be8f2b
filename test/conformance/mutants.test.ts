import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { AS_IT_IS, mutantOf, TELLING } from './mutants/mutant.ts';

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
  readonly status: string;
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
      ...['--testNamePattern', TELLING],
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
      status,
    })),
  );
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['card-printer', 15],
  ['card-reader', 9],
  ['code-scanner', 7],
  ['motor-card-reader', 9],
  ['page-printer', 8],
  ['ups', 7],
])('the suite of the class %s', (suite, mutants) => {
  const isRight = ({ mutant }: Case): boolean => mutant.startsWith(AS_IT_IS);
  const told = (): readonly Case[] =>
    cases.filter((one) => one.suite === suite && one.status !== 'pending');

  it('passes the driver as it is', () => {
    const right = told().filter(isRight);
    expect(right.length).toBeGreaterThan(5);
    expect(right.filter(({ status }) => status !== 'passed')).toEqual([]);
  });

  it('notices each mutant by the case that is there for it', () => {
    const wrong = told().filter((one) => !isRight(one));
    const titles = [...new Set(wrong.map(({ mutant }) => mutant))];
    expect(titles).toHaveLength(mutants);
    const unnoticed = titles.filter(
      (mutant) =>
        !wrong.some(
          (one) =>
            one.mutant === mutant &&
            one.status === 'failed' &&
            one.title.startsWith(mutantOf(mutant).noticedBy ?? ''),
        ),
    );
    expect(unnoticed).toEqual([]);
  });
});
