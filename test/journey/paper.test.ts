import { afterEach, describe, expect, it } from '@jest/globals';
import type { Approved } from '../../scripts/stack/resident.ts';
import { askStatus } from '../../scripts/stack/technician-client.ts';
import { atTerminal, citizen, terminal } from './support/at-terminal.ts';
import { PATIENCE_MS } from './support/citizen.ts';
import { foundInClear } from './support/in-clear.ts';
import {
  expectSentence,
  expectStopSentence,
  expectUnavailableSentence,
} from './support/sentences.ts';
import { untilHolds } from './support/waiting.ts';

afterEach(() => terminal.stack.pagePrinter.setFault('none'));
atTerminal();

const readyKk = (): Promise<Approved> =>
  terminal.approved(terminal.people.head(1, 10), { documentKind: 'kk', reason: 'changed' });

const setTray = (level: 'empty' | 'full'): Promise<unknown> =>
  terminal.stack.panel.post('/api/page-printer/tray', { level });

/** Completes when core knows that the page printer says this of itself. */
const untilPrinterSays = (reason: string): Promise<unknown> =>
  untilHolds(
    () => askStatus(terminal.stack.core.endpoints.technicianSocket),
    ({ devices }) => devices.some((d) => d.role === 'pagePrinter' && d.reasons.includes(reason)),
    PATIENCE_MS,
  );

/** Completes when the citizen at the printing screen is told why no sheet moves. */
async function toldOfStop(cause: 'mediaJam' | 'coverOpen' | 'mediaEmpty'): Promise<void> {
  const { screen, problem, canCancel } = await citizen.told('paperStopped');
  expect(screen).toMatchObject({ name: 'printing', step: 'printing' });
  expect(problem?.params).toEqual({ cause, waitMinutes: 5 });
  expect(canCancel).toBe(false);
  expectStopSentence(cause);
}

/** Completes when the printing screen tells of no trouble any more, or the sheets are out. */
const noLongerTold = (): Promise<unknown> =>
  citizen.client.until(({ problem }) => problem === null, PATIENCE_MS);

const offered = (unavailable: 'paperOut' | null): Promise<unknown> =>
  citizen.client.until(
    ({ screen }) =>
      screen.name === 'welcome' &&
      screen.documents.some((d) => d.documentKind === 'kk' && d.unavailable === unavailable),
    PATIENCE_MS,
  );

describe('an empty tray', () => {
  it('is said on the welcome and in the list, where the KK cannot be chosen', async () => {
    const holder = terminal.people.head(1, 10);
    const approved = await terminal.approved(holder, { documentKind: 'kk', reason: 'changed' });
    const before = await terminal.now();
    await setTray('empty');
    await offered('paperOut');
    expectUnavailableSentence('paperOut');
    const list = await citizen.comeByNik(holder.nik, approved.pin);
    expect(list.screen.documents).toMatchObject([
      { requestId: approved.requestId, unavailable: 'paperOut' },
    ]);
    expect(list.problem?.code).toBe('paperOut');
    citizen.client.choose({ kind: 'chooseDocument', requestId: approved.requestId });
    const after = await citizen.press({ kind: 'finish' }, ['confirm', 'goodbye']);
    expect(after.screen.name).toBe('goodbye');
    await citizen.leave();
    await setTray('full');
    await offered(null);
    expect(await terminal.movedSince(before)).toEqual([]);
  });

  it('found at the confirmation prints nothing, and the code counts after the refill', async () => {
    const approved = await readyKk();
    await citizen.comeByCode(approved);
    const before = await terminal.now();
    await setTray('empty');
    const { screen, problem } = await citizen.print();
    expect(screen).toMatchObject({ outcome: 'notPrinted', codeStillCounts: true });
    expect(problem?.code).toBe('paperOut');
    expectSentence('paperOut');
    expect(await terminal.movedSince(before)).toEqual([]);
    await terminal.untilRequest(approved.requestId, 'siapCetak');
    await citizen.leave();
    await setTray('full');
    await offered(null);
    await citizen.comeByCode(approved);
    expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    expect(await terminal.movedSince(before)).toHaveLength(1);
  });
});

describe('a page printer that stops with the job in it', () => {
  it.each([
    ['jam', 'mediaJam'],
    ['coverOpen', 'coverOpen'],
  ] as const)(
    'by %s holds the job and says why, goes on with it afterwards, and prints it once',
    async (fault, reason) => {
      const approved = await readyKk();
      await citizen.comeByCode(approved);
      const before = await terminal.now();
      await terminal.stack.pagePrinter.setFault(fault);
      await citizen.press({ kind: 'confirmPrint' }, 'printing');
      await untilPrinterSays(reason);
      await toldOfStop(reason);
      expect(terminal.settled(approved.requestId)).toEqual([]);
      await terminal.stack.pagePrinter.setFault('none');
      await noLongerTold();
      expect((await citizen.take()).screen).toMatchObject({ outcome: 'delivered' });
      await terminal.untilRequest(approved.requestId, 'diserahkan');
      expect(await terminal.movedSince(before)).toHaveLength(1);
    },
  );

  it('for want of paper says so on the printing screen, and no more after the refill', async () => {
    const approved = await readyKk();
    await citizen.comeByCode(approved);
    await terminal.stack.pagePrinter.setFault('hold');
    await citizen.press({ kind: 'confirmPrint' }, 'printing');
    await citizen.client.until(
      ({ screen }) => screen.name === 'printing' && screen.step === 'printing',
      PATIENCE_MS,
    );
    await setTray('empty');
    await toldOfStop('mediaEmpty');
    await setTray('full');
    await noLongerTold();
    expect(citizen.client.view.screen.name).toBe('printing');
    expect(terminal.settled(approved.requestId)).toEqual([]);
    await terminal.stack.pagePrinter.setFault('none');
    expect((await citizen.take()).screen).toMatchObject({ outcome: 'delivered' });
    await terminal.untilRequest(approved.requestId, 'diserahkan');
  });

  it('and gives the job up leaves the word to the citizen, who may print it once more', async () => {
    const approved = await readyKk();
    await citizen.comeByCode(approved);
    await terminal.stack.pagePrinter.setFault('abort');
    await citizen.press({ kind: 'confirmPrint' }, 'printing');
    const asked = await citizen.see('takePaper');
    expect(asked.problem?.code).toBe('paperUnclear');
    expectSentence('paperUnclear');
    const result = await citizen.press({ kind: 'paperMissing' }, 'result');
    expect(result.screen).toMatchObject({
      outcome: 'uncertain',
      codeStillCounts: true,
      mayRepeat: true,
    });
    await terminal.stack.pagePrinter.setFault('none');
    await citizen.press({ kind: 'repeatPrint' }, ['printing', 'takePaper']);
    expect((await citizen.take()).screen).toMatchObject({ outcome: 'delivered' });
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    expect(terminal.settled(approved.requestId)).toMatchObject([
      { outcome: 'uncertain' },
      { outcome: 'delivered' },
    ]);
  });
});

it('leaves nothing of all these people readable on the disk or in the log', () => {
  expect(terminal.secrets.size).toBeGreaterThan(12);
  expect(foundInClear(terminal.stack, terminal.secrets)).toEqual([]);
});
