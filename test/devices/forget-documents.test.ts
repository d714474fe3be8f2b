import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MeetingPlace } from '../../src/core/documents/meeting-place.ts';
import type { DeviceSupervisor } from '../../src/devices/ports.ts';
import { createDeviceSupervisor } from '../../src/devices/supervisor.ts';
import { TEST_HOST } from '../drivers/host/host-under-test.ts';
import { ScriptedDevices } from './scripted-devices.ts';

// Each test starts real processes, on a machine that has other things to do.
jest.setTimeout(30_000);

let devices: ScriptedDevices;
let supervisor: DeviceSupervisor;
let folder: string;
let place: MeetingPlace;
/** Processes of the printer's and the scanner's driver, as they were started. */
let first: { readonly printer: number; readonly scanner: number };
const told: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'anj-forget-'));
  place = await MeetingPlace.open(join(folder, 'm.sock'));
  devices = await ScriptedDevices.open();
  const configs = [devices.config('printer', { host: 'own' }), devices.config('scanner')];
  supervisor = createDeviceSupervisor(devices.options(configs, TEST_HOST));
  const hellos = Promise.all([devices.printer.started(), devices.scanner.started()]);
  await supervisor.start();
  const [printer, scanner] = await hellos;
  first = { printer: printer.pid, scanner: scanner.pid };
  told.length = 0;
  supervisor.on('healthChanged', ({ name, state, reasons }) =>
    told.push([name, state, ...reasons].join(' ')),
  );
  supervisor.on('hostRestarted', ({ host }) => told.push(`${host} restarted`));
});

afterEach(async () => {
  await supervisor.stop();
  devices.control.close();
  await place.close();
  rmSync(folder, { recursive: true });
});

const printer = () => supervisor.device('printer', 'cardPrinter');
const atDesk = { sessionId: 'ses_1' };
const side = { side: 'front', widthDots: 1012, heightDots: 638 } as const;

/** One side of a card, whose dots another process holds. */
function printHeld() {
  return printer().execute(
    'printSide',
    { ...side, rgbBase64: place.hold(Buffer.from('dots of a card')) },
    atDesk,
  );
}

async function printed(): Promise<void> {
  const printing = printHeld();
  (await devices.printer.nextCall()).answer({ ok: true, value: {} });
  expect(await printing).toMatchObject({ ok: true });
}

describe('the host of a device that was given a document', () => {
  it('ends with the session, and another takes its place without anybody being told of a fault', async () => {
    await printed();
    supervisor.forgetDocuments();
    const status = await printer().execute('getStatus', {}, atDesk);
    expect(status).toMatchObject({ ok: true, value: { state: 'online' } });
    expect(await devices.printer.ended()).toEqual({ stopped: true });
    const next = await devices.printer.started();
    expect(next.pid).not.toBe(first.printer);
    expect(printer().health()).toMatchObject({ state: 'online', hostGeneration: 2 });
    expect(devices.troubles).toEqual([]);
    expect(told.filter((line) => line !== 'printer online')).toEqual([]);
    expect(supervisor.trendOf('printer')).toMatchObject({ restartsLastDay: 0 });
    expect(supervisor.device('scanner', 'codeScanner').health()).toMatchObject({
      hostGeneration: 1,
    });
  });

  it('ends only once what is under way in it has ended', async () => {
    const printing = printHeld();
    const call = await devices.printer.nextCall();
    supervisor.forgetDocuments();
    const waiting = printer().execute('presentCard', {}, atDesk);
    call.answer({ ok: true, value: {} });
    expect(await printing).toMatchObject({ ok: true });
    const presenting = await devices.printer.nextCall();
    expect(presenting.command).toBe('presentCard');
    presenting.answer({ ok: true, value: { media: 'atExit' } });
    expect(await waiting).toMatchObject({ ok: true });
    const moved = devices.printer.reached.filter((command) => !command.startsWith('get'));
    expect(moved).toEqual(['printSide', 'presentCard']);
    expect(printer().health()).toMatchObject({ hostGeneration: 2 });
  });

  it('and has another since is left alone until the next document', async () => {
    await printed();
    supervisor.forgetDocuments();
    await printer().execute('getStatus', {}, atDesk);
    supervisor.forgetDocuments();
    await printer().execute('getStatus', {}, atDesk);
    expect(printer().health()).toMatchObject({ hostGeneration: 2 });
  });

  it('that dies by itself meanwhile is a fault as ever', async () => {
    const printing = printHeld();
    await devices.printer.nextCall();
    supervisor.forgetDocuments();
    devices.printer.killHost();
    expect(await printing).toMatchObject({ ok: false, error: { kind: 'deviceGone' } });
    expect(await printer().execute('presentCard', {}, atDesk)).toMatchObject({
      ok: false,
      error: { kind: 'notReady', reason: 'hostDown' },
    });
    await devices.letHostRestart(supervisor);
    expect(supervisor.trendOf('printer')).toMatchObject({ restartsLastDay: 1 });
  });

  it('may be stopped for good in the middle of it', async () => {
    await printed();
    supervisor.forgetDocuments();
    await supervisor.stop();
    expect(await printer().execute('getStatus', {}, atDesk)).toMatchObject({
      ok: false,
      error: { kind: 'notReady', reason: 'hostDown' },
    });
  });
});

describe('the host of a device that was given none', () => {
  it('goes on', async () => {
    const feeding = printer().execute('feedBlank', { feeder: 'left', blankKind: 'kia' }, atDesk);
    (await devices.printer.nextCall()).answer({ ok: false, error: { kind: 'canceled' } });
    await feeding;
    supervisor.forgetDocuments();
    await printer().execute('getStatus', {}, atDesk);
    expect(printer().health()).toMatchObject({ hostGeneration: 1 });
  });
});
