import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeviceHealth } from '../../src/devices/health.ts';
import { STATUS_POLL_MS } from '../../src/devices/managed-device.ts';
import type { DeviceSupervisor } from '../../src/devices/ports.ts';
import { createDeviceSupervisor } from '../../src/devices/supervisor.ts';
import { TEST_HOST } from '../drivers/host/host-under-test.ts';
import {
  nextHealth,
  online,
  printerCapabilities,
  printerStatus,
  ScriptedDevices,
} from './scripted-devices.ts';

let devices: ScriptedDevices;
let supervisor: DeviceSupervisor;
const told: DeviceHealth[] = [];
const jammed = { state: 'hardwareError', reasons: ['mediaJam'], requiredAction: 'clear' } as const;
const atDesk = { sessionId: 'ses_1' };

beforeEach(async () => {
  devices = await ScriptedDevices.open();
  const configs = [devices.config('printer')];
  supervisor = createDeviceSupervisor(devices.options(configs, TEST_HOST));
  told.length = 0;
  supervisor.on('healthChanged', (health) => told.push(health));
  await supervisor.start();
});

afterEach(async () => {
  await supervisor.stop();
  devices.control.close();
});

const health = () => supervisor.device('printer', 'cardPrinter').health();
const statusQuestions = () =>
  devices.printer.reached.filter((command) => command === 'getStatus').length;

/** Each test starts real processes, on a machine that has other things to do. */
jest.setTimeout(30_000);

describe('health', () => {
  it('goes from starting to online, each change told once', () => {
    expect(
      told.map(({ state, capabilities, status }) => [
        state,
        capabilities !== null,
        status !== null,
      ]),
    ).toEqual([
      ['starting', false, false],
      ['starting', true, false],
      ['online', true, true],
    ]);
  });

  it('follows what the device says by itself, asks for the rest, and keeps the fault', async () => {
    const feeders = [{ name: 'left', blankKind: 'kia', level: 'low' }] as const;
    devices.printer.automatic.set('getStatus', () => ({
      ok: true,
      value: { ...printerStatus, ...jammed, feeders },
    }));
    devices.clock.advance(3000);
    const since = devices.clock.now();
    const events: unknown[] = [];
    supervisor
      .device('printer', 'cardPrinter')
      .on('statusChanged', (status) => events.push(status));
    const wholeStatus = new Promise<void>((resolve) => {
      supervisor.on('healthChanged', ({ status }) => {
        if (JSON.stringify(status).includes('low')) resolve();
      });
    });
    devices.printer.emit('statusChanged', jammed);
    await wholeStatus;
    expect(events).toEqual([jammed]);
    const fault = { at: since, code: 'mediaJam', requiredAction: 'clear', command: null };
    expect(health()).toMatchObject({ ...jammed, since, lastFaults: [fault], status: { feeders } });

    devices.clock.advance(4000);
    devices.printer.automatic.set('getStatus', () => ({ ok: true, value: printerStatus }));
    const back = nextHealth(supervisor, 'printer', 'online');
    devices.printer.emit('statusChanged', online);
    await back;
    expect(health()).toMatchObject({ ...online, since: since + 4000, lastFaults: [fault] });
  });

  it('names with a command’s fault the action that the device asks for next, and counts it', async () => {
    const printer = supervisor.device('printer', 'cardPrinter');
    const feeding = printer.execute('feedBlank', { feeder: 'left', blankKind: 'kia' }, atDesk);
    const call = await devices.printer.nextCall();
    const status = { ...printerStatus, ...jammed, reasons: ['mediaJammed'] };
    devices.printer.automatic.set('getStatus', () => ({ ok: true, value: status }));
    const stopped = nextHealth(supervisor, 'printer', 'hardwareError');
    call.answer({ ok: false, error: { kind: 'commandError', errorCode: 'mediaJammed' } });
    await feeding;
    await stopped;
    expect(health().lastFaults).toMatchObject([
      { code: 'mediaJammed', requiredAction: 'clear', command: 'feedBlank' },
      { code: 'mediaJammed', requiredAction: 'clear', command: null },
    ]);
    expect(supervisor.trendOf('printer')).toMatchObject({ faultsLastHour: 2, restartsLastDay: 0 });
  });

  it('leaves a fault alone of which the device asks nothing, and those before it', async () => {
    const printer = supervisor.device('printer', 'cardPrinter');
    const feeding = printer.execute('feedBlank', { feeder: 'left', blankKind: 'kia' }, atDesk);
    const call = await devices.printer.nextCall();
    call.answer({ ok: false, error: { kind: 'commandError', errorCode: 'feederEmpty' } });
    await feeding;
    await printer.execute('getStatus', {}, atDesk);
    devices.printer.automatic.set('getStatus', () => ({
      ok: true,
      value: { ...printerStatus, ...jammed },
    }));
    const stopped = nextHealth(supervisor, 'printer', 'hardwareError');
    devices.clock.advance(2 * STATUS_POLL_MS);
    await stopped;
    expect(health().lastFaults).toMatchObject([
      { code: 'feederEmpty', requiredAction: 'none' },
      { code: 'mediaJam', requiredAction: 'clear' },
    ]);
  });

  it('says that a read was dropped, and calls it no fault of the device', async () => {
    const dropped = { ...online, reasons: ['readDropped.tooLong'] };
    const heard = new Promise<void>((resolve) => {
      supervisor.on('healthChanged', ({ reasons }) => {
        if (reasons.length > 0) resolve();
      });
    });
    devices.printer.emit('statusChanged', dropped);
    await heard;
    expect(told.map(({ reasons }) => reasons)).toContainEqual(['readDropped.tooLong']);
    expect(health().lastFaults).toEqual([]);
    expect(supervisor.trendOf('printer')).toMatchObject({ faultsLastHour: 0 });
  });

  it('keeps the last twenty faults, newest last', async () => {
    for (let number = 1; number <= 25; number++) {
      const worse = { ...jammed, reasons: [`fault${number}`] };
      devices.printer.automatic.set('getStatus', () => ({
        ok: true,
        value: { ...printerStatus, ...worse },
      }));
      const heard = new Promise<void>((resolve) => {
        const end = supervisor.on('healthChanged', ({ reasons }) => {
          if (reasons[0] !== `fault${number}`) return;
          end();
          resolve();
        });
      });
      devices.printer.emit('statusChanged', worse);
      await heard;
    }
    const codes = health().lastFaults.map(({ code }) => code);
    expect(codes).toEqual(Array.from({ length: 20 }, (_, at) => `fault${at + 6}`));
  });

  it('is asked for every ten seconds while the device rests, and not while it works', async () => {
    const before = statusQuestions();
    devices.printer.automatic.delete('getStatus');
    devices.clock.advance(STATUS_POLL_MS - 1);
    const printer = supervisor.device('printer', 'cardPrinter');
    expect((await printer.execute('getCapabilities', {}, atDesk)).ok).toBe(true);
    expect(statusQuestions()).toBe(before);
    devices.clock.advance(STATUS_POLL_MS);
    const poll = await devices.printer.nextCall();
    expect(poll.command).toBe('getStatus');
    const changed = nextHealth(supervisor, 'printer', 'hardwareError');
    poll.answer({ ok: true, value: { ...printerStatus, ...jammed } });
    await changed;
    expect(health()).toMatchObject(jammed);

    const feeding = printer.execute('feedBlank', { feeder: 'left', blankKind: 'kia' }, atDesk);
    const call = await devices.printer.nextCall();
    devices.clock.advance(STATUS_POLL_MS + 1);
    devices.printer.automatic.set('getStatus', () => ({ ok: true, value: printerStatus }));
    const asked = statusQuestions();
    const back = nextHealth(supervisor, 'printer', 'online');
    call.answer({ ok: true, value: { serial: null, blankKind: null } });
    expect((await feeding).ok).toBe(true);
    await back;
    expect(statusQuestions()).toBe(asked + 1);
  });

  it('is a hardware error where the driver’s status breaks its class', async () => {
    devices.printer.automatic.set('getStatus', () => ({ ok: true, value: online }));
    const changed = nextHealth(supervisor, 'printer', 'hardwareError');
    devices.clock.advance(STATUS_POLL_MS);
    await changed;
    const softwareError = { reasons: ['contractBreach'], requiredAction: 'softwareError' };
    expect(health()).toMatchObject(softwareError);
  });

  it('is the device’s own while it is too far away to tell what it can do, which is asked again', async () => {
    const error = { kind: 'notReady', reason: 'unreachable' };
    devices.printer.automatic.set('getCapabilities', () => ({ ok: false, error }));
    const away = { state: 'powerOff', reasons: ['unreachable'], requiredAction: 'maintenance' };
    const status = { ...printerStatus, ...away };
    devices.printer.automatic.set('getStatus', () => ({ ok: true, value: status }));
    const off = nextHealth(supervisor, 'printer', 'powerOff');
    devices.printer.killHost();
    devices.clock.advance((await devices.trouble('hostExited')).restartInMs);
    await off;
    expect(health()).toMatchObject(away);

    const more = { ...printerCapabilities, flip: true };
    devices.printer.automatic.set('getCapabilities', () => ({ ok: true, value: more }));
    devices.printer.automatic.set('getStatus', () => ({ ok: true, value: printerStatus }));
    const back = nextHealth(supervisor, 'printer', 'online');
    devices.clock.advance(STATUS_POLL_MS);
    await back;
    expect(health().capabilities).toEqual(more);
  });

  it('is offline for a device that its driver finds unplugged', async () => {
    const error = { kind: 'deviceGone' };
    devices.printer.automatic.set('getStatus', () => ({ ok: false, error }));
    const changed = nextHealth(supervisor, 'printer', 'offline');
    devices.clock.advance(STATUS_POLL_MS);
    await changed;
    expect(health()).toMatchObject({ reasons: ['deviceGone'], requiredAction: 'maintenance' });
  });
});
