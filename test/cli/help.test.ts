import { describe, expect, it, jest } from '@jest/globals';
import { anjungan } from './support/run.ts';

jest.setTimeout(60_000);

describe('anjungan', () => {
  it('names its commands and its exit statuses', async () => {
    const run = await anjungan('--help');
    expect(run).toMatchObject({ status: 0, stderr: '' });
    for (const command of ['status', 'devices', 'config', 'journal', 'stock']) {
      expect(run.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    expect(run.stdout).toContain('0 good, 1 bad news, 2 the question could not be answered');
  });

  it('says what config check looks at', async () => {
    const run = await anjungan('config', 'check', '--help');
    expect(run.status).toBe(0);
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'what core would refuse at start in the file, its keys and certificates, its drivers and their options',
    );
  });

  it('does not understand a command that it has not', async () => {
    const run = await anjungan('statsu');
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain("unknown command 'statsu'");
  });
});
