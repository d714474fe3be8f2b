import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CitizenClient } from '../../../scripts/stack/citizen-client.ts';
import { askStatus } from '../../../scripts/stack/technician-client.ts';
import { readJournal } from '../../journey/support/journal-file.ts';
import { movedSince, ofStock, recordLength } from '../../journey/support/physical-record.ts';
import { anjungan } from '../../journey/support/processes.ts';
import { expectOutOfServiceSentence } from '../../journey/support/sentences.ts';
import { World } from '../process/world.ts';
import { FAKETIME_LIBRARY } from './clock.ts';

const WITHIN_MS = 90_000;

describe('core that starts with the clock at 1970', () => {
  it('prints nothing, says why on the screen and at the command line, and serves once it is right', async () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'anj-1970-'));
    const file = path.join(dir, 'time');
    const set = (offset: string): void => {
      writeFileSync(`${file}.new`, `${offset}\n`);
      renameSync(`${file}.new`, file);
    };
    const secondOfJanuary1970 = `-${Math.floor(Date.now() / 1000) - 86_400}`;
    set(secondOfJanuary1970);
    const world = await World.start({
      coreEnv: {
        LD_PRELOAD: FAKETIME_LIBRARY,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: '1',
        DONT_FAKE_MONOTONIC: '1',
      },
    });
    try {
      const before = await recordLength(world);
      await world.startCore();
      const { technicianSocket, citizenSocket } = world.core.endpoints;
      expect(new Date((await askStatus(technicianSocket)).startedAt).getUTCFullYear()).toBe(1970);
      const citizen = await CitizenClient.connect(citizenSocket);
      const { screen } = await citizen.screen('outOfService', WITHIN_MS);
      expect(screen.reason).toBe('clockWrong');
      expectOutOfServiceSentence('clockWrong');
      citizen.choose({ kind: 'startWay', way: 'nik' });

      const told = await anjungan(world.dataDir, 'status');
      expect(told.status).toBe(1);
      expect(told.stdout).toMatch(
        /: OUT OF SERVICE\nThe clock of the machine is more than five minutes off\. Nothing is printed\. Set it right; the terminal goes on by itself\.\n/,
      );
      expect(citizen.view.screen.name).toBe('outOfService');
      const events = readJournal(world.dataDir).rows.map(({ event }) => event);
      expect(events).toContainEqual(
        expect.objectContaining({ kind: 'clock.distrusted', reason: 'behindRecord' }),
      );
      expect(events.filter(({ kind }) => kind.startsWith('attempt.'))).toEqual([]);

      set('+0d');
      await citizen.screen('welcome', WITHIN_MS);
      expect((await askStatus(technicianSocket)).outOfService).toBeNull();
      expect(ofStock(await movedSince(world, before))).toEqual([]);
      citizen.close();
    } finally {
      await world.stop();
      rmSync(dir, { recursive: true });
    }
  }, 300_000);
});
