import { spawn, type ChildProcess } from 'node:child_process';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOptions } from '../../../drivers/cabinet/options.ts';

const MAIN = join(import.meta.dirname, '../../../drivers/cabinet/main.ts');

describe('the cabinet as a program', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'anjungan-cabinet-main-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.once('exit', resolve));

  it('writes where it is to be found, serves there, and leaves nothing running behind', async () => {
    const child = spawn(process.execPath, [MAIN, '--data', dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).once('line', () => resolve());
    });
    const endpoints = JSON.parse(readFileSync(join(dir, 'endpoints.json'), 'utf8')) as Record<
      string,
      string
    >;
    expect(endpoints).toMatchObject({
      pid: child.pid,
      socketPath: join(dir, 'devices.sock'),
      scannerTty: join(dir, 'scanner-tty'),
      recordPath: join(dir, 'record.jsonl'),
      cardsDir: join(dir, 'cards'),
    });
    expect((await fetch(`${endpoints['panelUrl'] ?? ''}/api/state`)).status).toBe(200);
    const exit = ended(child);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(existsSync(join(dir, 'endpoints.json'))).toBe(false);
    expect(existsSync(join(dir, 'scanner-tty'))).toBe(false);
  }, 30_000);

  it('takes the scanner with it when it is killed', async () => {
    const child = spawn(process.execPath, [MAIN, '--data', dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).once('line', () => resolve());
    });
    const tty = createReadStream(join(dir, 'scanner-tty'));
    await new Promise<void>((resolve) => {
      tty.once('open', () => resolve());
    });
    const hungUp = new Promise<void>((resolve) => {
      tty.once('close', () => resolve());
    });
    tty.on('error', () => undefined).resume();
    child.kill('SIGKILL');
    await hungUp;
    // The links stay behind a kill; what they pointed to is gone.
    expect(existsSync(join(dir, 'scanner-tty'))).toBe(false);
  }, 30_000);

  it.each([
    [['--panel-port', '1'], '--data is needed'],
    [['--data', 'x', '--panel-port', 'http'], '--panel-port is not a port'],
    [['--data', 'x', '--profile', 'deluxe'], '--profile is one of full,'],
    [['--data', 'x', '--step-ms', '-1'], "Option '--step-ms"],
    [['--data', 'x', '--colour', 'red'], "Unknown option '--colour'"],
    [['--data', 'x', '--lab', '/nonexistent'], '--lab /nonexistent'],
  ])('says what is wrong with %j', (argv, words) => {
    const options = readOptions(argv);
    expect(options.ok ? '' : options.error).toContain(words);
  });

  it('reads the lab file and minds only what is its own', () => {
    const path = join(dir, 'lab.json');
    writeFileSync(path, '{"virtualCard":{"command":["node","card.ts"]},"registry":{}}');
    const options = readOptions(['--data', dir, '--lab', path]);
    expect(options).toMatchObject({
      value: { lab: { virtualCard: { command: ['node', 'card.ts'] }, pagePrinter: null } },
    });
    writeFileSync(path, '{"virtualCard":{"command":[]}}');
    expect(readOptions(['--data', dir, '--lab', path]).ok).toBe(false);
  });
});
