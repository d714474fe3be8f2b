import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shellAvailable, whyNoShell } from '../../scripts/run-shell.ts';
import { readableBy, shellUser } from '../../scripts/shell-run/ordinary-user.ts';
import { relaySocket } from '../../scripts/shell-run/socket-relay.ts';
import { mayType } from '../../src/shell/key-filter.main.ts';
import { findPageFile } from '../../src/shell/page-files.main.ts';
import { PageWatchdog, WATCHDOG_TICK_MS } from '../../src/shell/page-watchdog.main.ts';
import { refusalOf } from '../../src/shell/start-check.main.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'anjungan-shell-parts-'));
  for (const name of ['ui/citizen', 'ui/technician', 'ui/assets'])
    mkdirSync(path.join(folder, name), { recursive: true });
  for (const name of [
    'ui/citizen/index.html',
    'ui/technician/index.html',
    'secret.js',
    'ui/assets/a.js',
  ])
    writeFileSync(path.join(folder, name), 'x');
  symlinkSync(path.join(folder, 'secret.js'), path.join(folder, 'ui/assets/out.js'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a request for a page', () => {
  const find = (url: string, method = 'GET') =>
    findPageFile(path.join(folder, 'ui'), { method, url });

  it('is answered with the file and its type', async () => {
    expect(await find('app://ui/assets/a.js')).toMatchObject({
      ok: true,
      value: { contentType: 'text/javascript; charset=utf-8' },
    });
    expect(await find('app://ui/citizen/index.html')).toMatchObject({ ok: true });
  });

  it.each([
    ['a link out of the folder', 'app://ui/assets/out.js'],
    ['another page', 'app://ui/technician/index.html'],
    ['another host', 'app://other/assets/a.js'],
    ['an encoded way up', 'app://ui/assets/..%2f..%2fsecret.js'],
    ['a zero byte', 'app://ui/assets/a.js%00.js'],
    ['a broken encoding', 'app://ui/assets/%E0%A4%A.js'],
    ['a hidden file', 'app://ui/assets/.a.js'],
    ['a folder', 'app://ui/assets/'],
    ['an unknown type', 'app://ui/assets/a.exe'],
    ['a file that is not there', 'app://ui/assets/b.js'],
  ])('finds nothing for %s', async (_name, url) => {
    expect(await find(url)).toEqual({ ok: false, error: { kind: 'notFound' } });
  });

  it('may only be a GET', async () => {
    expect(await find('app://ui/assets/a.js', 'HEAD')).toEqual({
      ok: false,
      error: { kind: 'methodNotAllowed' },
    });
  });
});

describe('a start', () => {
  const env = { ANJUNGAN_CITIZEN_SOCKET: '/run/anjungan/citizen.sock' };

  it('goes on as an ordinary user with a socket and the switches of a cabinet', () => {
    const args = ['--ozone-platform=wayland', '--disable-gpu', '/opt/anjungan/shell'];
    expect(refusalOf({ args, env, uid: 1000 })).toBeNull();
  });

  it.each([
    [{ args: [], env, uid: 0 }, { kind: 'rootUser' }],
    [
      { args: ['--inspect'], env, uid: 1 },
      { kind: 'switchNotAllowed', name: '--inspect' },
    ],
    [
      { args: ['--'], env, uid: 1 },
      { kind: 'switchNotAllowed', name: '--' },
    ],
    [
      { args: ['-r', '/x.js'], env, uid: 1 },
      { kind: 'switchNotAllowed', name: '-r' },
    ],
    [
      { args: [], env: { ...env, NODE_OPTIONS: '--require /x.js' }, uid: 1 },
      { kind: 'variableNotAllowed', name: 'NODE_OPTIONS' },
    ],
    [{ args: [], env: {}, uid: 1 }, { kind: 'noSocketPath' }],
  ])('is refused: %j', (facts, refusal) => {
    expect(refusalOf(facts)).toEqual(refusal);
  });
});

describe('a key', () => {
  const key = (name: string, held: Partial<Parameters<typeof mayType>[0]> = {}): boolean =>
    mayType({ key: name, control: false, alt: false, meta: false, ...held });

  it('may type and edit', () => {
    expect(
      ['a', 'Z', '7', ' ', 'é', '😀', 'Tab', 'Enter', 'Backspace'].map((k) => key(k)),
    ).not.toContain(false);
  });

  it('does nothing with Ctrl, Alt or Meta, nor when its name is unknown', () => {
    expect([
      key('a', { control: true }),
      key('Tab', { alt: true }),
      key('d', { meta: true }),
      key('F11'),
      key('ContextMenu'),
      key('BrowserBack'),
      key('Unidentified'),
      key(''),
    ]).not.toContain(true);
  });
});

describe('the watchdog', () => {
  const ticks = (ms: number): number => ms / WATCHDOG_TICK_MS;
  /** Ticks for that long, with what the page does before each, and says what was found. */
  function run(dog: PageWatchdog, ms: number, page: () => void = () => undefined): string[] {
    const found: string[] = [];
    for (let count = 0; count < ticks(ms); count += 1) {
      page();
      const finding = dog.tick();
      if (finding !== null) found.push(finding);
    }
    return found;
  }

  it('leaves alone a page that beats and paints', () => {
    const dog = new PageWatchdog();
    dog.viewSent(1);
    dog.beat();
    dog.painted(1);
    expect(run(dog, 60_000, () => dog.beat())).toEqual([]);
  });

  it('finds a page silent after 3 s, once, and gives the next one time to load', () => {
    const dog = new PageWatchdog();
    dog.beat();
    expect(run(dog, 2_750)).toEqual([]);
    expect(run(dog, 250)).toEqual(['silent']);
    expect(run(dog, 29_750)).toEqual([]);
    expect(run(dog, 250)).toEqual(['notLoaded']);
  });

  it('finds a page that beats but paints another view than it was sent', () => {
    const dog = new PageWatchdog();
    dog.beat();
    dog.viewSent(2);
    dog.painted(1);
    expect(run(dog, 10_000, () => dog.beat())).toEqual(['notPainted']);
  });

  it('asks for no painting while core is away', () => {
    const dog = new PageWatchdog();
    dog.viewSent(3);
    dog.viewSent(null);
    expect(run(dog, 60_000, () => dog.beat())).toEqual([]);
  });
});

describe('the launcher', () => {
  it('says plainly why there is no window', () => {
    const none = shellAvailable({ ELECTRON_OVERRIDE_DIST_PATH: folder, DISPLAY: ':0' });
    expect(none).toEqual({ ok: false, error: { kind: 'noElectron', lookedIn: [folder] } });
    expect(whyNoShell({ kind: 'noElectron', lookedIn: [folder] })).toContain(folder);
    expect(whyNoShell({ kind: 'noDisplay' })).toContain('DISPLAY');
    expect(whyNoShell({ kind: 'notBuilt', file: 'shell/main.cjs' })).toContain('npm run build');
  });

  it('copies what the other user could not read, and only that', () => {
    const user = shellUser();
    const closed = path.join(folder, 'closed');
    mkdirSync(path.join(closed, 'program'), { recursive: true });
    writeFileSync(path.join(closed, 'program/main.cjs'), 'x');
    chmodSync(closed, 0o700);
    const program = path.join(closed, 'program');
    const seen = readableBy(user, program, folder);
    // Only root has somebody else to run it as.
    expect(seen).toBe(user.isOther ? path.join(folder, 'program') : program);
    expect(statSync(path.join(seen, 'main.cjs')).mode & 0o444).not.toBe(0);
    expect(readableBy(user, '/usr/share/doc', folder)).toBe('/usr/share/doc');
  });

  it('relays a socket both ways, and its end', async () => {
    const far = path.join(folder, 'far.sock');
    const near = path.join(folder, 'near.sock');
    const server = net.createServer((socket) =>
      socket.once('data', (data) => socket.end(`got ${String(data)}`)),
    );
    await new Promise<void>((resolve) => server.listen(far, resolve));
    const relay = await relaySocket(near, far);
    const client = net.connect(near);
    client.write('x');
    let heard = '';
    client.on('data', (data) => (heard += String(data)));
    await new Promise((resolve) => client.once('close', resolve));
    expect(heard).toBe('got x');
    await new Promise((resolve) => server.close(resolve));
    const alone = net.connect(near);
    await new Promise((resolve) => alone.once('close', resolve));
    await relay.stop();
  });
});
