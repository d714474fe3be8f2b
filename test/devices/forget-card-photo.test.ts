import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CardReaderStatus } from '../../drivers/contract/card-reader.ts';
import type { DeviceSupervisor } from '../../src/devices/ports.ts';
import { createDeviceSupervisor } from '../../src/devices/supervisor.ts';
import type { Director } from '../drivers/host/control-channel.ts';
import { TEST_HOST } from '../drivers/host/host-under-test.ts';
import { online, ScriptedDevices } from './scripted-devices.ts';

// Each test starts real processes, on a machine that has other things to do.
jest.setTimeout(30_000);

const status: CardReaderStatus = {
  ...online,
  card: 'present',
  captureBin: 'notSupported',
  capturedCount: null,
};
const atDesk = { sessionId: 'ses_1' };

let devices: ScriptedDevices;
let driver: Director;
let supervisor: DeviceSupervisor;
/** Cards that the reader announced, over all lives of its host. */
let announced: string[];
let removal: PromiseWithResolvers<undefined>;

beforeEach(async () => {
  devices = await ScriptedDevices.open();
  driver = devices.control.director('reader');
  const capabilities = { motorised: false, captureBin: false, sam: false };
  driver.automatic.set('getCapabilities', () => ({ ok: true, value: capabilities }));
  driver.automatic.set('getStatus', () => ({ ok: true, value: status }));
  const options = { device: 'reader', control: devices.control.path };
  const config = {
    name: 'reader',
    deviceClass: 'cardReader',
    driver: 'scripted-card-reader',
  } as const;
  supervisor = createDeviceSupervisor(devices.options([{ ...config, options }], TEST_HOST));
  await supervisor.start();
  announced = [];
  removal = Promise.withResolvers();
  reader().on('cardInserted', () => announced.push('cardInserted'));
  reader().on('cardRemoved', () => removal.resolve(undefined));
});

afterEach(async () => {
  await supervisor.stop();
  devices.control.close();
});

const reader = () => supervisor.device('reader', 'cardReader');

async function readCard(): Promise<void> {
  const inserted = new Promise((resolve) => reader().on('cardInserted', resolve));
  driver.emit('cardInserted', {});
  await inserted;
  const reading = reader().execute('readIdentity', {}, atDesk);
  const value = { assurance: 'present', uidHex: '04A1B2C3' };
  (await driver.nextCall()).answer({ ok: true, value });
  expect(await reading).toEqual({ ok: true, value });
}

async function takeCard(): Promise<void> {
  driver.emit('cardRemoved', {});
  await removal.promise;
}

/** Of the process that answers the next question. */
async function generation(): Promise<number> {
  expect(await reader().execute('getStatus', {}, atDesk)).toMatchObject({ ok: true });
  return reader().health().hostGeneration;
}

describe('the host of a reader through which the photo of an e-KTP went', () => {
  it('ends with the session when the card was taken', async () => {
    await readCard();
    await takeCard();
    supervisor.forgetDocuments();
    expect(await generation()).toBe(2);
    expect(devices.troubles).toEqual([]);
  });

  it('is left while the card lies there, which is not announced anew, and ends when it was taken', async () => {
    await readCard();
    supervisor.forgetDocuments();
    expect(await generation()).toBe(1);
    expect(announced).toEqual(['cardInserted']);
    await takeCard();
    supervisor.forgetDocuments();
    expect(await generation()).toBe(2);
  });

  it('that died with a card on the reader does not wait for that card', async () => {
    await readCard();
    driver.killHost();
    await devices.letHostRestart(supervisor, 'reader');
    const reading = reader().execute('readIdentity', {}, atDesk);
    (await driver.nextCall()).answer({
      ok: false,
      error: { kind: 'commandError', errorCode: 'noCard' },
    });
    await reading;
    supervisor.forgetDocuments();
    expect(await generation()).toBe(3);
  });

  it('in which no card was read goes on', async () => {
    driver.emit('cardInserted', {});
    await takeCard();
    supervisor.forgetDocuments();
    expect(await generation()).toBe(1);
  });
});
