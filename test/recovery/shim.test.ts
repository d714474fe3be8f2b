import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ShimControl } from './process/shim.ts';
import { readTrace } from './process/trace.ts';

const writer = path.join(import.meta.dirname, 'process/shim-writer.ts');

let dir: string;
let shim: ShimControl;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'anj-shm-'));
  shim = new ShimControl(path.join(dir, 'control'));
});
afterEach(() => {
  shim.close();
  rmSync(dir, { recursive: true });
});

const lines = (text: string, pattern: RegExp): number =>
  text.split('\n').filter((line) => pattern.test(line)).length;

describe('the shim', () => {
  it('counts and traces what strace counts, over all threads', () => {
    const log = path.join(dir, 'strace.log');
    const traceFile = path.join(dir, 'trace');
    const env = shim.environment(dir, traceFile);
    const strace = [
      '-f',
      '-y',
      '-o',
      log,
      '-e',
      'trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg',
    ];
    const preload = Object.entries(env).flatMap(([name, value]) => [
      '-E',
      `${name}=${value ?? ''}`,
    ]);
    execFileSync('strace', [...strace, ...preload, process.execPath, writer, dir]);
    const seen = readFileSync(log, 'utf8');
    // An interrupted call stands on two lines, of which the second has no arguments.
    const inDir = `<${dir}(?!/trace|/strace)[^>]*>`;
    const { counts } = shim;
    expect(counts.sync).toBe(lines(seen, new RegExp(` (fsync|fdatasync)\\(\\d+${inDir}`)));
    expect(counts.write).toBe(lines(seen, new RegExp(` (pwrite64|write)\\(\\d+${inDir}`)));
    expect(counts.send).toBe(lines(seen, / (write|writev|sendto|sendmsg)\(\d+<(TCP|UNIX|socket)/));
    expect(counts.sync).toBeGreaterThan(30);
    expect(counts.send).toBeGreaterThan(39);

    const ops = readTrace(readFileSync(traceFile)).map(({ op }) => op);
    expect(ops.filter((op) => op === 'sync')).toHaveLength(counts.sync);
    expect(ops.filter((op) => op === 'pwrite' || op === 'append')).toHaveLength(counts.write);
    expect(ops.filter((op) => op === 'send')).toHaveLength(counts.send);
  });

  const run = () =>
    spawnSync(process.execPath, [writer, dir], {
      env: { ...process.env, ...shim.environment(dir) },
      encoding: 'utf8',
    });

  it.each([
    ['killBefore', 3],
    ['killAfter', 3],
  ] as const)('ends the process with %s at the call it was armed for', (kind, k) => {
    shim.arm('sync', k, { kind });
    expect(run().signal).toBe('SIGKILL');
    expect(shim.fired).toBe(true);
    expect(shim.counts.sync).toBe(k);
  });

  it('lets a call fail as the disk would', () => {
    shim.arm('sync', 20, { kind: 'failOnce', error: 'EIO' });
    const { status, stderr } = run();
    expect(status).not.toBe(0);
    expect(stderr).toContain('SQLITE_IOERR_FSYNC');
  });

  it('leaves a process alone that it is not armed for', () => {
    shim.arm('sync', 10_000, { kind: 'killBefore' });
    expect(run().status).toBe(0);
    expect(shim.fired).toBe(false);
  });
});
