import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { terminalCertPath, terminalKeyPath } from '../../src/registry/reference/pki.ts';
import { anjungan, core } from './support/run.ts';
import { OTHER_ID, TERMINAL_ID, TerminalFolder } from './support/terminal-folder.ts';

// Keys are made and native modules loaded, on a machine that others use too.
jest.setTimeout(60_000);

let folder: TerminalFolder;
beforeEach(async () => {
  folder = await TerminalFolder.make();
});
afterEach(() => folder.remove());

const check = (...more: string[]) => anjungan('--data', folder.data, ...more, 'config', 'check');

describe('anjungan config check', () => {
  it('passes a good configuration, with its digest', async () => {
    const run = await check();
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/is valid: mode specimen, 5 devices, SHA-256 [0-9a-f]{64}\n$/);
  });

  it('answers as JSON', async () => {
    const run = await check('--json');
    expect(run.status).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ valid: true, devices: 5, warnings: [] });
  });

  it.each<[string, (f: TerminalFolder) => void, string]>([
    [
      'a misspelt key',
      (f) => f.edit('heartbeatSeconds', 'heartbeatSecond'),
      'registry.heartbeatSecond: there is no such key; did you mean "heartbeatSeconds"?',
    ],
    [
      'live mode',
      (f) => f.edit('mode = "specimen"', 'mode = "live"'),
      'mode: this version has no enrolment: it prints specimens only',
    ],
    [
      'the certificate of another terminal',
      (f) => f.edit(terminalCertPath(f.pki, TERMINAL_ID), terminalCertPath(f.pki, OTHER_ID)),
      `cannot be used (it names another terminal than ${TERMINAL_ID}).`,
    ],
    [
      'a key of another certificate',
      (f) => f.edit(terminalKeyPath(f.pki, TERMINAL_ID), terminalKeyPath(f.pki, OTHER_ID)),
      'cannot be used (not the key of the certificate).',
    ],
    [
      'a certificate that is none',
      (f) => writeFileSync(terminalCertPath(f.pki, TERMINAL_ID), 'garbage'),
      'registry.certificateFile: ',
    ],
    [
      'a key that is not there',
      (f) => rmSync(terminalKeyPath(f.pki, TERMINAL_ID)),
      'cannot be used (ENOENT).',
    ],
    [
      'a driver that nobody has',
      (f) => f.edit('"ipp-page-printer"', '"lpt-page-printer"'),
      'devices: page-printer: there is no driver of that name.',
    ],
    [
      'a driver of another class',
      (f) => f.edit('"ipp-page-printer"', '"simulated-card-printer"'),
      'devices: page-printer: its driver is for a cardPrinter.',
    ],
    [
      'an option that the driver does not know',
      (f) => f.edit('uri = ', 'url = '),
      'devices: page-printer: options: ',
    ],
  ])(
    'refuses %s, and so does core, in the same words and with what to do',
    async (_, spoil, sentence) => {
      spoil(folder);
      const [run, started] = await Promise.all([check(), core(folder.data)]);
      expect(run).toMatchObject({ status: 1, stderr: '' });
      expect(run.stdout).toContain(sentence);
      expect(started.status).toBe(78);
      const said = started.stderr.split('\n').filter((line) => line.startsWith('anjungan: '));
      const lines = said.map((line) => line.replace('anjungan: ', ''));
      // Only a start has something to say of documents and codes: a check began nothing.
      expect(lines.pop()).toBe(
        'This core did not start: it printed nothing and used no code. Mend what is named above and start it again.',
      );
      expect(lines.join('\n')).toBe(run.stdout.trimEnd());
    },
  );

  it('names every fault at once', async () => {
    folder.edit('"ipp-page-printer"', '"lpt-page-printer"');
    folder.edit(terminalKeyPath(folder.pki, TERMINAL_ID), terminalKeyPath(folder.pki, OTHER_ID));
    const run = await check();
    expect(run.stdout).toContain('registry.keyFile: ');
    expect(run.stdout).toContain('devices: page-printer: ');
  });

  it('says that there is none', async () => {
    const file = `${folder.data}/none.toml`;
    const run = await anjungan('config', 'check', file);
    expect(run).toEqual({
      status: 1,
      stdout: `There is no configuration at ${file}.\n`,
      stderr: '',
    });
  });
});
