import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ippPagePrinterFactory } from '../../drivers/ipp-page-printer/driver.ts';
import { LabError, requirePrograms } from '../../scripts/lab/lab-error.ts';
import { startPagePrinterLab } from '../../scripts/lab/page-printer-lab.ts';
import { startPcscLab } from '../../scripts/lab/pcsc-lab.ts';

jest.setTimeout(60_000);

const MAIN = fileURLToPath(new URL('../../scripts/lab/main.ts', import.meta.url));
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'anj-lab-'));
});

afterEach(() => rmSync(dir, { recursive: true }));

describe('the lab', () => {
  it('runs side by side with itself', async () => {
    const folders = [join(dir, 'a'), join(dir, 'b')];
    const readers = await Promise.all(folders.map((folder) => startPcscLab({ dir: folder })));
    const printers = await Promise.all(
      folders.map((folder) => startPagePrinterLab({ dir: folder })),
    );
    await printers[0]?.setFault('mediaEmpty');
    const states: string[] = [];
    for (const { uri } of printers) {
      const driver = ippPagePrinterFactory.create(
        ippPagePrinterFactory.options.parse({ uri }),
        () => undefined,
      );
      const status = await driver.handlers.getStatus({});
      if (status.ok) states.push(status.value.state);
    }
    expect(states).toEqual(['hardwareError', 'online']);
    expect(new Set(readers.map(({ csockName }) => csockName)).size).toBe(2);
    await Promise.all([...readers, ...printers].map((lab) => lab.stop()));
  });

  it('keeps the ports of its cards to its own network', async () => {
    const lab = await startPcscLab({ dir: join(dir, 'c') });
    try {
      // vpcd's own, the same in every lab; each try is a program, so that inside and outside are asked alike.
      const tries = `const socket = require('node:net').connect(35963, '127.0.0.1');
        socket.on('connect', () => { console.log('connected'); socket.destroy(); });
        socket.on('error', ({ code }) => console.log(code));`;
      const asking = [process.execPath, '-e', tries] as const;
      const inside = lab.virtualCardCommand.slice(0, -2);
      expect(inside[0]).toBe('nsenter');
      const answers = [asking, [...inside, ...asking]].map(([command = '', ...args]) =>
        execFileSync(command, args, { encoding: 'utf8' }).trim(),
      );
      expect(answers).toEqual(['ECONNREFUSED', 'connected']);
    } finally {
      await lab.stop();
    }
  });

  it('starts again in the folder of a run that was killed, whose daemons died with it', async () => {
    const first = startMain();
    await first.started;
    const daemons = descendantsOf(first.child.pid ?? 0);
    expect(daemons.map(commandOf)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('pcscd'),
        expect.stringContaining('ippeveprinter'),
        expect.stringContaining('avahi-daemon'),
        expect.stringContaining('dbus-daemon'),
        expect.stringContaining('socat'),
      ]),
    );
    first.child.kill('SIGKILL');
    while (daemons.some(isAlive)) await delay(10);

    const second = startMain();
    expect(await second.started).toMatchObject({
      pcsc: { csockName: join(dir, 'pcscd/pcscd.comm') },
      pagePrinter: { jobsDir: join(dir, 'page-printer/jobs') },
    });
    second.child.stdin?.write('{"type":"pagePrinterFault","fault":"jam"}\n');
    expect(await second.nextLine()).toEqual({ type: 'done' });
    second.child.stdin?.end();
    expect(await second.ended).toBe(0);
  });

  it('names the Debian package of a program that is not there', () => {
    expect(() =>
      requirePrograms([
        ['sh', 'dash'],
        ['no-such-program', 'no-such-package'],
      ]),
    ).toThrow(LabError);
    expect(() => requirePrograms([['no-such-program', 'no-such-package']])).toThrow(
      'apt-get install -y --no-install-recommends no-such-package',
    );
  });

  it('says that its spooler needs root, where it is not', () => {
    const module = new URL('../../scripts/lab/cups-queue.ts', import.meta.url).href;
    const start = `import('${module}').then((lab) => lab.startCupsQueue({}, null))
      .catch(({ name, message }) => console.log(name, message))`;
    // Nobody is mapped into the new namespace, so that whoever runs this is not root there.
    const said = execFileSync('unshare', ['--user', process.execPath, '-e', start], {
      encoding: 'utf8',
    });
    expect(said).toBe('LabError The lab needs root for cupsd: run this as root.\n');
  });

  it('refuses a folder whose socket no client could name', async () => {
    const starting = startPcscLab({ dir: join(dir, 'x'.repeat(100)) });
    await expect(starting).rejects.toThrow('too long for a Unix socket');
  });
});

function startMain() {
  const child: ChildProcess = spawn(process.execPath, [MAIN, dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[
    Symbol.asyncIterator
  ]();
  const nextLine = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the lab ended');
    return JSON.parse(line.value) as unknown;
  };
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, started: nextLine(), nextLine, ended };
}

function descendantsOf(pid: number): number[] {
  const children = ofProcess(pid, `task/${pid}/children`)
    .split(' ')
    .filter((text) => text !== '')
    .map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

const commandOf = (pid: number): string => ofProcess(pid, 'cmdline');

/** proc(5); empty of what ended meanwhile, as a helper that a daemon starts first. */
function ofProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}

/** A zombie is dead; whoever should have reaped it is not ours. */
function isAlive(pid: number): boolean {
  const status = ofProcess(pid, 'status');
  return status !== '' && !/^State:\s+Z/m.test(status);
}
