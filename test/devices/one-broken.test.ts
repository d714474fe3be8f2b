import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { serviceStatus } from '../../src/core/service-status.ts';
import type { DeviceConfig, DeviceSupervisor } from '../../src/devices/ports.ts';
import { createDeviceSupervisor } from '../../src/devices/supervisor.ts';
import { availabilityOf } from '../../src/issuance/availability.ts';
import { DeviceView } from '../../src/issuance/device-view.ts';
import type { DeviceClass } from '../../drivers/contract/words.ts';
import { TEST_HOST } from '../drivers/host/host-under-test.ts';
import { nextHealth, online, ScriptedDevices } from './scripted-devices.ts';

let devices: ScriptedDevices;
let supervisor: DeviceSupervisor;

beforeEach(async () => {
  devices = await ScriptedDevices.open();
  const tray = { trays: [{ name: 'tray-1', level: 'full' }], toner: 'full' };
  scripted('pages', { completedMeans: 'deviceReported', impressionCount: true }, tray);
  const card = { card: 'notPresent', captureBin: 'notSupported', capturedCount: null };
  scripted('tap', { motorised: false, captureBin: false, sam: true }, card);
});

afterEach(async () => {
  await supervisor.stop();
  devices.control.close();
});

function scripted(name: string, capabilities: object, status: object): void {
  const { automatic } = devices.control.director(name);
  automatic.set('getCapabilities', () => ({ ok: true, value: capabilities }));
  automatic.set('getStatus', () => ({ ok: true, value: { ...online, ...status } }));
}

/** Each in a host of its own, so that any of them can lose it alone. */
const config = (name: string, deviceClass: DeviceClass, driver: string): DeviceConfig => ({
  name,
  deviceClass,
  driver,
  options: { device: name, control: devices.control.path },
  host: name,
});

async function start(cardPrinter: DeviceConfig = scriptedPrinter()): Promise<void> {
  const configs = [
    cardPrinter,
    config('pages', 'pagePrinter', 'scripted-page-printer'),
    config('tap', 'cardReader', 'scripted-card-reader'),
    config('scanner', 'codeScanner', 'scripted-code-scanner'),
  ];
  supervisor = createDeviceSupervisor(devices.options(configs, TEST_HOST));
  expect((await supervisor.start()).ok).toBe(true);
}

const scriptedPrinter = () => config('printer', 'cardPrinter', 'scripted-card-printer');

/** What the welcome offers, as core asks for it: blanks lie in every feeder. */
async function offered() {
  const cardPrinter = supervisor.device('printer', 'cardPrinter');
  const pagePrinter = supervisor.device('pages', 'pagePrinter');
  const view = new DeviceView({ cardPrinter, pagePrinter, cardReader: null });
  await view.refresh();
  const nothingElse = {
    cardPathBlocked: false,
    countersWentBack: false,
    registryDoubted: false,
    testCardUnderWay: false,
    testCardUnsettled: false,
    scarce: {},
    powerTooShortFor: new Set<never>(),
    closedKinds: new Map<never, never>(),
  };
  const { documents, ways, outOfService } = serviceStatus({
    issuance: {
      availability: () =>
        availabilityOf({ ...view.seen(), ...nothingElse }, { remaining: () => 5 }),
    },
    cardReader: supervisor.device('tap', 'cardReader'),
    codeScanner: supervisor.device('scanner', 'codeScanner'),
    registryAnswers: () => true,
    hasSpace: () => true,
    recordHolds: () => true,
    clockIsTrusted: () => true,
  });
  expect(outOfService).toBeNull();
  return { ...documents, ...ways };
}

/** The scripted printer has blanks for the KIA only. */
const all = { ktpEl: 'blanksOut', kia: null, kk: null, eKtp: null, code: null, nik: null };

/** Each test starts real processes, on a machine that has other things to do. */
jest.setTimeout(60_000);

describe('one broken device', () => {
  it.each([
    ['printer', { ktpEl: 'printerInMaintenance', kia: 'printerInMaintenance' }],
    ['pages', { kk: 'printerInMaintenance' }],
    ['tap', { eKtp: 'readerInMaintenance' }],
    ['scanner', { code: 'scannerInMaintenance' }],
  ])('closes what needs it and nothing else: %s', async (name, closed) => {
    await start();
    expect(await offered()).toEqual(all);
    const off = nextHealth(supervisor, name, 'offline');
    devices.control.director(name).killHost();
    await off;
    expect(await offered()).toEqual({ ...all, ...closed });
    const bad = supervisor.list().filter(({ state }) => state !== 'online');
    expect(bad).toMatchObject([{ name, reasons: ['hostGone'], requiredAction: 'softwareError' }]);
  });

  it('that is a real printer on a machine without it says why, and the others serve on', async () => {
    const feeders = [{ name: 'kia', blankKind: 'kia', input: 1 }];
    await start({
      ...config('printer', 'cardPrinter', 'evolis-card-printer'),
      options: { model: 'SPESIMEN', feeders, ribbon: 'ymcko', feederSensors: true },
    });
    const hasBus = existsSync('/sys/bus/usb/devices');
    expect(supervisor.list().find(({ name }) => name === 'printer')).toMatchObject({
      state: 'powerOff',
      reasons: [hasBus ? 'absent' : 'noBus'],
      requiredAction: 'maintenance',
      hostGeneration: 1,
    });
    const closed = { ktpEl: 'printerInMaintenance', kia: 'printerInMaintenance' };
    expect(await offered()).toEqual({ ...all, ...closed });
    expect(devices.troubles).toEqual([]);
  });
});
