import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startShell } from '../../scripts/run-shell.ts';
import { Rig, until } from './rig.ts';
import { internetSocketsOf } from './sockets-of.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start('processes');
}, 240_000);
afterAll(() => rig.stop(), 60_000);

/** Three times the goal, as every functional deadline. */
const REPLACED_WITHIN_MS = 3_000;
const HUNG_REPLACED_WITHIN_MS = 12_000;

const processes = async (type: string): Promise<number> => {
  const found = (await rig.hard.state()).processes.find((one) => one.type.includes(type));
  if (found === undefined) throw new Error(`no ${type} process`);
  return found.pid;
};

/** Does something to the page and measures until the view of core is painted again. */
async function timedReturn(what: string, act: () => Promise<unknown>): Promise<number> {
  const heard = rig.core.frames.length;
  const began = performance.now();
  await act();
  await rig.core.shown(heard, 60_000);
  const ms = Math.round(performance.now() - began);
  process.stdout.write(`lockdown: ${what}: the page was back after ${ms} ms\n`);
  await rig.mark();
  expect(await rig.damage()).toEqual([]);
  return ms;
}

describe('the page comes back', () => {
  it('after its renderer was killed', async () => {
    const pid = (await rig.hard.state()).windows[0]?.rendererPid ?? 0;
    const ms = await timedReturn('renderer killed', () =>
      Promise.resolve(process.kill(pid, 'SIGKILL')),
    );
    expect(ms).toBeLessThan(REPLACED_WITHIN_MS);
  }, 90_000);

  it('with file dialogs still shut', async () => {
    const code = `const input = document.createElement('input'); input.type = 'file'; input.click();`;
    await rig.hard.script(code, { gesture: true });
    await rig.hard.press();
    expect(await rig.damage()).toEqual([]);
  });

  it('after it hung', async () => {
    const ms = await timedReturn('page hung', () => {
      rig.hard.script('for (;;);').catch(() => undefined);
      return Promise.resolve();
    });
    expect(ms).toBeLessThan(HUNG_REPLACED_WITHIN_MS);
  }, 90_000);

  it('after it closed its window', async () => {
    const ms = await timedReturn('window.close()', () =>
      rig.hard.script('setTimeout(() => window.close()); null'),
    );
    expect(ms).toBeLessThan(REPLACED_WITHIN_MS);
  }, 90_000);

  it('after it painted nothing of a new view, though its thread runs', async () => {
    await rig.hard.script('window.requestAnimationFrame = () => 0; null');
    const view = { ...rig.core.view, viewId: rig.core.view.viewId + 1 };
    await timedReturn('nothing painted', async () => {
      rig.core.show(view);
      await Promise.resolve();
    });
  }, 90_000);

  it('after it took on another address, under which nothing it says is heard', async () => {
    const heard = rig.core.frames.length;
    await timedReturn('address changed', () =>
      rig.hard.script(`history.pushState(null, '', '/citizen/other.html');
        anjungan.send({ type: 'choice', viewId: 1, choice: { kind: 'cancel' } }); null`),
    );
    expect(rig.core.frames.slice(heard).filter(({ type }) => type === 'choice')).toEqual([]);
  }, 90_000);

  it.each([
    ['the GPU process', 'GPU'],
    ['the network service', 'network'],
  ])(
    'or stays, when %s was killed',
    async (name, type) => {
      process.kill(await processes(type), 'SIGKILL');
      const heard = rig.core.frames.length;
      rig.core.show({ ...rig.core.view, viewId: rig.core.view.viewId + 1 });
      await rig.core.shown(heard);
      await rig.mark();
      expect({ name, damage: await rig.damage() }).toEqual({ name, damage: [] });
    },
    90_000,
  );
});

describe('a page that was taken over', () => {
  it('cannot move or shrink its window, as it may ask in the control', async () => {
    const code = 'window.moveTo(50, 50); window.resizeTo(100, 100); null';
    for (const target of [rig.hard, rig.control]) {
      const from = target.notices.length;
      await target.script(code);
      const asked = await target.notice(({ name }) => name === 'content-bounds-updated', from);
      expect(asked.prevented).toBe(target === rig.hard);
    }
    expect(await rig.damage()).toEqual([]);
  });

  it('leaves nothing on the disk that it stored', async () => {
    const planted = 'planted-by-the-page-4711';
    await rig.hard
      .script(`localStorage.setItem('x', '${planted}'); sessionStorage.setItem('x', '${planted}');
      document.cookie = 'x=${planted}'; null`);
    await rig.hard.script(
      `new Promise((done) => { const ask = indexedDB.open('x'); ask.onupgradeneeded = () => ask.result.createObjectStore('s').put('${planted}', 'k'); ask.onsuccess = done; ask.onerror = done; }).then(() => null)`,
    );
    const found = spawnSync('grep', ['-rlF', planted, rig.hard.shell.home], { encoding: 'utf8' });
    expect({ files: found.stdout, status: found.status }).toEqual({ files: '', status: 1 });
  });

  it.each([
    ['GET', 'app://ui/../../../etc/passwd', 404],
    ['GET', 'app://ui/citizen/..%2f..%2f..%2fetc%2fpasswd', 404],
    ['GET', 'app://ui/citizen/%2e%2e/%2e%2e/shell/main.cjs', 404],
    ['GET', 'app://ui/citizen/..\\..\\shell\\main.cjs', 404],
    ['GET', 'app://ui/shell/main.cjs', 404],
    ['POST', 'app://ui/citizen/index.html', 405],
    ['GET', 'app://ui/citizen/index.html', 200],
  ])('%s %s answers %d', async (method, url, status) => {
    const answer = await rig.hard.order({ kind: 'fetch', method, url });
    expect(answer).toMatchObject({ status, headers: { 'x-content-type-options': 'nosniff' } });
    expect(JSON.stringify(answer)).toContain('sandbox allow-scripts allow-same-origin;');
  });
});

describe('the processes', () => {
  it('run as somebody who is not root, the renderer in a sandbox without a network', async () => {
    const state = await rig.hard.state();
    const renderer = state.windows[0]?.rendererPid ?? 0;
    for (const pid of [rig.hard.shell.pid, renderer])
      expect(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]).not.toBe('0');
    const status = readFileSync(`/proc/${renderer}/status`, 'utf8');
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    const network = (pid: number): string => readlinkSync(`/proc/${pid}/ns/net`);
    expect(network(renderer)).not.toBe(network(rig.hard.shell.pid));
  });

  it('hold no internet socket, not even after SIGUSR1, by which the control opens a debugger', async () => {
    const { processes: all } = await rig.hard.state();
    process.kill(rig.hard.shell.pid, 'SIGUSR1');
    process.kill(rig.control.shell.pid, 'SIGUSR1');
    await until(
      () => Promise.resolve(internetSocketsOf(rig.control.shell.pid)),
      (sockets) => sockets.length > 0,
      20_000,
    );
    await rig.hard.state();
    for (const { pid } of all) expect(internetSocketsOf(pid)).toEqual([]);
  }, 40_000);
});

describe('a start that would open a door is refused with 78', () => {
  const start = (change: { args?: string[]; env?: Record<string, string> }) =>
    startShell({
      electron: rig.electron,
      built: rig.built,
      display: rig.hard.display.name,
      citizenSocket: rig.core.socketPath,
      ...change,
    });

  it.each([
    '--remote-debugging-port=0',
    '--remote-debugging-pipe',
    '--inspect=0',
    '--no-sandbox',
    '--disable-web-security',
    '--load-extension=/tmp',
    '--proxy-server=127.0.0.1:9',
  ])('%s', async (arg) => {
    expect(await start({ args: [arg] })).toMatchObject({
      ok: false,
      error: { kind: 'ended', exitCode: 78 },
    });
  });

  it.each(['NODE_OPTIONS', 'ELECTRON_DISABLE_SANDBOX'])('the variable %s', async (name) => {
    expect(await start({ env: { [name]: '--no-warnings' } })).toMatchObject({
      ok: false,
      error: { kind: 'ended', exitCode: 78 },
    });
  });

  it('root, whom Chromium refuses by itself and, where it was told not to, we do', () => {
    const direct = (...args: string[]) =>
      spawnSync(rig.electron.executable, [...args, path.join(rig.built, 'shell')], {
        env: { ...process.env, DISPLAY: rig.hard.display.name },
        encoding: 'utf8',
        timeout: 30_000,
      });
    const plain = direct();
    expect({ code: plain.status === 0, out: plain.stderr.includes('"started"') }).toEqual({
      code: false,
      out: false,
    });
    expect(direct('--no-sandbox').status).toBe(78);
  }, 70_000);
});

it('ends when it is told to by SIGTERM, with 0', async () => {
  const began = performance.now();
  process.kill(rig.hard.shell.pid, 'SIGTERM');
  expect(await rig.hard.shell.ended).toBe(0);
  process.stdout.write(
    `lockdown: SIGTERM: ended after ${Math.round(performance.now() - began)} ms\n`,
  );
  expect(rig.core.violations).toEqual([]);
}, 30_000);
