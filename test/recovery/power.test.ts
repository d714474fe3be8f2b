import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LAB_UPS, startUpsLab, type UpsLab } from '../../scripts/lab/ups-lab.ts';
import { CitizenClient } from '../../scripts/stack/citizen-client.ts';
import type { Approved } from '../../scripts/stack/resident.ts';
import { askStatus } from '../../scripts/stack/technician-client.ts';
import type { TerminalStatus } from '../../src/rpc/terminal-status.ts';
import { readJournal, settledIn } from '../journey/support/journal-file.ts';
import { movedSince, ofStock, recordLength } from '../journey/support/physical-record.ts';
import { anjungan } from '../journey/support/processes.ts';
import { expectOutOfServiceSentence } from '../journey/support/sentences.ts';
import { untilHolds } from '../journey/support/waiting.ts';
import { Visitor } from './process/script.ts';
import { World } from './process/world.ts';

const WITHIN_MS = 60_000;
const MAINS = { 'ups.status': 'OL', 'battery.runtime': '3600', 'battery.charge': '100' };
/** More than a second too little for a KIA, and not low. */
const SHORT = { 'ups.status': 'OB DISCHRG', 'battery.runtime': '300', 'battery.charge': '60' };
const LOW = { 'ups.status': 'OB DISCHRG LB', 'battery.runtime': '60', 'battery.charge': '9' };

describe('a terminal on a real upsd', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'anj-power-'));
  let lab: UpsLab;
  let world: World;
  let citizen: CitizenClient;
  let visitor: Visitor;
  let pin: string | null = null;

  beforeAll(async () => {
    lab = await startUpsLab({ dir, variables: MAINS });
    world = await World.start({ ups: { port: lab.port, name: LAB_UPS } });
    await world.startCore();
    citizen = await CitizenClient.connect(world.core.endpoints.citizenSocket);
    visitor = new Visitor(world, 'kia');
  }, 120_000);
  afterAll(async () => {
    citizen.close();
    await world.stop();
    await lab.stop();
    rmSync(dir, { recursive: true });
  }, 60_000);

  const untilStatus = (holds: (status: TerminalStatus) => boolean): Promise<unknown> =>
    untilHolds(() => askStatus(world.core.endpoints.technicianSocket), holds, WITHIN_MS);

  const apply = async (): Promise<Approved & { readonly pin: string }> => {
    const approved = await visitor.apply();
    // A PIN is sent once, with the first approval.
    pin ??= approved.pin;
    return { ...approved, pin };
  };

  /** By NIK and PIN to the confirmation. */
  const come = async ({ applicantNik: nik, pin: secret, requestId }: Approved): Promise<void> => {
    await citizen.screen('welcome', WITHIN_MS);
    citizen.choose({ kind: 'startWay', way: 'nik' });
    await citizen.screen('enterNik', WITHIN_MS);
    citizen.choose({ kind: 'submitNik', nik });
    await citizen.screen('enterPin', WITHIN_MS);
    citizen.choose({ kind: 'submitPin', pin: secret });
    await citizen.screen('chooseDocument', WITHIN_MS);
    citizen.choose({ kind: 'chooseDocument', requestId });
    await citizen.screen('confirm', WITHIN_MS);
  };
  const leave = async (): Promise<void> => {
    for (;;) {
      const { screen } = await citizen.screen(
        ['chooseDocument', 'result', 'satisfaction', 'goodbye', 'welcome', 'outOfService'],
        WITHIN_MS,
      );
      if (screen.name === 'welcome' || screen.name === 'outOfService') return;
      if (screen.name === 'satisfaction') citizen.choose({ kind: 'skipRating' });
      else citizen.choose({ kind: screen.name === 'chooseDocument' ? 'cancel' : 'finish' });
      const { viewId } = citizen.view;
      await citizen.until((view) => view.viewId > viewId, WITHIN_MS);
    }
  };

  it('ends what had begun when the battery gets low, parks, and serves again on mains', async () => {
    const approved = await apply();
    await come(approved);
    citizen.choose({ kind: 'confirmPrint' });
    await citizen.screen('takeCard', WITHIN_MS);
    await lab.say(LOW);
    await untilStatus(({ documents }) => documents.kia === 'powerFailing');
    expect(citizen.view.screen.name).toBe('takeCard');
    await world.panel.post('/api/exit/take', {});
    const { screen } = await citizen.screen('result', WITHIN_MS);
    expect(screen.outcome).toBe('delivered');
    await leave();
    const parked = await citizen.screen('outOfService', WITHIN_MS);
    expect(parked.screen.reason).toBe('powerFailing');
    expectOutOfServiceSentence('powerFailing');
    const told = await anjungan(world.dataDir, 'status');
    expect(told.stdout).toMatch(/: OUT OF SERVICE\nThe mains is away and the battery /);
    const quiet = await recordLength(world);
    await lab.say(MAINS);
    await citizen.screen('welcome', WITHIN_MS);
    expect(ofStock(await movedSince(world, quiet))).toEqual([]);
  }, 120_000);

  it('refuses to print for somebody who had come that far, and nothing moves', async () => {
    const approved = await apply();
    await come(approved);
    await lab.say(SHORT);
    await untilStatus(({ documents }) => documents.kia === 'powerFailing');
    const before = await recordLength(world);
    expect(citizen.view.screen.name).toBe('confirm');
    citizen.choose({ kind: 'confirmPrint' });
    await citizen.until(({ problem }) => problem?.code === 'powerFailing', WITHIN_MS);
    expect(ofStock(await movedSince(world, before))).toEqual([]);
    const attempts = settledIn(readJournal(world.dataDir), approved.requestId);
    expect(attempts.every(({ outcome }) => outcome === 'notPrinted')).toBe(true);
    await leave();
    await lab.say(MAINS);
    await citizen.screen('welcome', WITHIN_MS);
  }, 120_000);

  it('serves on while upsd is away, and shows it as away', async () => {
    await lab.killDaemon();
    await untilStatus(({ devices }) =>
      devices.some(({ role, state }) => role === 'ups' && state === 'powerOff'),
    );
    const status = await askStatus(world.core.endpoints.technicianSocket);
    expect(status).toMatchObject({ outOfService: null, documents: { kia: null } });
    expect(citizen.view.screen.name).toBe('welcome');
  }, 120_000);
});
