import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeviceSupervisor, HostRestarted } from '../../src/devices/ports.ts';
import { OPEN_LIMIT_MS } from '../../src/devices/host-process.ts';
import { RECOVERED_AFTER_MS } from '../../src/devices/restart-backoff.ts';
import { createDeviceSupervisor } from '../../src/devices/supervisor.ts';
import { TEST_HOST } from '../drivers/host/host-under-test.ts';
import { ScriptedDevices } from './scripted-devices.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const hostThat = (does: string): string =>
  fileURLToPath(new URL(`./hosts/${does}-host.ts`, import.meta.url));

let devices: ScriptedDevices;
let supervisor: DeviceSupervisor;
const atDesk = { sessionId: 'ses_1' };
const feed = { feeder: 'left', blankKind: 'kia' };

beforeEach(async () => {
  devices = await ScriptedDevices.open();
});

afterEach(async () => {
  await supervisor.stop();
  devices.control.close();
});

function supervise(entry: string, ...names: ('printer' | 'scanner')[]): void {
  const configs = names.map((name) => devices.config(name));
  supervisor = createDeviceSupervisor(devices.options(configs, entry));
}

/** Each test starts real processes, on a machine that has other things to do. */
jest.setTimeout(30_000);

describe('a host that dies while a card moves', () => {
  it('ends the command as deviceGone, and serves again after its restart', async () => {
    supervise(TEST_HOST, 'printer', 'scanner');
    await supervisor.start();
    const restarts: HostRestarted[] = [];
    supervisor.on('hostRestarted', (restart) => restarts.push(restart));
    const printer = supervisor.device('printer', 'cardPrinter');
    const feeding = printer.execute('feedBlank', feed, atDesk);
    const waiting = printer.execute('presentCard', {}, atDesk);
    await devices.printer.nextCall();
    devices.printer.killHost();
    expect(await feeding).toEqual({ ok: false, error: { kind: 'deviceGone' } });
    expect(await waiting).toEqual({ ok: false, error: { kind: 'notReady', reason: 'hostDown' } });
    expect(supervisor.list()).toEqual([
      expect.objectContaining({ name: 'printer', state: 'offline', reasons: ['hostGone'] }),
      expect.objectContaining({ name: 'scanner', state: 'offline', reasons: ['hostGone'] }),
    ]);
    const exited = devices.troubles.find(({ kind }) => kind === 'hostExited');
    expect(exited).toMatchObject({ host: 'main', signal: 'SIGKILL', restartInMs: 200 });

    await devices.letHostRestart(supervisor);
    expect(restarts).toEqual([{ host: 'main', generation: 2, devices: ['printer', 'scanner'] }]);
    expect(printer.health()).toMatchObject({ state: 'online', hostGeneration: 2 });
    const presenting = printer.execute('presentCard', {}, atDesk);
    (await devices.printer.nextCall()).answer({ ok: true, value: { media: 'atExit' } });
    expect(await presenting).toEqual({ ok: true, value: { media: 'atExit' } });
    const moved = devices.printer.reached.filter((command) => !command.startsWith('get'));
    expect(moved).toEqual(['feedBlank', 'presentCard']);
  });

  it('costs devices of another host nothing', async () => {
    const configs = [devices.config('printer', { host: 'own' }), devices.config('scanner')];
    supervisor = createDeviceSupervisor(devices.options(configs, TEST_HOST));
    await supervisor.start();
    devices.printer.killHost();
    expect(await devices.trouble('hostExited')).toMatchObject({ host: 'own' });
    const scanner = supervisor.device('scanner', 'codeScanner');
    expect(scanner.health()).toMatchObject({ state: 'online', hostGeneration: 1 });
    expect((await scanner.execute('getStatus', {}, atDesk)).ok).toBe(true);
  });
});

/** Runs the same crash against a copy of the sources, in a process of its own. */
async function feedsThroughCrash(sources: string): Promise<unknown> {
  const scenario = join(root, 'test/devices/crash-scenario.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [scenario, sources]);
  return JSON.parse(stdout);
}

describe('the promise that a command which moves media is sent once', () => {
  let copy: string;

  beforeEach(() => {
    // Inside the project, so that the copy finds the same packages.
    mkdirSync(join(root, '.cache'), { recursive: true });
    copy = mkdtempSync(join(root, '.cache', 'mutant-'));
    for (const folder of ['src/base', 'src/devices', 'drivers/contract']) {
      cpSync(join(root, folder), join(copy, folder), { recursive: true });
    }
    supervise(TEST_HOST);
  });

  afterEach(() => rmSync(copy, { recursive: true }));

  it('holds when the host is killed in the middle of it', async () => {
    expect(await feedsThroughCrash(copy)).toEqual({ outcome: 'deviceGone', feeds: 1 });
  });

  it('is seen to be broken by a queue that tries again', async () => {
    const file = join(copy, 'src/devices/device-queue.ts');
    const source = readFileSync(file, 'utf8');
    const once = 'const answer = await this.#send(';
    expect(source.split(once)).toHaveLength(2);
    const again = `
      for (;;) {
        const first = await this.#send({
          ...outgoing,
          request: { ...outgoing.request, requestId: newId('cmd') },
        });
        if (first.ok || first.error.kind !== 'deviceGone') return first;
        while (!this.#host.accepting) await new Promise((resolve) => setTimeout(resolve, 20));
      }
      ${once}`;
    writeFileSync(file, source.replace(once, again));
    expect(await feedsThroughCrash(copy)).toEqual({ outcome: 'fed', feeds: 2 });
  });
});

describe('restarting', () => {
  it('waits longer after each crash in a row, five seconds at most', async () => {
    supervise(hostThat('crashing'), 'printer');
    await supervisor.start();
    const waits: number[] = [];
    for (let crash = 0; crash < 7; crash++) {
      const exited = await devices.trouble('hostExited');
      expect(exited).toMatchObject({ exitCode: 3, signal: null });
      waits.push(exited.restartInMs);
      devices.clock.advance(exited.restartInMs);
    }
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
    expect(supervisor.trendOf('printer').restartsLastDay).toBe(7);
    expect(supervisor.list()[0]).toMatchObject({ state: 'offline', reasons: ['hostGone'] });
  });

  it('starts from the shortest wait again when the host had lived for a while', async () => {
    supervise(TEST_HOST, 'printer');
    await supervisor.start();
    devices.printer.killHost();
    await devices.letHostRestart(supervisor);
    devices.printer.killHost();
    const second = await devices.trouble('hostExited');
    expect(second.restartInMs).toBe(400);
    devices.onTrouble(second);
    await devices.letHostRestart(supervisor);
    devices.printer.automatic.delete('getStatus');
    devices.clock.advance(RECOVERED_AFTER_MS);
    devices.printer.killHost();
    expect((await devices.trouble('hostExited')).restartInMs).toBe(200);
  });

  it('comes to a host that never says what it opened', async () => {
    supervise(hostThat('silent'), 'printer');
    const started = supervisor.start();
    devices.clock.advance(OPEN_LIMIT_MS);
    expect(await devices.trouble('hostHung')).toMatchObject({ host: 'main', what: 'open' });
    expect(await devices.trouble('hostExited')).toMatchObject({ signal: 'SIGKILL' });
    expect((await started).ok).toBe(true);
  });

  it('comes to a host that sends what is no frame', async () => {
    supervise(hostThat('babbling'), 'printer');
    await supervisor.start();
    expect(await devices.trouble('hostBrokeProtocol')).toMatchObject({ what: 'unknown frame' });
    expect(await devices.trouble('hostExited')).toMatchObject({ signal: 'SIGKILL' });
  });

  it('comes to a host that completes a command it never acknowledged, whose answer is not believed', async () => {
    supervise(hostThat('unacknowledging'), 'printer');
    await supervisor.start();
    expect(await devices.trouble('hostBrokeProtocol')).toMatchObject({ what: 'completion' });
    expect(supervisor.list()[0]).toMatchObject({ state: 'offline', capabilities: null });
  });
});
