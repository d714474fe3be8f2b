import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runLimited } from '../../scripts/test-run/limited.ts';
import { running } from '../../scripts/test-run/running.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'anj-limited-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const limits = { workMs: 5_000, endMs: 500, outputMs: 500 };

async function ran(
  command: readonly [string, ...string[]],
  options: { readonly priority?: number; readonly reportFile?: string } = {},
): Promise<{ exitCode: number; output: string }> {
  const printed: Uint8Array[] = [];
  const [program, ...args] = command;
  const exitCode = await runLimited(program, args, {
    cwd: folder,
    env: process.env,
    write: (chunk) => printed.push(chunk),
    limits,
    ...options,
  });
  return { exitCode, output: Buffer.concat(printed).toString() };
}

const bash = (script: string) => ['bash', '-c', script] as const;
const runs = (command: string): boolean => running().some((one) => one.command.startsWith(command));

describe('a program of a suite', () => {
  it('gives its exit code and its output', async () => {
    expect(await ran(bash('echo said; echo cried >&2; exit 3'))).toEqual({
      exitCode: 3,
      output: 'said\ncried\n',
    });
  });

  it('steps back where it is patient', async () => {
    expect(await ran(bash('nice'), { priority: 19 })).toEqual({ exitCode: 0, output: '19\n' });
  });

  it('that is not there has failed', async () => {
    expect(await ran(['no-such-program'])).toEqual({
      exitCode: 1,
      output: 'FAIL no-such-program could not be started: spawn no-such-program ENOENT\n',
    });
  });

  it('that does not come to an end is ended with what it had started, all of it named', async () => {
    const { exitCode, output } = await ran(bash('echo begun; bash -c "sleep 98765; true"; true'));
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^begun\nFAIL bash did not come to an end of its work[^]*\n {2}\d+ \(of \d+\) sleep 98765 ?\n/,
    );
    expect(runs('sleep 98765')).toBe(false);
  });

  it('that has written its report and does not end is ended, and has failed', async () => {
    const reportFile = path.join(folder, 'report');
    const { exitCode, output } = await ran(bash('echo done > report; sleep 87654; true'), {
      reportFile,
    });
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^FAIL bash had done its work and did not end[^]*\n {2}\d+ \(of \d+\) sleep 87654 ?\n/,
    );
    expect(runs('sleep 87654')).toBe(false);
  });

  it('that leaves something which holds its output is waited for no longer, and has failed', async () => {
    const { exitCode, output } = await ran(bash('echo done; (sleep 4.321 & )'));
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^done\nFAIL bash left something behind that holds its output:\n {2}\d+ \(of \d+\) sleep 4.321 ?\n$/,
    );
  });
});
