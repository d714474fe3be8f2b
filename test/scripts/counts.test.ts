import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { root } from '../../scripts/stack/program.ts';
import { exitCodeOf, sum } from '../../scripts/test-run/counts.ts';
import { countsOf } from '../../scripts/test-run/reports.ts';

jest.setTimeout(60_000);

let folder: string;
let report: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'anj-counts-'));
  report = path.join(folder, 'report.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a real jest reports of these files. */
function counted(files: Readonly<Record<string, string>>): ReturnType<typeof countsOf> {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const config = JSON.stringify({ rootDir: folder, transform: {}, watchman: false });
  const { status } = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/jest/bin/jest.js'),
      ...['--config', config, '--runInBand', '--json', `--outputFile=${report}`],
    ],
    { cwd: folder },
  );
  return countsOf(report, status ?? 1);
}

const passes = "test('passes', () => {});";

describe('the counts of a suite', () => {
  it('are of tests that passed and failed', () => {
    const files = { 'a.test.js': `${passes} test('fails', () => { throw new Error('so'); });` };
    expect(counted(files)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('call skipped what was left out, put off, or stands beside a test that runs alone', () => {
    const files = {
      'a.test.js': `${passes} test.skip('is left out', () => {}); test.todo('is put off');`,
      'b.test.js': `${passes} test.only('runs alone', () => {});`,
      'c.test.js': `describe.skip('all of them', () => { ${passes} });`,
    };
    expect(counted(files)).toEqual({ passed: 2, failed: 0, skipped: 4 });
  });

  it('call a file failed that could not be loaded', () => {
    const files = { 'a.test.js': passes, 'b.test.js': `require('./absent'); ${passes}` };
    expect(counted(files)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('call a suite failed whose program did not end well after its last test', () => {
    expect(counted({ 'a.test.js': passes })).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(countsOf(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('are not known without a whole report, as where there was no test', () => {
    expect(counted({ 'a.js': '' })).toBeNull();
    writeFileSync(report, '{"numPassedTests":1');
    expect(countsOf(report, 0)).toBeNull();
    writeFileSync(report, '{"numPassedTests":1}');
    expect(countsOf(report, 0)).toBeNull();
  });
});

describe('a run', () => {
  const good = { passed: 3, failed: 0, skipped: 0 };

  it('is good where every test passed', () => {
    expect(exitCodeOf(sum(good, good))).toBe(0);
  });

  it.each(['failed', 'skipped'])('fails by one test that was %s', (how) => {
    expect(exitCodeOf(sum(good, { ...good, [how]: 1 }))).toBe(1);
  });
});
