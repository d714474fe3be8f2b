import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { startPcscLab, type PcscLab } from '../../../scripts/lab/pcsc-lab.ts';
import { HostedDevice } from '../../conformance/hosted-device.ts';
import { untilHolds } from '../../journey/support/waiting.ts';
import { FINISHED } from '../host/host-under-test.ts';
import { siti, TYPE_A_UID } from '../ektp/synthetic-card.ts';
import { VirtualCitizen } from './virtual-citizen.ts';

jest.setTimeout(30_000);

let dir: string;
let lab: PcscLab;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'anj-pcsc-'));
  lab = await startPcscLab({ dir });
});

// pcscd looks at its slots every 400 ms: until then it shows the cards that the test before took away.
beforeEach(async () => {
  const device = await openReader();
  await untilHolds(
    () => device.call('getStatus', {}),
    (answer) => answer.ok && isEmpty(answer.value),
    10_000,
  );
  await close(device);
});

// Whatever a failed test left open would keep the runner from ending.
afterEach(async () => {
  for (const device of devices) await device.close();
  for (const citizen of citizens) await citizen.leave();
  devices.clear();
  citizens.clear();
});

afterAll(async () => {
  await lab.stop();
  rmSync(dir, { recursive: true });
});

const devices = new Set<HostedDevice>();
const citizens = new Set<VirtualCitizen>();

async function openReader(change: object = {}, env: NodeJS.ProcessEnv = {}): Promise<HostedDevice> {
  const options = {
    readerPattern: lab.cardReaderName,
    samPattern: lab.samReaderName,
    csockName: lab.csockName,
    ...change,
  };
  const device = await HostedDevice.open('cardReader', 'pcsc-ektp-reader', options, env);
  devices.add(device);
  return device;
}

/** The host ends by itself. */
async function close(device: HostedDevice): Promise<void> {
  devices.delete(device);
  expect(await device.close()).toBe(FINISHED);
}

function arrive(): VirtualCitizen {
  const citizen = new VirtualCitizen(lab.virtualCardCommand);
  citizens.add(citizen);
  return citizen;
}

const nothingInside = {
  state: 'hardwareError',
  reasons: ['samMissing'],
  requiredAction: 'maintenance',
  card: 'notPresent',
};

function isEmpty(status: unknown): boolean {
  const { reasons, card } = status as { readonly reasons: readonly string[]; card: string };
  return reasons.includes('samMissing') && card === 'notPresent';
}

const stateIs = (state: string) => (payload: unknown) =>
  (payload as { readonly state: string }).state === state;

/** The later of two options of one name counts. */
function readByHand(...more: readonly string[]) {
  const program = join(import.meta.dirname, '../../../drivers/host/read-card.ts');
  const usual = ['--reader', lab.cardReaderName, '--sam', lab.samReaderName];
  const args = ['--disable-warning=ExperimentalWarning', program, ...usual];
  const run = [...args, '--socket', lab.csockName, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, run, { encoding: 'utf8' });
  return { status, stdout, stderr: status === 64 ? '' : stderr };
}

describe('an e-KTP reader on pcscd', () => {
  it('says that the SAM is missing, and that it is there once it is put in', async () => {
    const device = await openReader();
    expect(await device.call('getStatus', {})).toMatchObject({ value: nothingInside });
    const citizen = arrive();
    await device.events.until('statusChanged', stateIs('online'));
    expect(await citizen.leave()).toBe('');
    await device.events.until('statusChanged', stateIs('hardwareError'));
    await close(device);
  });

  it('reads no card without the SAM it was told of', async () => {
    const citizen = arrive();
    const device = await openReader({ samPattern: 'no such reader' });
    await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti });
    await device.events.until('cardInserted');
    expect(await device.call('readIdentity', {})).toEqual({
      ok: false,
      error: { kind: 'commandError', errorCode: 'samMissing' },
    });
    await close(device);
  });

  it('opens no SAM with another SAM’s values', async () => {
    const citizen = arrive();
    const device = await openReader({ testConfHex: '00'.repeat(32) });
    await device.events.until('statusChanged', stateIs('online'));
    await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti });
    await device.events.until('cardInserted');
    expect(await device.call('readIdentity', {})).toEqual({
      ok: false,
      error: { kind: 'commandError', errorCode: 'samRefused' },
    });
    await close(device);
  });

  it('says which reader is missing, and starts without a daemon at all', async () => {
    const nameless = await openReader({ readerPattern: 'no such reader' });
    expect(await nameless.call('getStatus', {})).toMatchObject({
      value: { state: 'noDevice', reasons: ['readerMissing'], card: 'unknown' },
    });
    await close(nameless);
    const alone = await openReader({ csockName: join(dir, 'nobody.comm') });
    expect(await alone.call('getStatus', {})).toMatchObject({
      value: { state: 'offline', reasons: ['pcscServiceDown'], card: 'unknown' },
    });
    await close(alone);
  });

  it('uses neither of two readers that a pattern fits, and says so', async () => {
    const eitherCard = await openReader({ readerPattern: '^Virtual PCD', samPattern: null });
    await eitherCard.events.until('statusChanged', stateIs('userError'));
    expect(await eitherCard.call('getStatus', {})).toMatchObject({
      value: { reasons: ['twoAlike'], requiredAction: 'configuration', card: 'unknown' },
    });
    expect(await eitherCard.call('readIdentity', {})).toEqual({
      ok: false,
      error: { kind: 'notReady', reason: 'twoAlike' },
    });
    await close(eitherCard);
  });

  it('reads no card that another program holds, and reads it when that has let go', async () => {
    const citizen = arrive();
    const device = await openReader();
    await device.events.until('statusChanged', stateIs('online'));
    await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti });
    await device.events.until('cardInserted');
    const holder = spawn(
      process.execPath,
      [join(import.meta.dirname, 'reader-holder.ts'), lab.cardReaderName],
      {
        env: { ...process.env, PCSCLITE_CSOCK_NAME: lab.csockName },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    await once(holder.stdout, 'data');
    expect(await device.call('readIdentity', {})).toEqual({
      ok: false,
      error: { kind: 'notReady', reason: 'readerInUse' },
    });
    holder.stdin.end();
    await once(holder, 'exit');
    expect(await device.call('readIdentity', {})).toMatchObject({ ok: true });
    await close(device);
  });

  it('stops at once although a card still owes an answer', async () => {
    const citizen = arrive();
    const device = await openReader();
    await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti }, 'silent');
    await device.events.until('cardInserted');
    void device.call('readIdentity', {});
    await close(device);
  });

  it('tells of each card that takes the place of one that still owes an answer', async () => {
    const citizen = arrive();
    const device = await openReader();
    await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti }, 'silent');
    await device.events.until('cardInserted');
    for (const fault of ['silent', 'silent', null]) {
      const unanswered = device.call('readIdentity', {});
      await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti }, fault);
      await device.events.until('cardRemoved');
      await device.events.until('cardInserted');
      expect(await unanswered).toMatchObject({ ok: false });
    }
    expect(await device.call('readIdentity', {})).toMatchObject({ ok: true });
    await close(device);
  });

  it('ends by itself when it is told to in the moment after a card came', async () => {
    const library = join(dir, 'slow-client.so');
    const source = join(import.meta.dirname, 'slow-client.c');
    execFileSync('gcc', ['-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-o', library, source]);
    const slowed = join(dir, 'slowed');
    const device = await openReader({}, { LD_PRELOAD: library, SLOWED: slowed });
    arrive();
    await device.events.until('statusChanged', stateIs('online'));
    await close(device);
    expect(existsSync(slowed)).toBe(true);
  });

  it('is tried by hand with a command that says how far it came, and nothing of the holder', async () => {
    const citizen = arrive();
    const device = await openReader();
    await device.events.until('statusChanged', stateIs('online'));
    expect(readByHand()).toEqual({ status: 1, stdout: 'not read: noCard\n', stderr: '' });
    await citizen.tap({ uidHex: TYPE_A_UID, biodata: siti });
    await device.events.until('cardInserted');
    expect(readByHand()).toEqual({ status: 0, stdout: 'read: authenticated\n', stderr: '' });
    expect(readByHand('--sam', 'no such reader')).toMatchObject({
      stdout: 'not read: samMissing\n',
    });
    expect(readByHand('--reader', '(')).toMatchObject({ status: 64, stdout: '' });
    await close(device);
  });

  it('refuses a name pattern that is none, by the name of the option', async () => {
    await expect(openReader({ readerPattern: '(' })).rejects.toThrow(
      'readerPattern: not a regular expression',
    );
  });
});

describe('the virtual card', () => {
  it('says what is wrong with an order it does not know', async () => {
    const citizen = arrive();
    expect(await citizen.say({ type: 'eat' })).toMatchObject({ type: 'failed' });
    expect(await citizen.say({ type: 'untap' })).toEqual({ type: 'done' });
    expect(await citizen.leave()).toBe('');
  });
});
