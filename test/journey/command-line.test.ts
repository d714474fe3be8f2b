import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { root } from '../../scripts/stack/program.ts';
import type { Approved } from '../../scripts/stack/resident.ts';
import { TERMINAL_ID } from '../../scripts/stack/stack.ts';
import { askStatus } from '../../scripts/stack/technician-client.ts';
import { queryProcessOf } from '../console/query-processes.ts';
import { ConsoleVisitor } from './support/console-visitor.ts';
import { anjungan, run, type Ran } from './support/processes.ts';
import { JOURNEY_MS, Terminal } from './support/terminal.ts';
import { untilHolds } from './support/waiting.ts';

jest.setTimeout(JOURNEY_MS);

let terminal: Terminal;
let printed: Approved;

beforeAll(async () => {
  terminal = await Terminal.start();
  const citizen = await terminal.citizen();
  printed = await terminal.lostKtp();
  await citizen.comeByCode(printed);
  expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
  await citizen.leave();
  await terminal.untilRequest(printed.requestId, 'diserahkan');
});
afterAll(() => terminal.stop());

const dataDir = (): string => terminal.stack.dataDir;
const anchorsUrl = (): string =>
  `${terminal.stack.frontUrl}/front/api/terminals/${TERMINAL_ID}/heads`;

/** Both verifiers on a data folder. */
async function verify(folder: string, ...options: string[]): Promise<{ ours: Ran; other: Ran }> {
  const script = path.join(root, 'scripts/verify-journal.mjs');
  return {
    ours: await anjungan(folder, 'journal', 'verify', ...options),
    other: await run(process.execPath, [script, path.join(folder, 'journal.db'), ...options]),
  };
}

describe('the anjungan command beside a running core', () => {
  it('status says what works, device by device, with the registry and the journal', async () => {
    const { status, stdout } = await anjungan(dataDir(), 'status');
    expect(stdout).toContain(`${TERMINAL_ID}, Mesin pengembangan (specimen`);
    expect(stdout).toContain(': in service');
    for (const line of [
      /^ {2}ktpEl: available$/m,
      /^tap-reader +real +online/m,
      /^card-printer +simulated +online/m,
      /^page-printer +real +online/m,
      /^registry: answers, \d+ messages owed$/m,
      /^journal: \d+ rows, anchored through \d+$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(status).toBe(0);
    const json = await anjungan(dataDir(), '--json', 'status');
    expect(JSON.parse(json.stdout)).toMatchObject({ terminalId: TERMINAL_ID, outOfService: null });
  });

  it('status says which device is in trouble, and ends with 1', async () => {
    await terminal.stack.panel.post('/api/page-printer/tray', { level: 'empty' });
    const technician = terminal.stack.core.endpoints.technicianSocket;
    await untilHolds(
      () => askStatus(technician),
      ({ devices }) => devices.some(({ reasons }) => reasons.includes('mediaEmpty')),
      60_000,
    );
    const { status, stdout } = await anjungan(dataDir(), 'status');
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^page-printer +real +hardwareError +mediaEmpty +maintenance +technician +1 in 1 h/m,
    );
    await terminal.stack.panel.post('/api/page-printer/tray', { level: 'full' });
    await untilHolds(
      () => askStatus(technician),
      ({ devices }) => devices.every(({ state }) => state === 'online'),
      60_000,
    );
  });

  it('devices holds the buses against the configuration', async () => {
    const { status, stdout } = await anjungan(dataDir(), 'devices');
    expect(stdout).toMatch(/^expected +code-scanner +serial-code-scanner +\S*scanner/m);
    expect(stdout).toMatch(/tap-reader +pcsc-ektp-reader +behind a daemon/);
    // What else is plugged into this machine is bad news for a cabinet.
    expect(status).toBe(/^unknown /m.test(stdout) ? 1 : 0);
  });

  it('config check names the file and its digest', async () => {
    const { status, stdout } = await anjungan(dataDir(), 'config', 'check');
    expect(stdout).toMatch(
      /anjungan\.toml is valid: mode specimen, 5 devices, SHA-256 [0-9a-f]{64}/,
    );
    expect(status).toBe(0);
  });

  it('journal verify and the independent verifier call the living journal valid', async () => {
    const alone = await verify(dataDir());
    expect(alone.ours).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^VALID.*UNANCHORED/),
    });
    expect(alone.other).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^valid.*unanchored/),
    });
    const held = await verify(dataDir(), '--anchors', anchorsUrl());
    expect(held.ours.stdout).toMatch(/^VALID.*anchored through row \d+/);
    expect(held.ours.status).toBe(0);
    expect(held.other.stdout).toMatch(/^valid.*, anchored to row \d+/);
    expect(held.other.status).toBe(0);
  });
});

describe('the console of a running core', () => {
  let office: ConsoleVisitor;

  beforeAll(async () => {
    const { endpoints } = terminal.stack.core;
    office = new ConsoleVisitor(endpoints.console);
    await office.setUp(endpoints.setupSecretFile);
  });

  it('shows registry staff the card just printed, from its reservation to the receipt', async () => {
    const { attempts } = await office.printLog();
    const [settled] = terminal.settled(printed.requestId);
    expect(attempts).toMatchObject([
      {
        attemptId: settled?.attemptId,
        requestId: printed.requestId,
        documentKind: 'ktpEl',
        outcome: 'delivered',
        evidence: 'sensorSaw',
        blankSerial: settled?.blank?.serial,
      },
    ]);
    const { rows } = await office.timeline(attempts[0]?.attemptId ?? '');
    expect(rows[0]).toMatchObject({ kind: 'attempt.stateEntered', data: { to: 'claiming' } });
    expect(rows.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['blank.moved', 'attempt.settled', 'registry.outcomeReported']),
    );
    const states = rows.map(({ data }) => data);
    const fedAt = states.findIndex(({ to }) => to === 'feedIntent');
    expect(states[fedAt]).toMatchObject({ command: { command: 'feedBlank' } });
    expect(states[fedAt + 1]).toMatchObject({ answer: { end: 'success' }, to: 'blankLoaded' });
  });

  it('calls the record valid by the heads of the registry, and says why not while it is silent', async () => {
    const verdict = await office.verdict();
    expect(verdict).toMatchObject({ verdict: 'valid', unanchoredBecause: null });
    const { heads } = await terminal.stack.front.get(
      new URL(anchorsUrl()).pathname,
      z.object({ heads: z.array(z.looseObject({ size: z.number(), head: z.string() })) }),
    );
    const { keptHeads, anchoredThrough } = verdict;
    expect(keptHeads?.newest.size).toBe(anchoredThrough);
    expect(heads).toContainEqual(expect.objectContaining({ ...keptHeads?.newest }));

    await terminal.setRegistry({ registryDown: true });
    const alone = await office.verdict();
    expect(alone).toMatchObject({ verdict: 'unanchored', keptHeads: null, brokenAt: null });
    expect(['unreachable', 'noAnswer']).toContain(alone.unanchoredBecause);
    await terminal.setRegistry({ registryDown: false });
    await untilHolds(
      () => office.status(),
      ({ registry }) => registry.answering === true,
      60_000,
    );
  });

  it('shows technicians the devices, and tests one without moving anything', async () => {
    const { devices } = await office.status();
    expect(devices.map(({ state }) => state)).toEqual(devices.map(() => 'online'));
    const before = await terminal.now();
    const device = 'card-printer';
    expect(await office.selfTest(device)).toEqual({ device, passed: true, faultCode: null });
    expect(await terminal.movedSince(before)).toEqual([]);
  });

  it('keeps no citizen and no technician waiting while a query is held', async () => {
    await office.printLog();
    const reader = queryProcessOf(terminal.stack.core.process.pid);
    process.kill(reader, 'SIGSTOP');
    let answered = false;
    const asked = office.printLog().finally(() => (answered = true));
    const { technicianSocket } = terminal.stack.core.endpoints;
    expect(await askStatus(technicianSocket)).toMatchObject({ terminalId: TERMINAL_ID });
    const citizen = await terminal.citizen();
    await citizen.press({ kind: 'startWay', way: 'nik' }, 'enterNik');
    await citizen.leave();
    expect(answered).toBe(false);
    process.kill(reader, 'SIGCONT');
    expect((await asked).attempts).toHaveLength(1);
  });
});

describe('a journal that somebody changed', () => {
  let anchors: string;
  let rows: number;

  beforeAll(async () => {
    // Rows enough after the card, so that a cut takes nothing away which another table remembers.
    for (const way of ['nik', 'eKtp', 'code', 'nik', 'eKtp', 'code'] as const) {
      const passer = await terminal.citizen();
      await passer.press({ kind: 'startWay', way }, ['enterNik', 'presentCard', 'presentCode']);
      await passer.leave();
    }
    // What the registry holds reaches to the last row but the note of it.
    await untilHolds(
      () => askStatus(terminal.stack.core.endpoints.technicianSocket),
      ({ journal, registry }) =>
        registry.owed === 0 && journal.rows - (journal.anchoredThrough ?? 0) <= 1,
      60_000,
    );
    const heads = await terminal.stack.front.get(
      new URL(anchorsUrl()).pathname,
      z.looseObject({ heads: z.array(z.unknown()).min(2) }),
    );
    anchors = path.join(terminal.stack.dir, 'anchors.json');
    writeFileSync(anchors, JSON.stringify(heads));
    await terminal.stack.stopCore();
  });

  /** A copy of the stopped journal, changed by `change`. */
  function copy(name: string, change: (database: DatabaseSync) => void): string {
    const folder = path.join(terminal.stack.dir, name);
    mkdirSync(path.join(folder, 'keys'), { recursive: true });
    for (const file of ['journal.db', 'keys/journal.pub.pem']) {
      cpSync(path.join(dataDir(), file), path.join(folder, file));
    }
    const database = new DatabaseSync(path.join(folder, 'journal.db'));
    rows = numberOf(database, 'SELECT max(seq) AS n FROM rows');
    change(database);
    database.close();
    return folder;
  }

  const numberOf = (database: DatabaseSync, sql: string, ...params: number[]): number =>
    z.object({ n: z.number() }).parse(database.prepare(sql).get(...params)).n;

  it('is valid while nobody did', async () => {
    const { ours, other } = await verify(
      copy('whole', () => undefined),
      '--anchors',
      anchors,
    );
    expect([ours.status, other.status]).toEqual([0, 0]);
  });

  it('by one bit in a row is broken at that row, for both verifiers', async () => {
    let at = 0;
    const folder = copy('flipped', (database) => {
      at = Math.floor(rows / 2);
      const { body } = z
        .object({ body: z.string() })
        .parse(database.prepare('SELECT body FROM rows WHERE seq = ?').get(at));
      const bytes = Buffer.from(body);
      const digit = body.search(/\d/);
      bytes.writeUInt8(bytes.readUInt8(digit) ^ 1, digit);
      database.prepare('UPDATE rows SET body = ? WHERE seq = ?').run(bytes.toString(), at);
    });
    const { ours, other } = await verify(folder);
    expect(ours.status).toBe(1);
    expect(ours.stdout).toMatch(new RegExp(`^BROKEN at row ${at}: `));
    expect(other.status).toBe(1);
    expect(other.stdout).toMatch(new RegExp(`^broken at row ${at}: `));
  });

  it('by its last ten rows and their signatures looks whole, and anchors say where it was cut', async () => {
    let left = 0;
    const folder = copy('cut', (database) => {
      // Back to a signed head, as somebody would who knows the format: ten rows or a few more.
      const newest = 'SELECT max(size) AS n FROM checkpoints WHERE size <= ?';
      left = numberOf(database, newest, rows - 10);
      database.prepare('DELETE FROM rows WHERE seq > ?').run(left);
      database.prepare('DELETE FROM checkpoints WHERE size > ?').run(left);
    });
    const alone = await verify(folder);
    expect(alone.ours).toMatchObject({ status: 0, stdout: expect.stringContaining('UNANCHORED') });
    expect(alone.other).toMatchObject({ status: 0, stdout: expect.stringContaining('unanchored') });
    const { ours, other } = await verify(folder, '--anchors', anchors);
    expect(ours.status).toBe(1);
    expect(ours.stdout).toMatch(new RegExp(`^BROKEN at row ${left + 1}: .*Rows 1 to ${left} hold`));
    expect(other.status).toBe(1);
    expect(other.stdout).toMatch(new RegExp(`^cut after row ${left}: the anchor over \\d+ rows`));
  });

  it('status of a terminal whose core is down cannot be told, and says so', async () => {
    const { status, stdout } = await anjungan(dataDir(), 'status');
    expect(status).toBe(2);
    expect(stdout).toBe('Core does not run on this data folder: the terminal is out of service.\n');
  });
});
