import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { compiledCode } from '../../src/base/compiled-code.ts';
import { ok } from '../../src/base/result.ts';
import type { DeviceConfig, DeviceSupervisor, LateCompletion } from '../../src/devices/ports.ts';
import { OVERDUE_GRACE_MS } from '../../src/devices/device-queue.ts';
import { cardPrinterCommands } from '../../drivers/contract/card-printer.ts';
import { createDeviceSupervisor } from '../../src/devices/supervisor.ts';
import { ABSENT_LIBRARY, addonWithoutLibrary } from '../drivers/host/addon-without-library.ts';
import { TEST_HOST } from '../drivers/host/host-under-test.ts';
import {
  nextHealth,
  online,
  printerCapabilities,
  scannerCapabilities,
  ScriptedDevices,
} from './scripted-devices.ts';

let devices: ScriptedDevices;
let supervisor: DeviceSupervisor;
const atDesk = { sessionId: 'ses_1' };
const feed = { feeder: 'left', blankKind: 'kia' };
const fed = { ok: true, value: { serial: null, blankKind: null } };

beforeEach(async () => {
  devices = await ScriptedDevices.open();
});

afterEach(async () => {
  await supervisor.stop();
  devices.control.close();
});

async function start(...configs: DeviceConfig[]): Promise<void> {
  const all = configs.length > 0 ? configs : [devices.config('printer'), devices.config('scanner')];
  supervisor = createDeviceSupervisor(devices.options(all, TEST_HOST));
  expect(await supervisor.start()).toEqual(ok(undefined));
}

const printer = () => supervisor.device('printer', 'cardPrinter');
const scanner = () => supervisor.device('scanner', 'codeScanner');

/** Each test starts real processes, on a machine that has other things to do. */
jest.setTimeout(30_000);

describe('starting', () => {
  it('asks each device what it can do and how it is, and says that a simulator is none of the real', async () => {
    await start();
    expect(supervisor.list()).toEqual([
      expect.objectContaining({
        name: 'printer',
        state: 'online',
        real: false,
        hostGeneration: 1,
        capabilities: printerCapabilities,
        lastFaults: [],
      }),
      expect.objectContaining({ name: 'scanner', deviceClass: 'codeScanner', state: 'online' }),
    ]);
    expect(printer().real).toBe(false);
    expect(supervisor.findByClass('codeScanner').map((device) => device.name)).toEqual(['scanner']);
  });

  it('gives a host the variables its devices ask for, the compiled code, and nothing else of the environment', async () => {
    const environment = { PCSCLITE_CSOCK_NAME: '/run/test/pcscd.comm' };
    await start(devices.config('printer', { environment }));
    const { variables } = await devices.printer.started();
    const given = [...Object.keys(compiledCode()), 'PATH', 'PCSCLITE_CSOCK_NAME'];
    expect(variables.sort()).toEqual(given.sort());
  });

  it('refuses a configuration with faults, names them all, and leaves no host behind', async () => {
    const wrong = [
      devices.config('printer', { driver: 'scripted-card-printre' }),
      devices.config('scanner', { driver: 'scripted-card-printer', host: 'own' }),
      devices.config('scanner', { name: 'third', options: { device: 'third', port: 1 } }),
      devices.config('scanner', {
        name: 'good',
        options: { device: 'good', control: devices.control.path },
      }),
    ];
    const good = devices.control.director('good');
    good.automatic.set('getCapabilities', () => ({ ok: true, value: scannerCapabilities }));
    good.automatic.set('getStatus', () => ({ ok: true, value: online }));
    supervisor = createDeviceSupervisor(devices.options(wrong, TEST_HOST));
    const started = await supervisor.start();
    expect(started).toMatchObject({ ok: false, error: { kind: 'configuration' } });
    expect(!started.ok && started.error.faults).toEqual([
      { device: 'printer', kind: 'unknownDriver' },
      { device: 'third', kind: 'invalidOptions', issues: expect.any(Array) },
      { device: 'scanner', kind: 'wrongClass', driverClass: 'cardPrinter' },
    ]);
    expect(await good.ended()).toEqual({ stopped: true });
  });

  it('goes on without a device whose native module lacks its library, and says which', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anj-addon-'));
    const addon = addonWithoutLibrary(folder);
    const tap = { name: 'tap', deviceClass: 'cardReader', driver: 'libraryless' } as const;
    await start({ ...tap, options: { addon } }, devices.config('scanner'));
    rmSync(folder, { recursive: true });
    const fault = { kind: 'missingLibrary', library: ABSENT_LIBRARY, debianPackage: null };
    expect(devices.troubles).toEqual([{ kind: 'openFailed', device: 'tap', fault }]);
    expect(supervisor.list()).toEqual([
      expect.objectContaining({
        name: 'tap',
        real: null,
        state: 'offline',
        reasons: ['missingLibrary'],
        requiredAction: 'configuration',
        openFault: fault,
      }),
      expect.objectContaining({ name: 'scanner', state: 'online', openFault: null }),
    ]);
    const reader = supervisor.device('tap', 'cardReader');
    const refused = { ok: false, error: { kind: 'notReady', reason: 'openFailed' } };
    expect(await reader.execute('readIdentity', {}, atDesk)).toEqual(refused);
  });

  it('refuses two devices of one name, and two that want one variable to differ in one host', async () => {
    const variable = 'PCSCLITE_CSOCK_NAME';
    const twice = [
      devices.config('printer', { environment: { [variable]: '/a' } }),
      devices.config('scanner', { environment: { [variable]: '/b' } }),
      devices.config('scanner', { host: 'own', environment: { [variable]: '/b' } }),
    ];
    supervisor = createDeviceSupervisor(devices.options(twice, TEST_HOST));
    const faults = [
      { kind: 'duplicateName', device: 'scanner' },
      { kind: 'environmentConflict', device: 'scanner', variable },
    ];
    expect(await supervisor.start()).toEqual({
      ok: false,
      error: { kind: 'configuration', faults },
    });
  });

  it('throws when asked for a device that is not configured, or is of another class', async () => {
    await start();
    expect(() => supervisor.device('priter', 'cardPrinter')).toThrow(/priter/);
    expect(() => supervisor.device('printer', 'pagePrinter')).toThrow(/no pagePrinter/);
  });
});

describe('commands', () => {
  it('reach the device one at a time, in the order they were asked for', async () => {
    await start();
    const first = printer().execute('feedBlank', feed, atDesk);
    const second = printer().execute('presentCard', {}, atDesk);
    const feeding = await devices.printer.nextCall();
    // A whole exchange with another device of the same host: had the second been sent, it were here.
    expect((await scanner().execute('getCapabilities', {}, atDesk)).ok).toBe(true);
    expect(devices.printer.reached).toEqual(['getCapabilities', 'getStatus', 'feedBlank']);
    feeding.answer(fed);
    expect(await first).toEqual({ ok: true, value: { serial: null, blankKind: null } });
    const presenting = await devices.printer.nextCall();
    expect(presenting.command).toBe('presentCard');
    presenting.answer({ ok: true, value: { media: 'atExit' } });
    expect(await second).toEqual({ ok: true, value: { media: 'atExit' } });
  });

  it('end with the device’s own error, which is kept among its last faults', async () => {
    await start();
    const feeding = printer().execute('feedBlank', feed, atDesk);
    const error = { kind: 'commandError', errorCode: 'mediaJammed' };
    (await devices.printer.nextCall()).answer({ ok: false, error });
    expect(await feeding).toEqual({ ok: false, error });
    const at = devices.clock.now();
    expect(printer().health().lastFaults).toEqual([
      { at, code: 'mediaJammed', requiredAction: 'none', command: 'feedBlank' },
    ]);
  });

  it('end as a hardware error when the driver breaks its contract', async () => {
    await start();
    const feeding = printer().execute('feedBlank', feed, atDesk);
    (await devices.printer.nextCall()).answer({ ok: true, value: {} });
    const error = { kind: 'hardwareError', reason: 'contractBreach' };
    expect(await feeding).toEqual({ ok: false, error });
    expect((await devices.trouble('hostSaid')).line).toContain('feedBlank broke its class');
  });

  it('are refused before the start and after the stop, as never sent', async () => {
    supervisor = createDeviceSupervisor(devices.options([devices.config('printer')], TEST_HOST));
    const refused = { ok: false, error: { kind: 'notReady', reason: 'hostDown' } };
    expect(await printer().execute('feedBlank', feed, atDesk)).toEqual(refused);
    await supervisor.start();
    await supervisor.stop();
    expect(await printer().execute('feedBlank', feed, atDesk)).toEqual(refused);
    expect(devices.printer.reached).not.toContain('feedBlank');
  });

  it('under way when the supervisor stops end as deviceGone', async () => {
    await start();
    const feeding = printer().execute('feedBlank', feed, atDesk);
    await devices.printer.nextCall();
    await supervisor.stop();
    expect(await feeding).toEqual({ ok: false, error: { kind: 'deviceGone' } });
    expect(await devices.printer.ended()).toEqual({ stopped: true });
  });
});

describe('a command whose time runs out', () => {
  const noAnswer = { ok: false, error: { kind: 'noAnswer' } };
  const { timeoutMs } = cardPrinterCommands.feedBlank;

  it('ends as noAnswer at its time and not before; until it is answered the device gets nothing else', async () => {
    await start();
    const feeding = printer().execute('feedBlank', feed, atDesk);
    const waiting = printer().execute('presentCard', {}, atDesk);
    const call = await devices.printer.nextCall();
    let ended = false;
    const watched = feeding.then(() => (ended = true));
    devices.clock.advance(timeoutMs - 1);
    expect((await scanner().execute('getCapabilities', {}, atDesk)).ok).toBe(true);
    expect(ended).toBe(false);
    devices.clock.advance(1);
    await watched;
    expect(await feeding).toEqual(noAnswer);
    const refused = { ok: false, error: { kind: 'notReady', reason: 'previousCommandOverdue' } };
    expect(await waiting).toEqual(refused);
    expect(await printer().execute('getStatus', {}, atDesk)).toEqual(refused);
    expect(printer().health()).toMatchObject({ state: 'offline', reasons: ['noAnswer'] });

    const online = nextHealth(supervisor, 'printer', 'online');
    call.answer(fed);
    await online;
    expect(devices.printer.reached).not.toContain('presentCard');
    const next = printer().execute('presentCard', {}, atDesk);
    (await devices.printer.nextCall()).answer({ ok: true, value: { media: 'atExit' } });
    expect((await next).ok).toBe(true);
  });

  it('tells its late answer as an event, with the payload only where media moved', async () => {
    await start();
    const late: LateCompletion[] = [];
    supervisor.on('lateCompletion', (completion) => late.push(completion));
    const feeding = printer().execute('feedBlank', feed, atDesk);
    const call = await devices.printer.nextCall();
    devices.clock.advance(timeoutMs);
    await feeding;
    let online = nextHealth(supervisor, 'printer', 'online');
    call.answer({ ok: true, value: { serial: 'K7', blankKind: 'kia' } });
    await online;

    const apdu = printer().execute('transmitToChip', { apduHex: '00a40400' }, atDesk);
    const chip = await devices.printer.nextCall();
    devices.clock.advance(timeoutMs);
    expect(await apdu).toEqual(noAnswer);
    online = nextHealth(supervisor, 'printer', 'online');
    chip.answer({ ok: true, value: { responseHex: '5349544987' } });
    await online;

    const common = {
      device: 'printer',
      sessionId: 'ses_1',
      completionCode: 'success',
      errorCode: null,
    };
    const requestId: unknown = expect.stringMatching(/^cmd_/);
    expect(late).toEqual([
      { ...common, requestId, command: 'feedBlank', payload: { serial: 'K7', blankKind: 'kia' } },
      { ...common, requestId, command: 'transmitToChip', payload: null },
    ]);
  });

  it('has its host restarted when it stays overdue, but not while another device of that host works', async () => {
    const options = { device: 'second', control: devices.control.path };
    const other = devices.directPrinter('second');
    await start(devices.config('printer'), devices.config('printer', { name: 'second', options }));
    const second = supervisor.device('second', 'cardPrinter');

    const feeding = printer().execute('feedBlank', feed, atDesk);
    await devices.printer.nextCall();
    devices.clock.advance(timeoutMs);
    expect(await feeding).toEqual(noAnswer);
    const side = { side: 'front', widthDots: 1012, heightDots: 638, rgbBase64: 'AAAA' } as const;
    const printing = second.execute('printSide', side, atDesk);
    const waiting = second.execute('presentCard', {}, atDesk);
    const call = await other.nextCall();
    devices.clock.advance(OVERDUE_GRACE_MS);
    expect(devices.troubles).toEqual([]);
    call.answer({ ok: true, value: {} });
    expect(await printing).toEqual({ ok: true, value: {} });
    const refused = { ok: false, error: { kind: 'notReady', reason: 'hostDown' } };
    expect(await waiting).toEqual(refused);
    expect(await devices.trouble('hostHung')).toMatchObject({ what: 'printer feedBlank' });
    await devices.letHostRestart(supervisor);
    const moved = [...devices.printer.reached, ...other.reached].filter(
      (command) => !command.startsWith('get'),
    );
    expect(moved).toEqual(['feedBlank', 'printSide']);
  });
});
