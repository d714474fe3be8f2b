import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { newId } from '../../../src/base/ids.ts';
import type { Nik } from '../../../src/domain/nik.ts';
import { parseNik } from '../../../src/domain/nik.ts';
import type { HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import { otherDigits, RegistryBench, type ReadyRequest } from '../support/registry-bench.ts';

const clock = new FakeClock(Date.UTC(2026, 5, 1, 2));
const DAY_MS = 24 * 3_600_000;
let bench: RegistryBench;
let terminal: HttpRegistry;
let second: HttpRegistry;

beforeAll(async () => {
  bench = await RegistryBench.start({ clock });
  terminal = await bench.terminal('T-1');
  second = await bench.terminal('T-2');
});
afterAll(() => bench.stop());

const soon = { deadlineMs: 10_000 };
const pinTry = (nik: Nik, pin: string, sessionId = newId('ses'), on = terminal) =>
  on.claimants.verify(
    { presented: { kind: 'nik', nik }, known: { kind: 'pin', pin } },
    { sessionId },
    soon,
  );
const refused = (triesLeft: number | null) => ({
  ok: false,
  error: { kind: 'refused', triesLeft },
});
const wait = (waitSeconds: number) => ({
  ok: false,
  error: { kind: 'waitBeforeRetry', waitSeconds },
});
const strangerTo = (nik: Nik): Nik => {
  const stranger = parseNik(`${nik.slice(0, 12)}9${nik.slice(13)}`);
  if (!stranger.ok) throw new Error('not a NIK');
  return stranger.value;
};

describe('tries in one session', () => {
  it('are three, then none, even with the right PIN and another NIK', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const sessionId = newId('ses');
    const wrong = otherDigits(card.pin);
    const { nik } = card.applicant;
    expect(await pinTry(nik, wrong, sessionId)).toEqual(refused(2));
    expect(await pinTry(nik, wrong, sessionId)).toEqual(refused(1));
    expect(await pinTry(strangerTo(nik), wrong, sessionId)).toEqual(refused(0));
    expect(await pinTry(nik, card.pin, sessionId)).toEqual(refused(0));
    expect(await pinTry(nik, card.pin)).toMatchObject({ ok: true });
  });
});

describe('failures of one NIK', () => {
  async function fail(card: ReadyRequest, times: number): Promise<void> {
    for (let index = 0; index < times; index++) {
      const on = index % 2 === 0 ? terminal : second;
      const result = await pinTry(card.applicant.nik, otherDigits(card.pin), newId('ses'), on);
      expect(result).toMatchObject({ error: { kind: 'refused' } });
      clock.advance(8 * 60_000);
    }
  }

  it('make everybody wait 15 seconds after five, then twice as long, at every terminal', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const { nik } = card.applicant;
    await fail(card, 4);
    expect(await pinTry(nik, otherDigits(card.pin))).toEqual(refused(null));
    expect(await pinTry(nik, card.pin, newId('ses'), second)).toEqual(wait(15));
    clock.advance(14_000);
    expect(await pinTry(nik, card.pin)).toEqual(wait(1));
    clock.advance(1_000);
    expect(await pinTry(nik, otherDigits(card.pin))).toEqual(refused(null));
    expect(await pinTry(nik, card.pin)).toEqual(wait(30));
    clock.advance(30_000);
    expect(await pinTry(nik, card.pin)).toMatchObject({ ok: true });
    expect(await pinTry(nik, otherDigits(card.pin))).toEqual(refused(2));
  });

  it('lock it at ten a day everywhere, whatever the clock is set back to, until the day is over', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    await fail(card, 10);
    const locked = { ok: false, error: { kind: 'locked' } };
    expect(await pinTry(card.applicant.nik, card.pin)).toEqual(locked);
    expect(await pinTry(card.applicant.nik, card.pin, newId('ses'), second)).toEqual(locked);
    clock.setWallClock(clock.now() - DAY_MS);
    expect(await pinTry(card.applicant.nik, card.pin)).toEqual(locked);
    clock.setWallClock(clock.now() + DAY_MS);
    clock.advance(DAY_MS);
    expect(await pinTry(card.applicant.nik, card.pin)).toMatchObject({ ok: true });
  });

  it('cannot be raced: of forty tries at once only as many compare as the count allows', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => pinTry(card.applicant.nik, otherDigits(card.pin))),
    );
    const kinds = answers.map((answer) => (answer.ok ? 'claim' : answer.error.kind));
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'waitBeforeRetry')).toHaveLength(35);
  });

  it('are on disk before the PIN is compared', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const other = new Database(join(bench.dataDir, 'registry.db'), { readonly: true });
    const counted = other.prepare('SELECT COUNT(*) FROM tries WHERE succeeded = 0').pluck();
    const before = Number(counted.get());
    // The PIN is right: once it has been compared, the try no longer counts as failed.
    let seen = before;
    const answer = pinTry(card.applicant.nik, card.pin).finally(() => (seen = Infinity));
    while (seen === before) {
      seen = Number(counted.get());
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen).toBe(before + 1);
    expect(await answer).toMatchObject({ ok: true });
    expect(counted.get()).toBe(before);
    other.close();
  });
});

describe('a stranger', () => {
  it('gets byte for byte the same answers as a wrong PIN, one never registered, and a lost card', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl', reason: 'lost' });
    const unregistered = await bench.person('minAge=30&relationship=KEPALA%20KELUARGA');
    const { nik, ektpUid } = card.applicant;
    const pin = { kind: 'pin', pin: otherDigits(card.pin) } as const;
    const cases = [
      { presented: { kind: 'nik', nik } as const, known: pin },
      { presented: { kind: 'nik', nik: strangerTo(nik) } as const, known: pin },
      { presented: { kind: 'nik', nik: unregistered.nik } as const, known: pin },
      {
        presented: { kind: 'eKtp', nik, uid: ektpUid, assurance: 'authenticated' } as const,
        known: { kind: 'pin', pin: card.pin } as const,
      },
    ];
    for (const factors of cases) {
      const result = await terminal.claimants.verify(factors, { sessionId: newId('ses') }, soon);
      expect(result).toEqual(refused(2));
    }
  });

  it('is not told from a citizen whose record is for the office, before both factors are right', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    await bench.front(`/people/${card.applicant.personId}/standing`, { standing: 'protected' });
    expect(await pinTry(card.applicant.nik, otherDigits(card.pin))).toEqual(refused(2));
    const result = await pinTry(card.applicant.nik, card.pin);
    expect(result).toMatchObject({ error: { kind: 'goToOffice' } });
    expect(JSON.stringify(result)).not.toContain('protected');
  });
});
