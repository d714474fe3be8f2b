import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { running, type RunningProcess } from '../../scripts/test-run/running.ts';
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
  start = new StartedScript('start', '--shell=browser', '--data', data);
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
  // What the kernel ends with its parent needs a moment.
  await untilHolds(
    () => stillThere(family),
    (left) => left.length === 0,
    10_000,
  );
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
    await endBy(() => start.interrupt());
  });

  it('starts again on the folder that it was given, and ends on SIGTERM', async () => {
    expect(existsSync(path.join(data, 'terminal/journal.db'))).toBe(true);
    await started();
    await builtPage(told('print log'), 'staff');
    await endBy(() => start.terminate());
  });
});
