import { describe, expect, it } from '@jest/globals';
import { runLimited } from '../../scripts/test-run/limited.ts';
import { running } from '../../scripts/test-run/running.ts';

async function ran(script: string, priority = 0): Promise<{ exitCode: number; output: string }> {
  const printed: Uint8Array[] = [];
  const exitCode = await runLimited('bash', ['-c', script], {
    cwd: process.cwd(),
    env: process.env,
    write: (chunk) => printed.push(chunk),
    priority,
    limitMs: 3_000,
    outputLimitMs: 1_000,
  });
  return { exitCode, output: Buffer.concat(printed).toString() };
}

const runs = (command: string): boolean => running().some((one) => one.command === command);

describe('a program of a suite', () => {
  it('gives its exit code and its output', async () => {
    expect(await ran('echo said; echo cried >&2; exit 3')).toEqual({
      exitCode: 3,
      output: 'said\ncried\n',
    });
  });

  it('steps back where it is patient', async () => {
    expect(await ran('sleep 0.3; nice', 19)).toEqual({ exitCode: 0, output: '19\n' });
  });

  it('that does not end is ended with what it had started, all of it named', async () => {
    const { exitCode, output } = await ran('echo begun; bash -c "sleep 98765; true"; true');
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^begun\nFAIL did not end in 0.05 min[^]*\n {2}\d+ \(of \d+\) sleep 98765\n/,
    );
    expect(runs('sleep 98765')).toBe(false);
  });

  it('that leaves something which holds its output is waited for no longer, and has failed', async () => {
    const { exitCode, output } = await ran('echo done; (sleep 4.321 & )');
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^done\nFAIL left something behind[^]*\n {2}\d+ \(of 1\) sleep 4.321\n/);
  });
});
