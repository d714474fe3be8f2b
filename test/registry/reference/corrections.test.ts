import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { newId } from '../../../src/base/ids.ts';
import type { OutcomeCorrection } from '../../../src/domain/attempt.ts';
import type { HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import { reportFor, reserveByCode } from '../../conformance/registry-under-test.ts';
import { RegistryBench, type ReadyRequest } from '../support/registry-bench.ts';

const clock = new FakeClock(Date.UTC(2026, 5, 1, 2));
let bench: RegistryBench;
let terminal: HttpRegistry;

beforeAll(async () => {
  bench = await RegistryBench.start({ clock });
  terminal = await bench.terminal('T-1');
});
afterAll(() => bench.stop());

const soon = { deadlineMs: 10_000 };

/** A request whose attempt was reported uncertain. */
async function doubted(request: ReadyRequest): Promise<OutcomeCorrection> {
  const attemptId = newId('att');
  const { reservation } = await reserveByCode(terminal, request, attemptId);
  const material = await terminal.documents.printMaterial(attemptId, soon);
  if (!material.ok) throw new Error(material.error.kind);
  const report = reportFor(reservation, { outcome: 'uncertain', evidence: 'none' });
  const receipt = await terminal.outcomes.reportOutcome(report, null, soon);
  if (!receipt.ok) throw new Error(receipt.error.kind);
  return {
    decisionId: newId('prop'),
    attemptId,
    requestId: request.requestId,
    terminalId: 'T-1',
    outcome: 'delivered',
    blankSerial: 'KTP-0001',
    blankBatch: 'B-1',
    decidedBy: [newId('per'), newId('per')],
    decidedAt: clock.now(),
  };
}

const send = (correction: OutcomeCorrection) =>
  terminal.outcomes.correctOutcome(correction, null, soon);

const decide = ({ requestId }: ReadyRequest, to: 'siapCetak' | 'diserahkan') =>
  bench.front(`/applications/${requestId}/decide`, { to, by: 'Petugas' });

const card = () => bench.ready({ documentKind: 'ktpEl' });

describe('what people at a terminal decided of a card', () => {
  it.each<[OutcomeCorrection['outcome'], string]>([
    ['delivered', 'diserahkan'],
    ['notPrinted', 'siapCetak'],
    ['spoiled', 'siapCetak'],
    ['retracted', 'takDiambil'],
  ])('as %s lifts the hold: %s', async (outcome, state) => {
    const request = await card();
    const correction = { ...(await doubted(request)), outcome };
    expect(await bench.stateOf(request.requestId)).toBe('perluPeriksa');
    expect(await send(correction)).toMatchObject({ value: { requestState: state } });
    expect(await bench.stateOf(request.requestId)).toBe(state);
  });

  it('counts as one more spoiled card, and the second waits for an officer', async () => {
    const request = await card();
    await send({ ...(await doubted(request)), outcome: 'spoiled' });
    await send({ ...(await doubted(request)), outcome: 'spoiled' });
    expect(await bench.stateOf(request.requestId)).toBe('gagalCetak');
  });

  it('is taken once: sent again it gives the first receipt, with other words a conflict', async () => {
    const request = await card();
    const correction = { ...(await doubted(request)), outcome: 'notPrinted' as const };
    const first = await send(correction);
    expect(await send(correction)).toEqual(first);
    expect(await send({ ...correction, outcome: 'delivered' })).toEqual({
      ok: false,
      error: { kind: 'conflict' },
    });
    expect(await bench.stateOf(request.requestId)).toBe('siapCetak');
  });

  it('of an attempt that this terminal never had is unknown', async () => {
    const request = await card();
    const correction = await doubted(request);
    const foreign = await bench.terminal('T-2');
    const asOther = { ...correction, terminalId: 'T-2' };
    expect(await foreign.outcomes.correctOutcome(asOther, null, soon)).toMatchObject({
      error: { kind: 'unknownReservation' },
    });
    expect(await send({ ...correction, attemptId: newId('att') })).toMatchObject({
      error: { kind: 'unknownReservation' },
    });
    expect(await bench.stateOf(request.requestId)).toBe('perluPeriksa');
  });
});

describe('a card that a terminal held back for its holder', () => {
  /** On hold, and reported as lying in the reject bin. */
  async function heldBack(request: ReadyRequest): Promise<OutcomeCorrection> {
    const attemptId = newId('att');
    const { reservation } = await reserveByCode(terminal, request, attemptId);
    await terminal.documents.printMaterial(attemptId, soon);
    await terminal.requests.hold(attemptId, soon);
    const report = reportFor(reservation, { outcome: 'spoiled', faultCode: 'holderNotMatched' });
    await terminal.outcomes.reportOutcome(report, null, soon);
    return {
      decisionId: newId('prop'),
      attemptId,
      requestId: request.requestId,
      terminalId: 'T-1',
      outcome: 'spoiled',
      blankSerial: report.blankSerial,
      blankBatch: report.blankBatch,
      decidedBy: [newId('per'), newId('per')],
      decidedAt: clock.now(),
    };
  }

  it('shows an officer why it waits', async () => {
    const request = await card();
    await heldBack(request);
    const { state, events } = await bench.front<{ state: string; events: { note: string }[] }>(
      `/requests/${request.requestId}`,
    );
    expect(state).toBe('perluPeriksa');
    expect(events.at(-1)?.note).toContain('holderNotMatched');
  });

  it('counts as one spoiled card where it was destroyed, and the second waits for an officer', async () => {
    const request = await card();
    await send(await heldBack(request));
    expect(await bench.stateOf(request.requestId)).toBe('siapCetak');
    await send(await heldBack(request));
    expect(await bench.stateOf(request.requestId)).toBe('gagalCetak');
  });

  it('that was handed over stops a print that an officer allowed meanwhile', async () => {
    const request = await card();
    const correction = await heldBack(request);
    await decide(request, 'siapCetak');
    const next = newId('att');
    await reserveByCode(terminal, request, next);
    expect(await send({ ...correction, outcome: 'delivered' })).toMatchObject({
      value: { requestState: 'perluPeriksa' },
    });
    expect(await terminal.documents.printMaterial(next, soon)).toMatchObject({
      error: { kind: 'unknownReservation' },
    });
  });
});

describe('a decision that comes late', () => {
  it('frees nothing that an officer decided otherwise', async () => {
    const request = await card();
    const correction = await doubted(request);
    await decide(request, 'diserahkan');
    expect(await send({ ...correction, outcome: 'notPrinted' })).toMatchObject({
      value: { requestState: 'diserahkan' },
    });
  });

  it('that a card is out sends a request back to people that would be printed again', async () => {
    const request = await card();
    const correction = await doubted(request);
    await decide(request, 'siapCetak');
    expect(await send(correction)).toMatchObject({ value: { requestState: 'perluPeriksa' } });
  });

  it('that a card is out freezes whoever prints it now', async () => {
    const request = await card();
    const correction = await doubted(request);
    await decide(request, 'siapCetak');
    const attemptId = newId('att');
    await reserveByCode(terminal, request, attemptId);
    expect(await send(correction)).toMatchObject({ value: { requestState: 'perluPeriksa' } });
    expect(await terminal.requests.readReservation(attemptId, soon)).toMatchObject({
      value: { state: 'onHold' },
    });
  });
});

describe('what one person decided of paper', () => {
  it('that the citizen has it ends a request that was ready again', async () => {
    const request = await bench.ready({ documentKind: 'kk' });
    const correction = { ...(await doubted(request)), blankSerial: null, blankBatch: null };
    expect(await bench.stateOf(request.requestId)).toBe('siapCetak');
    const alone = { ...correction, decidedBy: correction.decidedBy.slice(0, 1) };
    expect(await send(alone)).toMatchObject({ value: { requestState: 'diserahkan' } });
  });

  it('that it was destroyed leaves it ready', async () => {
    const request = await bench.ready({ documentKind: 'kk' });
    const correction = { ...(await doubted(request)), outcome: 'spoiled' as const };
    expect(await send(correction)).toMatchObject({ value: { requestState: 'siapCetak' } });
  });
});
