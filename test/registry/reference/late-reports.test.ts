import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { newId } from '../../../src/base/ids.ts';
import type { Outcome } from '../../../src/domain/attempt.ts';
import type { HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import { samplePolicy } from '../../../src/registry/reference/policy.ts';
import { reportFor, reserveByCode } from '../../conformance/registry-under-test.ts';
import { RegistryBench } from '../support/registry-bench.ts';

const clock = new FakeClock(Date.UTC(2026, 5, 1, 2));
const soon = { deadlineMs: 10_000 };
const conflict = { ok: false, error: { kind: 'conflict' } };
let bench: RegistryBench;
let late: HttpRegistry;
let other: HttpRegistry;

beforeAll(async () => {
  bench = await RegistryBench.start({ clock });
  late = await bench.terminal('T-LATE');
  other = await bench.terminal('T-OTHER');
});
afterAll(() => bench.stop());

/** A lease that lapsed while its terminal was down, and the terminal that reserved in between. */
async function overtaken() {
  const card = await bench.ready({ documentKind: 'ktpEl' });
  const first = await reserveByCode(late, card, newId('att'));
  clock.advance(samplePolicy.leaseMs);
  const second = await reserveByCode(other, card, newId('att'));
  return { card, first: first.reservation, second: second.reservation };
}

const stateFor = async (attemptId: string) => {
  const read = await other.requests.readReservation(attemptId, soon);
  return read.ok ? read.value.state : read.error.kind;
};

describe('a report of an attempt that another terminal overtook', () => {
  it.each<Outcome>(['delivered', 'retracted', 'uncertain'])(
    'as %s is a conflict, each time it is sent, and stops the other before anything is printed',
    async (outcome) => {
      const { card, first, second } = await overtaken();
      const report = reportFor(first, { outcome });
      expect(await late.outcomes.reportOutcome(report, null, soon)).toEqual(conflict);
      expect(await late.outcomes.reportOutcome(report, null, soon)).toEqual(conflict);
      expect(await bench.stateOf(card.requestId)).toBe('perluPeriksa');
      expect(await stateFor(second.attemptId)).toBe('onHold');
      expect(await other.documents.printMaterial(second.attemptId, soon)).toMatchObject({
        error: { kind: 'unknownReservation' },
      });
    },
  );

  it('that prints already leaves what comes of it to people', async () => {
    const { card, first, second } = await overtaken();
    expect(await other.documents.printMaterial(second.attemptId, soon)).toMatchObject({ ok: true });
    expect(await late.outcomes.reportOutcome(reportFor(first), null, soon)).toEqual(conflict);
    expect(await other.outcomes.reportOutcome(reportFor(second), null, soon)).toMatchObject({
      value: { requestState: 'perluPeriksa' },
    });
    expect(await bench.stateOf(card.requestId)).toBe('perluPeriksa');
  });

  it('that has handed it over is a conflict too, and takes nothing back', async () => {
    const { card, first, second } = await overtaken();
    await other.documents.printMaterial(second.attemptId, soon);
    await other.outcomes.reportOutcome(reportFor(second), null, soon);
    expect(await late.outcomes.reportOutcome(reportFor(first), null, soon)).toEqual(conflict);
    expect(await bench.stateOf(card.requestId)).toBe('diserahkan');
    const { events } = await bench.front<{ events: { event: string; actor: string }[] }>(
      `/requests/${card.requestId}`,
    );
    expect(events.at(-1)).toMatchObject({ event: 'reported', actor: 'terminal:T-LATE' });
  });

  it('told again after people decided freezes it no second time', async () => {
    const { card, first } = await overtaken();
    const report = reportFor(first);
    await late.outcomes.reportOutcome(report, null, soon);
    const decide = `/applications/${card.requestId}/decide`;
    await bench.front(decide, { to: 'siapCetak', by: 'Petugas' });
    expect(await late.outcomes.reportOutcome(report, null, soon)).toEqual(conflict);
    expect(await bench.stateOf(card.requestId)).toBe('siapCetak');
  });

  it.each<Outcome>(['notPrinted', 'spoiled'])(
    'as %s brought nothing out: it is kept and disturbs nobody',
    async (outcome) => {
      const { first, second } = await overtaken();
      const report = reportFor(first, { outcome });
      expect(await late.outcomes.reportOutcome(report, null, soon)).toMatchObject({
        value: { requestState: 'dipesan' },
      });
      expect(await stateFor(second.attemptId)).toBe('held');
    },
  );
});

describe('a second story of an attempt that said it printed nothing', () => {
  it('that a card is out stops whoever prints it now', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl' });
    const { reservation } = await reserveByCode(late, card, newId('att'));
    const nothing = reportFor(reservation, { outcome: 'notPrinted' });
    expect(await late.outcomes.reportOutcome(nothing, null, soon)).toMatchObject({ ok: true });
    const second = await reserveByCode(other, card, newId('att'));
    expect(await late.outcomes.reportOutcome(reportFor(reservation), null, soon)).toEqual(conflict);
    expect(await stateFor(second.reservation.attemptId)).toBe('onHold');
  });
});
