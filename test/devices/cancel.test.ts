import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeviceConfig, DeviceSupervisor, LateCompletion } from '../../src/devices/ports.ts';
import { createDeviceSupervisor } from '../../src/devices/supervisor.ts';
import { cardReaderCommands } from '../../drivers/contract/card-reader.ts';
import { TEST_HOST } from '../drivers/host/host-under-test.ts';
import type { Director } from '../drivers/host/control-channel.ts';
import { nextHealth, online, ScriptedDevices } from './scripted-devices.ts';

let devices: ScriptedDevices;
let supervisor: DeviceSupervisor;
let reader: Director;
let wanted: AbortController;

const canceled = { ok: false, error: { kind: 'canceled' } };
const present = { assurance: 'present', uidHex: '04A1B2C3' };
const uid = { ok: true, value: { uidHex: '04A1B2C3' } };
const fed = { ok: true, value: { serial: null, blankKind: null } };
const feed = { feeder: 'left', blankKind: 'kia' };
const accept = { expectedUidHex: null, waitMs: 60_000 };

beforeEach(async () => {
  devices = await ScriptedDevices.open();
  wanted = new AbortController();
  reader = devices.control.director('reader');
  const capabilities = { motorised: true, captureBin: true, sam: true };
  reader.automatic.set('getCapabilities', () => ({ ok: true, value: capabilities }));
  const status = { ...online, card: 'notPresent', captureBin: 'ok', capturedCount: 0 };
  reader.automatic.set('getStatus', () => ({ ok: true, value: status }));
  const config: DeviceConfig = {
    name: 'reader',
    deviceClass: 'cardReader',
    driver: 'scripted-card-reader',
    options: { device: 'reader', control: devices.control.path },
  };
  const configs = [config, devices.config('printer')];
  supervisor = createDeviceSupervisor(devices.options(configs, TEST_HOST));
  await supervisor.start();
});

afterEach(async () => {
  await supervisor.stop();
  devices.control.close();
});

const slot = () => supervisor.device('reader', 'cardReader');
const printer = () => supervisor.device('printer', 'cardPrinter');
const atDesk = () => ({ sessionId: 'ses_1', signal: wanted.signal });
/** A whole exchange with the same host: what core sent before it has been heard. */
const hostHasHeard = async (): Promise<void> => {
  const printerStatus = await printer().execute('getStatus', {}, { sessionId: null });
  expect(printerStatus.ok).toBe(true);
};

/** Each test starts real processes, on a machine that has other things to do. */
jest.setTimeout(30_000);

describe('a command that is called back', () => {
  it('while it waits ends at once, is never sent, and lets the next have its turn', async () => {
    const first = printer().execute('feedBlank', feed, { sessionId: 'ses_1' });
    const waiting = printer().execute('presentCard', {}, atDesk());
    const behind = printer().execute('rejectCard', {}, { sessionId: 'ses_1' });
    const feeding = await devices.printer.nextCall();
    wanted.abort();
    expect(await waiting).toEqual(canceled);
    feeding.answer(fed);
    expect((await first).ok).toBe(true);
    const rejecting = await devices.printer.nextCall();
    expect(rejecting.command).toBe('rejectCard');
    rejecting.answer({ ok: true, value: { counters: null } });
    expect((await behind).ok).toBe(true);
    expect(devices.printer.reached).not.toContain('presentCard');
  });

  it('before it was asked for is never sent', async () => {
    wanted.abort();
    expect(await slot().execute('readIdentity', {}, atDesk())).toEqual(canceled);
    await hostHasHeard();
    expect(reader.reached).not.toContain('readIdentity');
  });

  it('while it runs is told to its driver, and ends as canceled where that heeds it', async () => {
    const reading = slot().execute('readIdentity', {}, atDesk());
    const call = await reader.nextCall();
    wanted.abort();
    await call.calledBack;
    call.answer(canceled);
    expect(await reading).toEqual(canceled);
    expect(slot().health()).toMatchObject({ state: 'online', lastFaults: [] });
  });

  it('ends as it really ended where its driver goes on', async () => {
    const reading = slot().execute('readIdentity', {}, atDesk());
    const call = await reader.nextCall();
    wanted.abort();
    await call.calledBack;
    call.answer({ ok: true, value: present });
    expect(await reading).toEqual({ ok: true, value: present });
  });

  it('after its driver has answered ends as it was answered, and the next is not hit', async () => {
    const reading = slot().execute('readIdentity', {}, atDesk());
    const call = await reader.nextCall();
    // The call for it and its completion pass each other on the way.
    call.answer({ ok: true, value: present });
    await hostHasHeard();
    wanted.abort();
    expect(await reading).toEqual({ ok: true, value: present });
    const next = slot().execute('readIdentity', {}, { sessionId: 'ses_2' });
    const second = await reader.nextCall();
    second.answer({ ok: true, value: present });
    expect((await next).ok).toBe(true);
    expect(devices.troubles).toEqual([]);
  });

  it('goes to its end where it moves media: the driver hears nothing of it', async () => {
    const feeding = printer().execute('feedBlank', feed, atDesk());
    const call = await devices.printer.nextCall();
    expect(call.canBeCalledBack).toBe(false);
    wanted.abort();
    await slot().execute('getStatus', {}, { sessionId: null });
    call.answer(fed);
    expect(await feeding).toEqual({ ok: true, value: { serial: null, blankKind: null } });
  });

  it('is a breach where it moves media and its driver claims that it was canceled', async () => {
    const feeding = printer().execute('feedBlank', feed, atDesk());
    const call = await devices.printer.nextCall();
    wanted.abort();
    call.answer(canceled);
    const error = { kind: 'hardwareError', reason: 'contractBreach' };
    expect(await feeding).toEqual({ ok: false, error });
  });

  it('may end before media moved where its class allows that, and else at its real end', async () => {
    for (const end of [canceled, uid]) {
      wanted = new AbortController();
      const accepting = slot().execute('acceptCard', accept, atDesk());
      const call = await reader.nextCall();
      wanted.abort();
      await call.calledBack;
      call.answer(end);
      expect(await accepting).toEqual(end);
    }
  });

  it('ends as deviceGone where its host dies before it answers', async () => {
    const reading = slot().execute('readIdentity', {}, atDesk());
    const call = await reader.nextCall();
    wanted.abort();
    await call.calledBack;
    reader.killHost();
    expect(await reading).toEqual({ ok: false, error: { kind: 'deviceGone' } });
  });
});

describe('a command whose time runs out', () => {
  it('is called back, so that a driver which heeds it has its device back at once', async () => {
    const late: LateCompletion[] = [];
    supervisor.on('lateCompletion', (completion) => late.push(completion));
    const reading = slot().execute('readIdentity', {}, atDesk());
    const call = await reader.nextCall();
    devices.clock.advance(cardReaderCommands.readIdentity.timeoutMs);
    expect(await reading).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    await call.calledBack;
    const back = nextHealth(supervisor, 'reader', 'online');
    call.answer(canceled);
    await back;
    expect(late).toMatchObject([{ command: 'readIdentity', completionCode: 'canceled' }]);
  });
});
