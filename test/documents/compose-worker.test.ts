import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { composeCard } from '../../src/documents/compose-card.ts';
import { ComposeWorker, type ComposeWorkerOptions } from '../../src/documents/compose-worker.ts';
import { drawnPhoto } from '../../src/documents/photo/drawn-photo.ts';
import { specimenMarkIsDrawn } from '../../src/documents/specimen/check-raster.ts';
import { ktpElOf } from './sample-people.ts';

// Starting a process takes seconds on a busy machine.
jest.setTimeout(60_000);

const options = { mode: 'specimen', verifyUrl: 'http://127.0.0.1:8080/periksa/x' } as const;
const photo = drawnPhoto({ seed: 'contoh', birthYear: 1990 });
const workers: ComposeWorker[] = [];

function workerWith(changes: Partial<ComposeWorkerOptions> = {}): ComposeWorker {
  const worker = new ComposeWorker({ clock: systemClock, ...changes });
  workers.push(worker);
  return worker;
}

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.endSession()));
});

describe('the compose worker', () => {
  it('composes the card that composeCard composes', async () => {
    const direct = await composeCard(ktpElOf(), photo, options);
    const card = await workerWith().composeCard(ktpElOf(), photo, options);
    if (!card.ok || !direct.ok) throw new Error('refused');
    expect(card.value.digest).toBe(direct.value.digest);
    expect(card.value.sides.map(specimenMarkIsDrawn)).toEqual([true]);
  });

  it('hands refusals on as they are', async () => {
    const worker = workerWith();
    const card = await worker.composeCard(ktpElOf(), null, options);
    expect(card).toEqual({ ok: false, error: { kind: 'photoMissing' } });
    const expected = { trustAnchorsDer: [], expectedPages: 1, mode: 'specimen', nowMs: 0 } as const;
    const pdf = await worker.verifySignedPdf(new Uint8Array([1, 2, 3]), expected);
    expect(pdf).toEqual({ ok: false, error: { kind: 'notAPdf' } });
  });

  it('works on after a session has ended', async () => {
    const worker = workerWith();
    worker.warmUp();
    const first = await worker.composeCard(ktpElOf(), photo, options);
    await worker.endSession();
    const second = await worker.composeCard(ktpElOf(), photo, options);
    expect([first.ok, second.ok]).toEqual([true, true]);
  });

  it('gives up at the time limit, and serves the next with a fresh process', async () => {
    const limits: number[] = [];
    let hurry = true;
    const clock: Clock = {
      ...systemClock,
      after: (delayMs, fire) => {
        limits.push(delayMs);
        if (hurry && delayMs === 15_000) queueMicrotask(fire);
        return { cancel: () => undefined };
      },
    };
    const worker = workerWith({ clock });
    const late = await worker.composeCard(ktpElOf(), photo, options);
    expect(late).toEqual({ ok: false, error: { kind: 'timedOut' } });
    // The first is for the process to start, the second for the work that it took up.
    expect(limits).toEqual([60_000, 15_000]);
    hurry = false;
    expect((await worker.composeCard(ktpElOf(), photo, options)).ok).toBe(true);
  });

  it('fails by kind when the process runs out of memory', async () => {
    const card = await workerWith({ memoryLimitMb: 8 }).composeCard(ktpElOf(), photo, options);
    expect(card).toEqual({
      ok: false,
      error: { kind: 'composeFailed', reason: 'SIGABRT' },
    });
  });

  it('fails without quoting what broke it', async () => {
    const worker = workerWith();
    const broken = photo.slice(0, 700);
    const card = await worker.composeCard(ktpElOf(), broken, options);
    if (card.ok || card.error.kind !== 'composeFailed') throw new Error('not failed');
    expect(card.error.reason).toMatch(/^\w+$/);
    expect((await worker.composeCard(ktpElOf(), photo, options)).ok).toBe(true);
  });
});
