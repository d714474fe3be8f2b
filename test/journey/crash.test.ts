import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { askStatus } from '../../scripts/stack/technician-client.ts';
import { atTerminal, citizen, terminal } from './support/at-terminal.ts';
import { PATIENCE_MS } from './support/citizen.ts';
import { foundInClear } from './support/in-clear.ts';
import { readJournal } from './support/journal-file.ts';
import { movedSince, untilMoved } from './support/physical-record.ts';
import { deviceHosts, runCore } from './support/processes.ts';
import { expectSentence, expectUnavailableSentence } from './support/sentences.ts';
import { untilHolds } from './support/waiting.ts';

// Long enough that a kill after one movement comes before the end of the next.
atTerminal({ stepMs: 700 });

const corePid = (): number => terminal.stack.core.process.pid;
const status = () => askStatus(terminal.stack.core.endpoints.technicianSocket);

describe('a second core on the same data', () => {
  it('says so and ends, and the first serves on undisturbed', async () => {
    const before = await status();
    const second = await runCore(terminal.stack.dataDir);
    expect(second.status).toBe(75);
    expect(second.stderr).toBe(
      `anjungan: Another core already runs on ${terminal.stack.dataDir}. This one stops; the other is not disturbed.\n` +
        'anjungan: This core did not start: it printed nothing and used no code. Let the other one serve, or stop it before you start this one.\n',
    );
    expect(terminal.stack.core.process.running).toBe(true);
    expect(existsSync(path.join(terminal.stack.dataDir, 'run/endpoints.json'))).toBe(true);
    const after = await status();
    expect(after.startedAt).toBe(before.startedAt);
    expect(after.outOfService).toBeNull();
    const another = await terminal.citizen();
    await another.see('welcome');
    await citizen.press({ kind: 'startWay', way: 'nik' }, 'enterNik');
  });
});

describe('core killed in the middle of a card', () => {
  it.each([
    ['after the blank was fed', 'blankFed'],
    ['after a side was printed', 'sidePrinted'],
  ] as const)(
    '%s gives it to nobody: the blank is in the reject bin and the code counts',
    async (_, moment) => {
      const approved = await terminal.lostKtp();
      const before = await terminal.now();
      await citizen.comeByCode(approved);
      await citizen.press({ kind: 'confirmPrint' }, 'printing');
      await untilMoved(terminal.stack, before.record, [moment]);
      await terminal.stack.restartCore();

      const [attempt] = terminal.settled(approved.requestId);
      expect(attempt).toMatchObject({ outcome: 'spoiled', evidence: 'sensorSaw' });
      const { rows } = readJournal(terminal.stack.dataDir);
      const lastStart = rows.findLastIndex(({ event }) => event.kind === 'core.started');
      const since = rows.slice(lastStart).map(({ event }) => event);
      expect(since[0]).toMatchObject({ previousStop: 'unclean' });
      expect(since).toContainEqual(
        expect.objectContaining({
          kind: 'recovery.attemptVisited',
          attemptId: attempt?.attemptId,
        }),
      );
      const commands = since.flatMap((event) =>
        event['command'] === undefined ? [] : [event['command']],
      );
      expect(commands).toMatchObject([{ command: 'rejectCard' }]);
      const moves = (await movedSince(terminal.stack, before.record)).map(({ type }) => type);
      expect(moves).toContain('cardRejected');
      expect(moves).not.toContain('cardPresented');
      await terminal.untilRequest(approved.requestId, 'siapCetak');
      expect(await terminal.disagreements()).toEqual([]);

      const next = await terminal.citizen();
      await next.comeByCode(approved);
      expect((await next.print()).screen).toMatchObject({ outcome: 'delivered' });
      await terminal.untilRequest(approved.requestId, 'diserahkan');
      expect(await terminal.disagreements()).toEqual([]);
    },
  );

  it('after it was within reach is settled by what the exit saw, and nothing is printed again', async () => {
    const approved = await terminal.lostKtp();
    const before = await terminal.now();
    await citizen.comeByCode(approved);
    await citizen.press({ kind: 'confirmPrint' }, 'printing');
    await untilMoved(terminal.stack, before.record, ['cardPresented']);
    await terminal.stack.core.process.kill();
    await terminal.stack.panel.post('/api/exit/take', {});
    await terminal.stack.restartCore();
    expect(terminal.settled(approved.requestId)).toMatchObject([{ outcome: 'delivered' }]);
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    expect(await terminal.disagreements()).toEqual([]);
    const fed = (await movedSince(terminal.stack, before.record)).filter(
      ({ type }) => type === 'blankFed',
    );
    expect(fed).toHaveLength(1);
  });
});

describe('device hosts killed in the middle of a card', () => {
  it('leave core alive, are started again, and the attempt is settled by the rules', async () => {
    const approved = await terminal.lostKtp();
    const before = await terminal.now();
    const pid = corePid();
    const hosts = deviceHosts(pid);
    expect(hosts.length).toBeGreaterThan(1);
    await citizen.comeByCode(approved);
    await citizen.press({ kind: 'confirmPrint' }, 'printing');
    await untilMoved(terminal.stack, before.record, ['blankFed']);
    for (const host of hosts) process.kill(host, 'SIGKILL');
    const { screen } = await citizen.take();

    expect(terminal.stack.core.process.running).toBe(true);
    expect(corePid()).toBe(pid);
    const restarted = await untilHolds(
      status,
      ({ devices }) => devices.every((one) => one.state === 'online' && one.hostGeneration > 1),
      PATIENCE_MS,
    );
    expect(restarted.devices).toHaveLength(5);
    expect(deviceHosts(pid).filter((host) => hosts.includes(host))).toEqual([]);
    const { rows } = readJournal(terminal.stack.dataDir);
    expect(rows.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ kind: 'device.hostRestarted', signal: 'SIGKILL' }),
    );

    const attempts = terminal.settled(approved.requestId);
    const outcomes = attempts.map(({ outcome }) => outcome);
    expect([['uncertain'], ['spoiled'], ['spoiled', 'delivered']]).toContainEqual(outcomes);
    expect(screen.name).toBe('result');
    const unresolved = attempts.flatMap(({ outcome, blank }) =>
      outcome === 'uncertain' && blank !== null ? [blank.serial] : [],
    );
    expect(await terminal.disagreements(unresolved)).toEqual([]);
    if (outcomes.at(-1) === 'spoiled') {
      // It lies in the reject bin, and no second was fed: the citizen may come again.
      expect(screen).toMatchObject({ outcome: 'spoiled', codeStillCounts: true });
      await terminal.untilRequest(approved.requestId, 'siapCetak');
    }
    if (outcomes.at(-1) === 'uncertain') {
      // Nobody proved where the blank is: no card is fed until people decided.
      expectSentence('outcomeUncertain');
      expect(screen).toMatchObject({ outcome: 'uncertain', codeStillCounts: false });
      await terminal.untilRequest(approved.requestId, 'perluPeriksa');
      await citizen.leave();
      expect((await status()).documents.ktpEl).toBe('outcomeUnresolved');
      expectUnavailableSentence('outcomeUnresolved');
    }
  });
});

it('leaves nothing of all these people readable on the disk or in the log', () => {
  expect(terminal.secrets.size).toBeGreaterThan(12);
  expect(foundInClear(terminal.stack, terminal.secrets)).toEqual([]);
});
