import path from 'node:path';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { systemClock } from '../../src/base/clock.ts';
import { openRecord } from '../../src/core/foundation.ts';
import { staffRole } from '../../src/core/sockets/staff-socket.ts';
import { serveUnixSocket } from '../../src/core/sockets/unix-server.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { deedsOn } from '../../src/staff/deeds.ts';
import { StaffDesk } from '../../src/staff/staff-desk.ts';
import { poppler } from '../documents/poppler.ts';
import { anjungan, anjunganAs } from './support/run.ts';
import { TERMINAL_ID, TerminalFolder } from './support/terminal-folder.ts';

jest.setTimeout(180_000);

const ani = { name: 'Ani', password: 'kunci-yang-panjang-1' };
const budi = { name: 'Budi', password: 'kunci-yang-panjang-2' };

let folder: TerminalFolder;
let journal: Journal;
let stop: () => Promise<void>;

/** What of core serves the command line: the record, the desk, and the socket. */
beforeAll(async () => {
  folder = await TerminalFolder.make();
  const opened = openRecord(folder.data, {
    reserveBytes: 0,
    terminalId: TERMINAL_ID,
    clock: systemClock,
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  const data = opened.value.folder;
  journal = opened.value.journal;
  const fatal = (cause: unknown): never => {
    throw cause;
  };
  const feeders = [{ name: 'ktp', blankKind: 'ktpEl' as const }];
  const desk = new StaffDesk({
    journal,
    sql: data.journal,
    clock: systemClock,
    dataFolder: folder.data,
    deeds: deedsOn({
      journal,
      clock: systemClock,
      mode: 'specimen',
      feeders,
      issuance: { underWay: () => false },
      isServing: () => false,
    }),
    fatal,
  });
  for (const person of [ani, budi]) {
    const made = await desk.people.create({ ...person, roles: ['technician', 'supervisor'] }, null);
    if (!made.ok) throw new Error(made.error.kind);
  }
  const socket = path.join(data.runFolder, 'staff.sock');
  const server = await serveUnixSocket(socket, staffRole(desk, fatal));
  stop = async () => {
    await server.stop();
    desk.close();
    data.close();
    folder.remove();
  };
});
afterAll(() => stop());

const inFolder = (...args: readonly string[]) => anjungan('--data', folder.data, 'stock', ...args);
const proposed = z.object({ proposal: z.object({ proposalId: z.string(), digest: z.string() }) });

/** Ani proposes, Budi agrees. */
async function byTwo(...args: readonly string[]): Promise<void> {
  const asked = await anjunganAs(ani, '--json', '--data', folder.data, 'stock', ...args);
  expect(asked).toMatchObject({ status: 0, stderr: '' });
  const { proposalId, digest } = proposed.parse(JSON.parse(asked.stdout)).proposal;
  const yes = ['approve', proposalId, '--digest', digest];
  expect(await anjunganAs(budi, '--data', folder.data, ...yes)).toMatchObject({ status: 0 });
}

const range = (first: string, count: string): string[] => [
  ...['--feeder', 'ktp', '--kind', 'ktpEl', '--batch', 'SPES-1'],
  ...['--first-serial', first, '--count', count],
];

describe('anjungan stock beside a running core', () => {
  it('loads, unloads and corrects by two people, counts by one, and tells the balance', async () => {
    await byTwo('load', ...range('SPKTP00001', '9'));
    await byTwo('unload', ...range('SPKTP00009', '1'));

    const counted = await anjunganAs(
      ani,
      ...['--data', folder.data, 'stock', 'count', 'ktp', '--counted', '7'],
    );
    expect(counted).toMatchObject({ status: 0, stderr: '' });
    const listed = await inFolder('incidents');
    expect(listed.status).toBe(1);
    expect(listed.stdout).toMatch(
      /OPEN\n {2}A person counted 7 in feeder ktp, where the ledger has 8\. No blank of its kind is fed meanwhile\.\n {2}Count again: anjungan stock close inc_/,
    );
    const [incidentId = ''] = /inc_[A-Z2-7]{16}/.exec(listed.stdout) ?? [];
    await byTwo('correct', incidentId, '--missing', 'SPKTP00003');
    expect(await inFolder('incidents')).toMatchObject({ status: 0 });

    const balance = await inFolder('balance');
    expect(balance.status).toBe(0);
    for (const [what, n] of [
      ['loaded', 9],
      ['corrected', 0],
      ['inFeeder', 7],
      ['returned', 1],
      ['unresolved', 1],
      ['difference', 0],
    ] as const) {
      expect(balance.stdout).toMatch(new RegExp(`^ *${what} +${n} `, 'm'));
    }
    const day = await inFolder('day');
    expect(day.stdout).toMatch(/^ktpEl +0 +9 +0 +0 +0 +0 +0 +1 +1 +7 +0$/m);
    expect((await inFolder('forecast')).stdout).toContain(
      'ktpEl: days left unknown: tooFewOpenDays (7 left, 0 used on 0 open days of the last 30)',
    );
  });

  it('writes the Berita Acara of a bin that two people emptied', async () => {
    const blank = { kind: 'ktpEl', batch: 'SPES-1', serial: 'SPKTP00001', source: 'read' } as const;
    await journal.append({
      events: [
        { kind: 'blank.moved', blank, from: 'inFeeder', to: 'inTransport', attemptId: null },
        {
          ...{ kind: 'blank.moved', blank, from: 'inTransport', to: 'void' },
          ...{ attemptId: null, reason: 'mediaJammed' },
        },
      ],
    });
    const out = path.join(folder.dir, 'ba.pdf');
    expect(await inFolder('berita-acara', 'last', '--out', out)).toMatchObject({ status: 2 });
    await byTwo('empty-bin', 'rejectBin', '--counted', '1');
    const written = await inFolder('berita-acara', '--out', out);
    expect(written).toMatchObject({ status: 0, stderr: '' });
    expect(written.stdout).toMatch(/^BA\/ADM-SPESIMEN-01\/\d+: 1 blanks and 0 foreign cards, in /);
    const text = poppler('pdftotext', readFileSync(out), ['-layout']);
    expect(text.match(/SPKTP00001/g)).toHaveLength(1);
    expect(text).toContain('Kartu macet');
    expect(text).toContain('menurut buku stok 1 keping, dihitung 1 keping, selisih 0');
  });

  it('says that core does not run where it does not', async () => {
    const other = await TerminalFolder.make();
    const run = await anjunganAs(
      ani,
      ...['--data', other.data, 'stock', 'unload', ...range('SPKTP00001', '1')],
    );
    other.remove();
    expect(run).toMatchObject({
      status: 2,
      stdout: 'Core does not run on this data folder: the terminal is out of service.\n',
    });
  });
});
