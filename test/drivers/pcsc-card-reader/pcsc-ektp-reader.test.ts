import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startPcscLab, type PcscLab } from '../../../scripts/lab/pcsc-lab.ts';
import { HostedDevice } from '../../conformance/hosted-device.ts';
import { siti, TYPE_A_UID } from '../ektp/synthetic-card.ts';
import { VirtualCitizen } from './virtual-citizen.ts';

jest.setTimeout(30_000);

let dir: string;
let lab: PcscLab;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'anj-pcsc-'));
  lab = await startPcscLab({ dir });
});

// pcscd looks at its slots every 400 ms: until then it shows the SAM that the test before took away.
beforeEach(() => delay(1_000));

afterAll(async () => {
  await lab.stop();
  rmSync(dir, { recursive: true });
});

const openReader = (change: object = {}): Promise<HostedDevice> =>
  HostedDevice.open('cardReader', 'pcsc-ektp-reader', {
    readerPattern: lab.cardReaderName,
    samPattern: lab.samReaderName,
    csockName: lab.csockName,
    ...change,
  });

const stateIs = (state: string) => (payload: unknown) =>
  (payload as { readonly state: string }).state === state;

describe('an e-KTP reader on pcscd', () => {
  it('says that the SAM is missing, and that it is there once it is put in', async () => {
    const device = await openReader();
    expect(await device.call('getStatus', {})).toMatchObject({
      value: {
        state: 'hardwareError',
        reasons: ['samMissing'],
        requiredAction: 'maintenance',
        card: 'notPresent',
      },
    });
    const citizen = new VirtualCitizen(lab.virtualCardCommand);
    await device.events.until('statusChanged', stateIs('online'));
    expect(await citizen.leave()).toBe('');
    await device.events.until('statusChanged', stateIs('hardwareError'));
    expect(await device.close()).toBe(0);
  });

  it('reads no card without the SAM it was told of', async () => {
    const citizen = new VirtualCitizen(lab.virtualCardCommand);
    const device = await openReader({ samPattern: 'no such reader' });
    await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti });
    await device.events.until('cardInserted');
    expect(await device.call('readIdentity', {})).toEqual({
      ok: false,
      error: { kind: 'commandError', errorCode: 'samMissing' },
    });
    expect(await device.close()).toBe(0);
    await citizen.leave();
  });

  it('opens no SAM with another SAM’s values', async () => {
    const citizen = new VirtualCitizen(lab.virtualCardCommand);
    const device = await openReader({ testConfHex: '00'.repeat(32) });
    await device.events.until('statusChanged', stateIs('online'));
    await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti });
    await device.events.until('cardInserted');
    expect(await device.call('readIdentity', {})).toEqual({
      ok: false,
      error: { kind: 'commandError', errorCode: 'samRefused' },
    });
    expect(await device.close()).toBe(0);
    await citizen.leave();
  });

  it('says which reader is missing, and starts without a daemon at all', async () => {
    const nameless = await openReader({ readerPattern: 'no such reader' });
    expect(await nameless.call('getStatus', {})).toMatchObject({
      value: { state: 'noDevice', reasons: ['readerMissing'], card: 'unknown' },
    });
    expect(await nameless.close()).toBe(0);
    const alone = await openReader({ csockName: join(dir, 'nobody.comm') });
    expect(await alone.call('getStatus', {})).toMatchObject({
      value: { state: 'offline', reasons: ['pcscServiceDown'], card: 'unknown' },
    });
    expect(await alone.close()).toBe(0);
  });

  it('stops at once although a card still owes an answer', async () => {
    const citizen = new VirtualCitizen(lab.virtualCardCommand);
    const device = await openReader();
    await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti }, 'silent');
    await device.events.until('cardInserted');
    void device.call('readIdentity', {});
    expect(await device.close()).toBe(0);
    await citizen.leave();
  });

  it('refuses a name pattern that is none, by the name of the option', async () => {
    await expect(openReader({ readerPattern: '(' })).rejects.toThrow(
      'readerPattern: not a regular expression',
    );
  });
});

describe('the virtual card', () => {
  it('says what is wrong with an order it does not know', async () => {
    const citizen = new VirtualCitizen(lab.virtualCardCommand);
    expect(await citizen.say({ type: 'eat' })).toMatchObject({ type: 'failed' });
    expect(await citizen.say({ type: 'untap' })).toEqual({ type: 'done' });
    expect(await citizen.leave()).toBe('');
  });
});
