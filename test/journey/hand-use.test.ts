import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { running, type RunningProcess } from '../../scripts/test-run/running.ts';
import { run } from './support/processes.ts';
import { StartedScript } from './support/started-script.ts';
import { untilHolds } from './support/waiting.ts';

jest.setTimeout(180_000);

let data: string;
let start: StartedScript;

beforeAll(() => {
  data = mkdtempSync(path.join(os.tmpdir(), 'anj-hand-'));
});
afterEach(() => start.kill());
afterAll(() => rmSync(data, { recursive: true }));

/** Completes when a person could use it. */
async function started(): Promise<void> {
  start = new StartedScript('start', ['--shell=browser', '--data', data]);
  await start.untilSaid('in a browser on this machine.', 120_000);
}

function told(what: string): string {
  const line = start.stdout.split('\n').find((one) => one.trim().startsWith(`${what}:`));
  if (line === undefined) throw new Error(`it told no ${what}: ${start.stdout}`);
  return line.slice(line.indexOf(':') + 1).trim();
}

async function page(address: string | URL): Promise<{ url: string; body: string }> {
  const answer = await fetch(address);
  expect([String(address), answer.status]).toEqual([String(address), 200]);
  return { url: answer.url, body: await answer.text() };
}

/** One of the built pages, whose programs and styles are there too. */
async function builtPage(address: string, folder: string): Promise<void> {
  const { url, body } = await page(address);
  expect(new URL(url).pathname).toBe(`/${folder}/index.html`);
  expect(body).toContain('<title>Anjungan</title>');
  const parts = [...body.matchAll(/ (?:src|href)="([^"]+)"/g)].map(([, name = '']) => name);
  expect(parts).toEqual(expect.arrayContaining([expect.stringMatching(/\.js$/)]));
  for (const name of parts) await page(new URL(name, url));
}

/** A process bears the number of an earlier one only by chance, and then not its command. */
const stillThere = (before: readonly RunningProcess[]): RunningProcess[] =>
  running().filter((now) =>
    before.some(({ pid, command }) => pid === now.pid && command !== '' && command === now.command),
  );

/** Fails while anything that it started outlives it. */
async function nothingOutlives(family: readonly RunningProcess[]): Promise<void> {
  // What the kernel ends with its parent needs a moment.
  await untilHolds(
    () => stillThere(family),
    (left) => left.length === 0,
    10_000,
  );
}

/** Ends it, and looks for what outlives it. */
async function endBy(signal: () => void): Promise<void> {
  const family = start.family();
  const commands = family.map(({ command }) => command).join('\n');
  for (const part of ['core/main', 'cabinet/main', 'reference/main', 'pcscd', 'ippeveprinter']) {
    expect(commands).toContain(part);
  }
  signal();
  expect(await start.ended).toBe(0);
  expect(start.stderr).toBe('');
  await nothingOutlives(family);
}

describe('a terminal started by hand, where there is no display', () => {
  it('serves every page whose address it tells, and ends on Ctrl+C', async () => {
    await started();
    expect(start.stdout).toContain('This terminal prints SPESIMEN of people who cannot exist.');
    const preview = told("citizen's pages, preview");
    expect(start.stdout).toContain(`open ${preview} in a browser on this machine.`);
    await builtPage(preview, 'citizen');
    await builtPage(told("technician's page"), 'technician');
    await builtPage(told('print log'), 'staff');
    const panel = await page(told("cabinet's control panel"));
    expect(panel.body).toContain('<h1>Simulated cabinet</h1>');
    const front = await page(told("registry's front"));
    expect(front.body).toContain('Registri acuan');
    const secret = told('secret for the first account');
    expect(statSync(secret).mode & 0o777).toBe(0o600);
    const asked = await run('bash', ['-c', told('command line')]);
    expect(asked).toMatchObject({ status: 0, stderr: '' });
    expect(asked.stdout).toMatch(/^ADM-SPESIMEN-01, .*: in service\n/);
    await endBy(() => start.interrupt());
  });

  it('starts again on the folder that it was given, and ends on SIGTERM', async () => {
    expect(existsSync(path.join(data, 'terminal/journal.db'))).toBe(true);
    await started();
    await builtPage(told('print log'), 'staff');
    await endBy(() => start.terminate());
  });
});

describe('a terminal started by hand that cannot go on', () => {
  let temporary: string;

  beforeEach(() => {
    temporary = mkdtempSync(path.join(os.tmpdir(), 'anj-hand-'));
    // As /tmp: the window runs as somebody else where root starts it.
    chmodSync(temporary, 0o755);
  });
  afterEach(() => rmSync(temporary, { recursive: true }));

  /** With a new folder, which lies in `temporary` for as long as it is there. */
  const startWith = (args: readonly string[], env: Readonly<Record<string, string>> = {}): void => {
    start = new StartedScript('start', args, { TMPDIR: temporary, ...env });
  };

  /** It ended with 1 and left neither processes nor its folder, in which the keys of its PKI are. */
  async function failed(family: readonly RunningProcess[] = []): Promise<void> {
    expect(await start.ended).toBe(1);
    await nothingOutlives(family);
    expect(readdirSync(temporary)).toEqual([]);
  }

  it('for an option that it does not know says how it is used', async () => {
    startWith(['--shel=browser']);
    expect(await start.ended).toBe(64);
    expect(start.stderr).toMatch(/^Unknown option '--shel'\.\nUsage: scripts\/start /);
    expect(start.stderr).not.toMatch(/^ +at /m);
    expect(start.stdout).not.toContain('start: ');
  });

  it('without an Electron offers the browser, in one line', async () => {
    const empty = path.join(data, 'no-electron');
    mkdirSync(empty);
    startWith([], { DISPLAY: ':77', ELECTRON_OVERRIDE_DIST_PATH: empty });
    await failed();
    expect(start.stderr).toBe(
      `No Electron in ${empty}: run "npx install-electron" where github.com can be reached, or point ELECTRON_OVERRIDE_DIST_PATH at a folder that has one. Or try scripts/start --shell=browser.\n`,
    );
  });

  it('on a display that is not there offers the browser, with what Electron said last', async () => {
    // As Electron 25 does it there.
    const electron = path.join(data, 'electron-of-test');
    mkdirSync(electron);
    const saying = `echo 'ERROR:ozone_platform_x11.cc(240)] Missing X server or $DISPLAY' >&2
      echo "env.cc(255)] $DISPLAY: The platform failed to initialize.  Exiting." >&2; echo >&2; kill -TRAP $$`;
    writeFileSync(path.join(electron, 'electron'), `#!/bin/sh\n${saying}\n`, { mode: 0o755 });
    startWith([], { DISPLAY: ':77', ELECTRON_OVERRIDE_DIST_PATH: electron });
    await start.untilSaid('command line:', 120_000);
    await failed();
    expect(start.stderr).toBe(
      'The kiosk window on display :77 ended at its start; try scripts/start --shell=browser. It said last: env.cc(255)] :77: The platform failed to initialize.  Exiting.\n',
    );
  });

  it('ends when core does, with what core said last', async () => {
    startWith(['--shell=none']);
    await start.untilSaid('To print:', 120_000);
    const family = start.family();
    const core = family.find(({ command }) => command.includes('core/main'));
    process.kill(core?.pid ?? 0, 'SIGKILL');
    await failed(family);
    expect(start.stderr).toMatch(/^Core ended\. It said last: \{"level":.+\}\n$/);
  });

  it('ends when it is asked to before it is up, twice even, and leaves nothing either', async () => {
    startWith(['--shell=none']);
    await start.untilSaid('start: simulated cabinet', 120_000);
    start.terminate();
    await start.untilSaid('stopping', 60_000);
    start.terminate();
    expect([await start.ended, start.stderr]).toEqual([0, '']);
    expect(start.stdout).not.toContain('To print:');
    expect(readdirSync(temporary)).toEqual([]);
  });
});
