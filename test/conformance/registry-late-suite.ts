import { describe, expect, it } from '@jest/globals';
import { newId } from '../../src/base/ids.ts';
import type { OutcomeCorrection } from '../../src/domain/attempt.ts';
import type { RegistrySupport } from '../../src/registry/ports.ts';
import {
  soon,
  keyed,
  session,
  reportFor,
  byCode,
  reserveByCode,
  type RegistryUnderTest,
} from './registry-under-test.ts';

/** What is repeated, or comes late, changes nothing more, whatever the order. */
export function describeLateAndTwice(
  name: string,
  support: Pick<RegistrySupport, 'notes'>,
  underTest: () => RegistryUnderTest,
): void {
  describe(`${name}: what comes late or twice`, () => {
    const settlements = [
      ['delivered', 'diserahkan'],
      ['notPrinted', 'siapCetak'],
      ['spoiled', 'siapCetak'],
      ['retracted', 'takDiambil'],
      ['uncertain', 'perluPeriksa'],
    ] as const;

    it.each(settlements)('changes nothing after %s, in whatever order', async (outcome, state) => {
      const registry = await underTest().terminal('T-TWICE');
      const card = await underTest().ready('ktpEl');
      const attemptId = newId('att');
      const { claimToken, reservation } = await reserveByCode(registry, card, attemptId);
      await registry.documents.printMaterial(attemptId, soon);
      const report = reportFor(reservation, { outcome });
      const first = await registry.outcomes.reportOutcome(report, null, soon);
      expect(first).toMatchObject({ ok: true, value: { requestState: state } });
      const ask = { claimToken, requestId: card.requestId, attemptId, printCode: null };
      const repeats = [
        () => registry.requests.reserve(ask, soon),
        () => registry.requests.renew(attemptId, soon),
        () => registry.requests.hold(attemptId, soon),
        () => registry.requests.release(attemptId, soon),
        () => registry.outcomes.reportOutcome(report, null, soon),
      ];
      const ended = outcome === 'uncertain' ? 'onHold' : 'ended';
      // Every one first, in the middle and last, forwards and backwards.
      for (const order of repeats.flatMap((_, from) => {
        const turned = [...repeats.slice(from), ...repeats.slice(0, from)];
        return [turned, turned.toReversed()];
      })) {
        for (const repeat of order) {
          const answer = await repeat();
          if (!answer.ok) throw new Error(answer.error.kind);
          if ('receiptId' in answer.value) expect(answer).toEqual(first);
          else expect(answer.value.state).toBe(ended);
        }
      }
      expect(await registry.documents.printMaterial(attemptId, soon)).toMatchObject({
        error: { kind: 'unknownReservation' },
      });
      expect(await underTest().stateOf(card.requestId)).toBe(state);
    });

    it('is the same decision of people, before and after whatever else is repeated', async () => {
      const registry = await underTest().terminal('T-TWICE');
      const card = await underTest().ready('ktpEl');
      const attemptId = newId('att');
      const { reservation } = await reserveByCode(registry, card, attemptId);
      await registry.documents.printMaterial(attemptId, soon);
      const report = reportFor(reservation, { outcome: 'uncertain', evidence: 'none' });
      await registry.outcomes.reportOutcome(report, null, soon);
      const correction: OutcomeCorrection = {
        decisionId: newId('prop'),
        attemptId,
        requestId: card.requestId,
        terminalId: 'T-TWICE',
        outcome: 'delivered',
        blankSerial: report.blankSerial,
        blankBatch: report.blankBatch,
        decidedBy: [newId('per'), newId('per')],
        decidedAt: report.settledAt,
      };
      const correct = () => registry.outcomes.correctOutcome(correction, null, soon);
      const first = await correct();
      expect(first).toMatchObject({ ok: true, value: { requestState: 'diserahkan' } });
      await registry.requests.hold(attemptId, soon);
      await registry.requests.release(attemptId, soon);
      await registry.outcomes.reportOutcome(report, null, soon);
      expect(await correct()).toEqual(first);
      const other = { ...correction, outcome: 'notPrinted' as const };
      expect(await registry.outcomes.correctOutcome(other, null, soon)).toEqual({
        ok: false,
        error: { kind: 'conflict' },
      });
      expect(await underTest().stateOf(card.requestId)).toBe('diserahkan');
    });

    it('is refused where the key is the same and the content is not', async () => {
      const registry = await underTest().terminal('T-REUSE');
      const card = await underTest().ready('ktpEl');
      const other = await underTest().ready('ktpEl');
      const claimKey = keyed();
      const opened = session();
      const claim = await registry.claimants.verify(byCode(card), opened, claimKey);
      expect(claim.ok).toBe(true);
      expect(await registry.claimants.verify(byCode(other), opened, claimKey)).toMatchObject({
        error: { kind: 'nonsense' },
      });
      const attemptId = newId('att');
      await reserveByCode(registry, card, attemptId);
      await expect(reserveByCode(registry, other, attemptId)).rejects.toThrow('nonsense');
      expect(await underTest().stateOf(other.requestId)).toBe('siapCetak');
      expect(await underTest().stateOf(card.requestId)).toBe('dipesan');
    });

    if (support.notes) {
      it('is one note under one key, and no other', async () => {
        const registry = await underTest().terminal('T-REUSE');
        const noteKey = keyed();
        const feedback = { ...session(), element: 'U1', score: 4 };
        const say = (score: number) =>
          registry.outcomes.sendFeedback({ ...feedback, score }, noteKey);
        expect((await say(4)).ok).toBe(true);
        expect((await say(4)).ok).toBe(true);
        expect(await say(1)).toMatchObject({ error: { kind: 'nonsense' } });
      });
    }

    it('is answered as if it were on time once somebody listens again', async () => {
      const registry = await underTest().terminal('T-LATE');
      const card = await underTest().ready('ktpEl');
      const claim = await registry.claimants.verify(byCode(card), session(), keyed());
      if (!claim.ok) throw new Error(claim.error.kind);
      const attemptId = newId('att');
      const { requestId } = card;
      const ask = { claimToken: claim.value.claimToken, requestId, attemptId, printCode: null };
      const impatient = { deadlineMs: 500 };
      /** Asked without patience, then again: the same work, done once. */
      async function twice<T>(call: (options: typeof soon) => Promise<T>): Promise<T> {
        await underTest().answersLate(true);
        expect(await call(impatient)).toEqual({ ok: false, error: { kind: 'noAnswer' } });
        await underTest().answersLate(false);
        return call(soon);
      }
      const reserved = await twice((options) => registry.requests.reserve(ask, options));
      if (!reserved.ok) throw new Error(reserved.error.kind);
      expect(reserved.value).toMatchObject({ attemptId, state: 'held' });
      const material = await twice((options) =>
        registry.documents.printMaterial(attemptId, options),
      );
      expect(material.ok).toBe(true);
      const report = reportFor(reserved.value);
      const receipt = await twice((options) =>
        registry.outcomes.reportOutcome(report, null, options),
      );
      expect(receipt).toMatchObject({ ok: true, value: { requestState: 'diserahkan' } });
      const released = await twice((options) => registry.requests.release(attemptId, options));
      expect(released).toMatchObject({ value: { state: 'ended' } });
      expect(await underTest().stateOf(requestId)).toBe('diserahkan');
    });
  });
}
