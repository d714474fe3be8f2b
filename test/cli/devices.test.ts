import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { exitStatusOf } from '../../src/cli/devices.ts';
import { BAD_NEWS, GOOD, NO_ANSWER } from '../../src/cli/output.ts';
import { anjungan } from './support/run.ts';
import { TerminalFolder } from './support/terminal-folder.ts';

jest.setTimeout(60_000);

let folder: TerminalFolder;
beforeEach(async () => {
  folder = await TerminalFolder.make();
});
afterEach(() => folder.remove());

const inventory = z.object({
  lines: z.array(z.looseObject({ kind: z.string(), device: z.string().optional() })),
});
const devices = (...more: string[]) => anjungan('--data', folder.data, ...more, 'devices');

describe('anjungan devices', () => {
  it('tells what is missing from what no bus can show, and a missing one is bad news', async () => {
    const run = await devices('--json');
    expect(run).toMatchObject({ status: 1, stderr: '' });
    const { lines } = inventory.parse(JSON.parse(run.stdout));
    const kindOf = (name: string) => lines.find(({ device }) => device === name)?.kind;
    expect(kindOf('code-scanner')).toBe('missing');
    expect(kindOf('card-printer')).toBe('elsewhere');
    expect(kindOf('page-printer')).toBe('elsewhere');
  });

  it('is a table for people', async () => {
    const run = await devices();
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/^ +device +driver +where +who must act\n/);
    expect(run.stdout).toMatch(
      /\nmissing +code-scanner +serial-code-scanner +\S+no-scanner +technician\n/,
    );
    expect(run.stdout).toMatch(
      /\nelsewhere +card-printer .* behind a daemon, a network or a socket +-\n/,
    );
  });

  it('leaves the question open where a device cannot be looked for, whatever else is missing', async () => {
    folder.edit('driver = "serial-code-scanner"', 'driver = "hid-code-scanner"');
    folder.edit(`path = "${folder.dir}/no-scanner"`, '');
    const run = await devices();
    expect(run).toMatchObject({ status: 2, stderr: '' });
    expect(run.stdout).toMatch(
      /\nunknowable +code-scanner .*give its vendorId and productId +admin/,
    );
  });

  it.each([
    [GOOD, ['expected', 'elsewhere']],
    [BAD_NEWS, ['expected', 'missing']],
    [BAD_NEWS, ['ambiguous']],
    [BAD_NEWS, ['elsewhere', 'unknown']],
    [NO_ANSWER, ['unknowable']],
    [NO_ANSWER, ['missing', 'unknowable', 'unknown']],
  ] as const)('ends with %i where the lines are %j', (status, kinds) => {
    expect(exitStatusOf(kinds.map((kind) => ({ kind })))).toBe(status);
  });

  it('says in its help what it ends with', async () => {
    const { stdout } = await anjungan('devices', '--help');
    const help = stdout.replaceAll(/\s+/g, ' ');
    expect(help).toContain(
      'Exit status: 1 a device is missing, cannot be told from another, or is',
    );
    expect(help).toContain('2 a device could not be looked for');
  });

  it('answers nothing where the configuration is no TOML', async () => {
    writeFileSync(folder.configFile, 'mode = = 1');
    const run = await devices();
    expect(run).toMatchObject({ status: 2, stderr: '' });
    expect(run.stdout).toContain('line 1, column');
  });
});
