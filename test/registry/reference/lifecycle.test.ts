import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { newId } from '../../../src/base/ids.ts';
import type { OutcomeReport } from '../../../src/domain/attempt.ts';
import type { HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import { reportFor, reserveByCode } from '../../conformance/registry-under-test.ts';
import { otherDigits, RegistryBench, type ReadyRequest } from '../support/registry-bench.ts';

const clock = new FakeClock(Date.UTC(2026, 5, 1, 2));
const LEASE_MS = 10 * 60_000;
let bench: RegistryBench;
let terminal: HttpRegistry;

beforeAll(async () => {
  bench = await RegistryBench.start({ clock });
  terminal = await bench.terminal('T-1');
});
afterAll(() => bench.stop());

const soon = { deadlineMs: 10_000 };

/** Reserves, fetches the material where `printing`, and gives what a report needs. */
async function attempt(request: ReadyRequest, printing = true) {
  const attemptId = newId('att');
  const { reservation } = await reserveByCode(terminal, request, attemptId);
  if (printing) {
    const material = await terminal.documents.printMaterial(attemptId, soon);
    if (!material.ok) throw new Error(material.error.kind);
  }
  return reservation;
}

async function settle(request: ReadyRequest, change: Partial<OutcomeReport>): Promise<string> {
  const reservation = await attempt(request);
  const receipt = await terminal.outcomes.reportOutcome(reportFor(reservation, change), null, soon);
  if (!receipt.ok) throw new Error(receipt.error.kind);
  expect(await bench.stateOf(request.requestId)).toBe(receipt.value.requestState);
  return receipt.value.requestState;
}

describe('a lease', () => {
  it('lapses back to ready while nothing was fetched, and the late attempt has lost its right', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const late = await attempt(card, false);
    clock.advance(LEASE_MS);
    expect(await bench.stateOf(card.requestId)).toBe('siapCetak');
    expect(await terminal.documents.printMaterial(late.attemptId, soon)).toMatchObject({
      error: { kind: 'unknownReservation' },
    });
    expect(await terminal.requests.renew(late.attemptId, soon)).toMatchObject({
      value: { state: 'ended' },
    });
  });

  it('frees nothing once the material was fetched', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const printing = await attempt(card);
    clock.advance(2 * LEASE_MS);
    expect(await bench.stateOf(card.requestId)).toBe('mencetak');
    const receipt = await terminal.outcomes.reportOutcome(reportFor(printing), null, soon);
    expect(receipt).toMatchObject({ value: { requestState: 'diserahkan' } });
  });

  it('runs anew when renewed', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const held = await attempt(card, false);
    clock.advance(LEASE_MS - 1);
    expect(await terminal.requests.renew(held.attemptId, soon)).toMatchObject({
      value: { state: 'held', leaseExpiresAt: clock.now() + LEASE_MS },
    });
    clock.advance(LEASE_MS - 1);
    expect(await bench.stateOf(card.requestId)).toBe('dipesan');
  });
});

describe('an outcome moves the request', () => {
  it.each<[Partial<OutcomeReport>, string]>([
    [{ outcome: 'delivered' }, 'diserahkan'],
    [{ outcome: 'notPrinted' }, 'siapCetak'],
    [{ outcome: 'spoiled' }, 'siapCetak'],
    [{ outcome: 'retracted' }, 'takDiambil'],
    [{ outcome: 'uncertain' }, 'perluPeriksa'],
  ])('%j of a card to %s', async (change, state) => {
    expect(await settle(await bench.ready({ documentKind: 'ktpEl' }), change)).toBe(state);
  });

  it('to gagalCetak at the second spoiled card, until an officer decides', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    expect(await settle(card, { outcome: 'spoiled' })).toBe('siapCetak');
    expect(await settle(card, { outcome: 'spoiled' })).toBe('gagalCetak');
    await bench.front(`/applications/${card.requestId}/decide`, { to: 'siapCetak', by: 'Petugas' });
    expect(await settle(card, { outcome: 'delivered' })).toBe('diserahkan');
  });

  it('of a KK in doubt back to ready once, then to people, and says that the limit is reached', async () => {
    const kk = await bench.ready({ documentKind: 'kk' });
    expect(await settle(kk, { outcome: 'uncertain', evidence: 'hostAccepted' })).toBe('siapCetak');
    expect(await settle(kk, { outcome: 'uncertain', evidence: 'hostAccepted' })).toBe(
      'perluPeriksa',
    );
    await expect(attempt(kk)).rejects.toThrow('limitReached');
  });

  it('never frees a request that is frozen', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const reservation = await attempt(card);
    await terminal.requests.hold(reservation.attemptId, soon);
    const report = reportFor(reservation, { outcome: 'notPrinted' });
    expect(await terminal.outcomes.reportOutcome(report, null, soon)).toMatchObject({
      value: { requestState: 'perluPeriksa' },
    });
    expect(await terminal.requests.readReservation(reservation.attemptId, soon)).toMatchObject({
      value: { state: 'onHold' },
    });
  });

  it('sends people a card said to be printed after its right had lapsed', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const late = await attempt(card, false);
    clock.advance(LEASE_MS);
    expect(await bench.stateOf(card.requestId)).toBe('siapCetak');
    const receipt = await terminal.outcomes.reportOutcome(reportFor(late), null, soon);
    expect(receipt).toMatchObject({ value: { requestState: 'perluPeriksa' } });
  });

  it('leaves a late notPrinted without effect on the next attempt', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const late = await attempt(card, false);
    clock.advance(LEASE_MS);
    await attempt(card);
    const report = reportFor(late, { outcome: 'notPrinted' });
    expect(await terminal.outcomes.reportOutcome(report, null, soon)).toMatchObject({
      value: { requestState: 'mencetak' },
    });
  });
});

describe('a print code', () => {
  async function pinClaim(card: ReadyRequest): Promise<string> {
    const { nik } = card.applicant;
    const claim = await terminal.claimants.verify(
      { presented: { kind: 'nik', nik }, known: { kind: 'pin', pin: card.pin } },
      { sessionId: newId('ses') },
      soon,
    );
    if (!claim.ok) throw new Error(claim.error.kind);
    return claim.value.claimToken;
  }

  it('is asked for by a KTP-el after NIK and PIN, three tries, a repeated call counted once', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const claimToken = await pinClaim(card);
    const listed = await terminal.requests.list(claimToken, soon);
    expect(listed).toMatchObject({ value: [{ needsPrintCode: true }] });
    const { requestId } = card;
    const reserve = (attemptId: string, printCode: string | null) =>
      terminal.requests.reserve({ claimToken, requestId, attemptId, printCode }, soon);
    const wrong = (triesLeft: number) => ({
      ok: false,
      error: { kind: 'wrongPrintCode', triesLeft },
    });
    const repeated = newId('att');
    expect(await reserve(repeated, otherDigits(card.printCode))).toEqual(wrong(2));
    expect(await reserve(repeated, otherDigits(card.printCode))).toEqual(wrong(2));
    expect(await reserve(newId('att'), null)).toEqual(wrong(1));
    expect(await reserve(repeated, card.printCode)).toMatchObject({ ok: true });
  });

  it('of another document opens nothing', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const other = await bench.ready({ documentKind: 'ktpEl' });
    const result = await terminal.claimants.verify(
      {
        presented: { kind: 'code', code: card.code },
        known: { kind: 'printCode', printCode: other.printCode },
      },
      { sessionId: newId('ses') },
      soon,
    );
    expect(result).toEqual({ ok: false, error: { kind: 'refused', triesLeft: 2 } });
  });

  it('expires with its request after two years', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    clock.advance(2 * 365 * 24 * 3_600_000);
    await expect(attempt(card)).rejects.toThrow('refused');
    expect(await bench.stateOf(card.requestId)).toBe('kedaluwarsa');
  });
});

describe('authority', () => {
  it("lets a mother collect her child's KIA and no stranger do so", async () => {
    const kia = await bench.ready({ documentKind: 'kia' });
    const stranger = await bench.ready({ documentKind: 'ktpEl' });
    const claim = await terminal.claimants.verify(
      {
        presented: { kind: 'nik', nik: stranger.applicant.nik },
        known: { kind: 'pin', pin: stranger.pin },
      },
      { sessionId: newId('ses') },
      soon,
    );
    if (!claim.ok) throw new Error(claim.error.kind);
    const { claimToken } = claim.value;
    const listed = await terminal.requests.list(claimToken, soon);
    expect(listed.ok && listed.value.map((line) => line.requestId)).toEqual([stranger.requestId]);
    expect(
      await terminal.requests.reserve(
        { claimToken, requestId: kia.requestId, attemptId: newId('att'), printCode: null },
        soon,
      ),
    ).toMatchObject({ error: { kind: 'notReady' } });
  });
});

describe('a reused attempt id', () => {
  it('for another request breaks the contract instead of reserving', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const other = await bench.ready({ documentKind: 'ktpEl' });
    const { attemptId } = await attempt(card, false);
    await expect(reserveByCode(terminal, other, attemptId)).rejects.toThrow('nonsense');
    expect(await bench.stateOf(other.requestId)).toBe('siapCetak');
  });
});
