import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import { outOfServiceReasonSchema, type OutOfServiceReason } from '../../src/rpc/citizen-view.ts';
import { coreToTechnicianSchema, technicianToCoreSchema } from '../../src/rpc/technician.ts';
import type { TerminalStatus } from '../../src/rpc/terminal-status.ts';
import { outOfServiceSentence } from '../../src/cli/service-lines.ts';
import { anjungan } from './support/run.ts';

jest.setTimeout(60_000);

const good: TerminalStatus = {
  terminalId: 'ADM-SPESIMEN-01',
  place: 'Lobi kecamatan',
  mode: 'specimen',
  version: '0.1.0',
  startedAt: 1,
  outOfService: null,
  documents: { ktpEl: null, kia: 'blanksOut', kk: null },
  ways: { eKtp: null, code: null, nik: null },
  devices: [
    {
      name: 'card-printer',
      role: 'cardPrinter',
      deviceClass: 'cardPrinter',
      driver: 'simulated-card-printer',
      real: false,
      state: 'online',
      reasons: [],
      requiredAction: 'none',
      since: 1,
      hostGeneration: 1,
      lastFaults: [],
      trend: { faultsLastHour: 0, faultsLastDay: 0, restartsLastDay: 0, direction: 'none' },
    },
  ],
  unknownDevices: [],
  registry: { answering: true, owed: 2 },
  journal: { rows: 41, head: null, anchoredThrough: 40 },
};

let dir: string;
let server: net.Server | null = null;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'anj-status-'));
  mkdirSync(path.join(dir, 'run'));
  mkdirSync(path.join(dir, 'config'));
  writeFileSync(path.join(dir, 'config/anjungan.toml'), '');
});
afterEach(async () => {
  if (server !== null) {
    const closed = once(server, 'close');
    server.close();
    await closed;
    server = null;
  }
  rmSync(dir, { recursive: true });
});

/** Stands for the technician's socket of core; drops whoever asks anything but the status. */
async function listen(answer: (send: (frame: unknown) => void, socket: net.Socket) => void) {
  server = net.createServer((socket) => {
    const send = attachJsonLines(socket, {
      onFrame: (frame) => {
        if (technicianToCoreSchema.safeParse(frame).success) answer(send, socket);
        else socket.destroy();
      },
      onClose: () => undefined,
    });
  });
  server.listen(path.join(dir, 'run/technician.sock'));
  await once(server, 'listening');
}

const answering = (status: TerminalStatus) =>
  listen((send) => send(coreToTechnicianSchema.parse({ type: 'status', status })));

const status = (...more: string[]) => anjungan('--data', dir, ...more, 'status');

describe('anjungan status', () => {
  it('says that core does not run, and that this answers nothing', async () => {
    expect(await status()).toEqual({
      status: 2,
      stdout: 'Core does not run on this data folder: the terminal is out of service.\n',
      stderr: '',
    });
  });

  it('says of a folder that is no terminal’s that it is none, as data too', async () => {
    rmSync(path.join(dir, 'config'), { recursive: true });
    expect(await status()).toEqual({
      status: 2,
      stdout: `${dir} is no terminal's data folder: it has no config/anjungan.toml. Name the right one with --data or ANJUNGAN_DATA.\n`,
      stderr: '',
    });
    expect(JSON.parse((await status('--json')).stdout)).toEqual({
      error: { kind: 'noDataFolder' },
    });
  });

  it('says that core did not answer when it hangs up', async () => {
    await listen((_send, socket) => socket.destroy());
    expect(await status()).toMatchObject({ status: 2, stdout: 'Core did not answer.\n' });
  });

  it('says so when what answers is not core', async () => {
    await listen((send) => send({ type: 'somethingElse' }));
    expect(await status('--json')).toMatchObject({
      status: 2,
      stdout: '{\n  "error": {\n    "kind": "coreDidNotAnswer"\n  }\n}\n',
    });
  });

  it.each([
    ['outcomeUnresolved', /^An outcome is uncertain: two people .*anjungan staff items.*yes\.$/],
    ['countersWentBack', /^The card printer counts less .*wo people .*--finding explained.*yes\.$/],
    ['registryForgot', /^The registry contradicts .*wo people .*--finding explained.*yes\.$/],
    ['countNeeded', /^What lies in a feeder .*anjungan stock count.*two people .*yes\.$/],
    ['strangeBlank', /^A feeder gave a blank .*two people .*anjungan stock close.*yes\.$/],
  ] as const)('tells %s once, as bad news, with the commands that end it', async (reason, told) => {
    await answering({ ...good, documents: { ktpEl: reason, kia: reason, kk: null } });
    const run = await status();
    expect(run.status).toBe(1);
    const lines = run.stdout
      .split('\n')
      .filter((line) => line.includes('wo people') && line.endsWith('yes.'));
    expect(lines).toEqual([expect.stringMatching(told)]);
  });

  it('is a page for people, and good', async () => {
    await answering(good);
    const run = await status();
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout.split('\n')).toEqual([
      'ADM-SPESIMEN-01, Lobi kecamatan (specimen, version 0.1.0): in service',
      '  ktpEl: available',
      '  kia: no blanks of its kind are left: load some (anjungan stock load)',
      '  kk: available',
      '  eKtp: available',
      '  code: available',
      '  nik: available',
      '',
      'device        kind       state   reasons  action asked  of whom  faults',
      'card-printer  simulated  online  -        -             -        -',
      '',
      'registry: answers, 2 messages owed',
      'journal: 41 rows, anchored through 40',
      '',
    ]);
  });

  it.each([
    [null, 'not known yet'],
    [true, 'real'],
    [false, 'simulated'],
  ])('says of a device whose `real` is %j that it is %s', async (real, words) => {
    await answering({ ...good, devices: good.devices.map((one) => ({ ...one, real })) });
    expect((await status()).stdout).toMatch(new RegExp(`\ncard-printer  ${words}  +online `));
  });

  it.each([
    [null, 'not asked yet'],
    [true, 'answers'],
    [false, 'does not answer'],
  ])('says of a registry whose `answering` is %j: %s', async (answers, words) => {
    await answering({ ...good, registry: { answering: answers, owed: 0 } });
    expect((await status()).stdout).toContain(`\nregistry: ${words}, 0 messages owed\n`);
  });

  it('is the whole status as JSON', async () => {
    await answering(good);
    const run = await status('--json');
    expect(run.status).toBe(0);
    expect(JSON.parse(run.stdout)).toEqual(good);
  });

  it('names what is on the buses and not in the configuration', async () => {
    const found = {
      bus: 'usb',
      vendorId: 0x46d,
      productId: 0xc31c,
      port: '1-2',
      label: 'Keyboard',
    } as const;
    await answering({ ...good, unknownDevices: [{ ...found, serialNumber: 'A7' }] });
    const run = await status();
    expect(run.stdout).toContain(
      '\nunknown device, left alone: usb 046d:c31c port 1-2 serial A7 Keyboard\n',
    );
  });

  it('is bad news when a device is not well, with what it asks for', async () => {
    const [printer] = good.devices;
    if (printer === undefined) throw new Error('no printer');
    await answering({
      ...good,
      devices: [
        {
          ...printer,
          state: 'userError',
          reasons: ['rejectBinFull'],
          requiredAction: 'clear',
          trend: { faultsLastHour: 3, faultsLastDay: 7, restartsLastDay: 2, direction: 'worse' },
        },
      ],
    });
    const run = await status();
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(
      /card-printer +simulated +userError +rejectBinFull +clear +registry staff +3 in 1 h, 7 in 24 h, 2 restarts, GETTING WORSE\n/,
    );
  });

  it('is bad news when the terminal is out of service, and says what to do', async () => {
    const acted = {
      starting: 'wait until every device has answered',
      maintenance: 'end it once the work is done',
      registryUnreachable: 'check cable and network',
      diskFull: 'free space on the disk',
      noDocumentAvailable: 'see what each document waits for',
      alreadyRunning: 'stop the other one',
      recordDamaged: 'anjungan journal accept-loss',
      clockWrong: 'Set it right',
      powerFailing: 'bring the mains back',
    } satisfies Record<OutOfServiceReason, string>;
    for (const reason of outOfServiceReasonSchema.options) {
      expect(outOfServiceSentence[reason]).toMatch(/^[A-Z].*\.$/);
      expect(outOfServiceSentence[reason]).toContain(acted[reason]);
    }
    await answering({ ...good, outOfService: 'recordDamaged' });
    const run = await status();
    expect(run.status).toBe(1);
    const [first, sentence] = run.stdout.split('\n');
    expect(first).toMatch(/: OUT OF SERVICE$/);
    expect(sentence).toBe(outOfServiceSentence.recordDamaged);
  });
});
