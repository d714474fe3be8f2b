import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { root } from '../../scripts/stack/program.ts';
import { specimenConfig } from '../../scripts/stack/specimen-config.ts';
import { TERMINAL_ID } from '../../scripts/stack/stack.ts';
import { createPki } from '../../src/registry/reference/pki.ts';
import { anjungan, run, runCore } from './support/processes.ts';

jest.setTimeout(120_000);

let dir: string;
let dataDir: string;
let configFile: string;

beforeEach(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'anj-jny-'));
  dataDir = path.join(dir, 'terminal');
  configFile = path.join(dataDir, 'config/anjungan.toml');
  const pkiDir = path.join(dir, 'pki');
  await createPki(pkiDir, [TERMINAL_ID]);
  mkdirSync(path.dirname(configFile), { recursive: true });
  const config = specimenConfig({
    terminalId: TERMINAL_ID,
    pkiDir,
    registryUrl: 'https://127.0.0.1:9',
    frontUrl: 'http://127.0.0.1:9',
    cabinetSocket: path.join(dir, 'cabinet.sock'),
    scannerTty: path.join(dir, 'scanner'),
    pcsc: { csockName: path.join(dir, 'pcscd.comm'), cardReaderName: 'R', samReaderName: 'S' },
    pagePrinterUri: 'ipp://127.0.0.1:9/ipp/print',
  });
  writeFileSync(configFile, config);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const rewrite = (from: string, to: string): void => {
  const text = readFileSync(configFile, 'utf8');
  expect(text).toContain(from);
  writeFileSync(configFile, text.replace(from, to));
};

describe('core that cannot start', () => {
  it('for a typo in the configuration names the key and the one that was meant, what became, and what to do', async () => {
    rewrite('heartbeatSeconds', 'heartbeatSecond');
    const sentence = `${configFile}: registry.heartbeatSecond: there is no such key; did you mean "heartbeatSeconds"?`;
    const core = await runCore(dataDir);
    const became = 'This core did not start: it printed nothing and used no code.';
    const remedy = 'Mend what is named above and start it again.';
    const stderr = `anjungan: ${sentence}\nanjungan: ${became} ${remedy}\n`;
    expect(core).toEqual({ status: 78, stdout: '', stderr });
    const check = await anjungan(dataDir, 'config', 'check');
    expect(check).toMatchObject({ status: 1, stdout: `${sentence}\n` });
  });

  it('for a file that is no TOML names the line', async () => {
    rewrite('mode = "specimen"', 'mode = specimen');
    const core = await runCore(dataDir);
    expect(core.status).toBe(78);
    expect(core.stderr).toMatch(
      /^anjungan: .*anjungan\.toml, line 1, column \d+: .+\nanjungan: .+ start it again\.\n$/,
    );
  });

  it('for a disk that is full says how much room it needs, and leaves nothing half made', async () => {
    // A disk of its own, in a mount namespace that goes away with the program.
    const script = `mount -t tmpfs -o size=16m tmpfs "$1" && mkdir "$1/terminal" &&
      cp -r "$2/config" "$1/terminal/" && "$3" "$4" --data "$1/terminal"; status=$?;
      find "$1/terminal" -type f -printf '%P\\n'; exit $status`;
    const small = path.join(dir, 'disk');
    mkdirSync(small);
    const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const core = path.join(root, 'src/core/main.ts');
    const ran = await run('unshare', [
      ...user,
      '--mount',
      ...['sh', '-c', script, 'sh', small, dataDir, process.execPath, core],
    ]);
    expect(ran.stderr).toMatch(
      /^anjungan: The disk under \S+ is full: \d+ MiB free, 64 MiB needed\. Nothing was lost; make room and start again\.\nanjungan: .+ used no code\.\n$/,
    );
    expect(ran.status).toBe(75);
    expect(ran.stdout).toBe('config/anjungan.toml\n');
  });
});
