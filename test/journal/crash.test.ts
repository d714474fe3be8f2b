import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { discard, openFixture, temporaryFolder, touched } from './fixture.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

let path: string;
beforeEach(() => {
  path = temporaryFolder();
});
afterEach(() => discard(path));

/** Runs the child until it is killed, after `lines` acknowledged rows where it does not do so itself. */
async function runUntilKilled(moment: string, lines = Infinity): Promise<number> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'crash-child.ts'), path, moment],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let acknowledged = 0;
  let seen = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    acknowledged = Number(line);
    seen += 1;
    if (seen === lines) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return acknowledged;
}

/** Opens what is left as the next run would, and gives the number of the last row. */
async function lastRowAfterRestart(): Promise<number> {
  const { journal, folder } = openFixture(path);
  const report = journal.verify();
  expect(report.firstBreak).toBeNull();
  const { lastSeq } = await journal.append({ events: [touched()] });
  expect(lastSeq).toBe(report.rows + 1);
  folder.close();
  return report.rows;
}

describe('a killed process', () => {
  it.each([
    ['beforeSigning', 8],
    ['insideTransaction', 8],
    ['afterCommit', 9],
  ])('%s leaves a journal of %d whole rows', async (moment, rows) => {
    await runUntilKilled(moment);
    expect(await lastRowAfterRestart()).toBe(rows);
  });

  it('loses no acknowledged row, wherever it dies, run after run on one journal', async () => {
    for (const lines of [1, 2, 5, 11, 23, 40]) {
      const acknowledged = await runUntilKilled('never', lines);
      expect(acknowledged).toBeGreaterThan(0);
      expect(await lastRowAfterRestart()).toBeGreaterThanOrEqual(acknowledged);
    }
  });
});
