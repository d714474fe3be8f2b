import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

describe('the fuzzer', () => {
  it('runs here, and finds a bug that was planted in a parser', () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      [path.join(import.meta.dirname, 'main.ts'), '--prove', '--seconds', '60', 'evolis-replies'],
      { encoding: 'utf8' },
    );
    expect(stdout).toMatch(/^found after \d+ executions: .*evolis-card-printer\/protocol\.ts/m);
    expect(stdout).toMatch(/^1 mutants, 1 found$/m);
    expect(status).toBe(0);
  }, 120_000);
});
