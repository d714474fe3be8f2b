import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/base/ids.ts';
import type { FactorPair, KnownFactor, PresentedFactor } from '../../src/domain/claim.ts';
import type { Registry, RegistrySupport } from '../../src/registry/ports.ts';
import { otherDigits } from '../registry/support/registry-bench.ts';
import { describeLateAndTwice } from './registry-late-suite.ts';
import {
  soon,
  keyed,
  session,
  reportFor,
  byCode,
  reserveByCode,
  type RegistryUnderTest,
  type LosingTerminal,
} from './registry-under-test.ts';

/** The promises of the four ports, to be kept by every adapter that claims `exclusiveReservation`. */
export function describeRegistry(
  name: string,
  support: Omit<RegistrySupport, 'exclusiveReservation'> & { readonly exclusiveReservation: true },
  underTest: () => RegistryUnderTest,
): void {
  it(`${name}: says what it supports`, async () => {
    expect((await underTest().terminal('T-SUPPORT')).support).toEqual(support);
  });

  describe(`${name}: verifying a claimant`, () => {
    it('opens a claim with each pair the policy accepts and refuses every other pair', async () => {
      const registry = await underTest().terminal('T-MATRIX');
      const card = await underTest().ready('ktpEl');
      const { nik, ektpUid } = card.applicant;
      const presented: PresentedFactor[] = [
        { kind: 'eKtp', nik, uid: ektpUid, assurance: 'authenticated' },
        { kind: 'code', code: card.code },
        { kind: 'nik', nik },
      ];
      const known: KnownFactor[] = [
        { kind: 'pin', pin: card.pin },
        { kind: 'printCode', printCode: card.printCode },
      ];
      const answers: Partial<Record<FactorPair, string>> = {};
      for (const one of presented) {
        for (const other of known) {
          const factors = { presented: one, known: other };
          const result = await registry.claimants.verify(factors, session(), keyed());
          answers[`${one.kind}+${other.kind}`] = result.ok ? 'claim' : result.error.kind;
        }
      }
      expect(answers).toEqual({
        // Who names no request can only be served where requests are listed by person.
        'eKtp+pin': support.listByPerson ? 'claim' : 'factorsNotAccepted',
        'eKtp+printCode': 'factorsNotAccepted',
        'code+pin': 'factorsNotAccepted',
        'code+printCode': 'claim',
        'nik+pin': support.listByPerson ? 'claim' : 'factorsNotAccepted',
        'nik+printCode': 'factorsNotAccepted',
      });
    });

    const listed = async (factors: 'pin' | 'code') => {
      const registry = await underTest().terminal('T-LIST');
      const kia = await underTest().ready('kia');
      const byPin = {
        presented: { kind: 'nik', nik: kia.applicant.nik },
        known: { kind: 'pin', pin: kia.pin },
      } as const;
      const asked = factors === 'pin' ? byPin : byCode(kia);
      const claim = await registry.claimants.verify(asked, session(), keyed());
      if (!claim.ok) throw new Error(claim.error.kind);
      const all = await registry.requests.list(claim.value.claimToken, soon);
      if (!all.ok) throw new Error(all.error.kind);
      return { kia, all: all.value };
    };

    it.each(support.listByPerson ? (['pin', 'code'] as const) : (['code'] as const))(
      'lists masked names by %s',
      async (factors) => {
        const { kia, all } = await listed(factors);
        const line = all.find((one) => one.requestId === kia.requestId);
        expect(line).toMatchObject({ state: 'siapCetak', blankKind: 'kia' });
        expect(line?.authority).toBe('parent');
        expect(line?.subjectName).toMatch(/^\S\*{2,}/);
        expect(JSON.stringify(all)).not.toContain(kia.subject.nik);
      },
    );

    it('lists by a code only the request of that code', async () => {
      const { kia, all } = await listed('code');
      expect(all.map((one) => one.requestId)).toEqual([kia.requestId]);
    });

    it('ends a claim for good, and ending it again does no harm', async () => {
      const registry = await underTest().terminal('T-END');
      const card = await underTest().ready('ktpEl');
      const claim = await registry.claimants.verify(byCode(card), session(), keyed());
      if (!claim.ok) throw new Error(claim.error.kind);
      const { claimToken } = claim.value;
      expect(await registry.claimants.endClaim(claimToken, soon)).toMatchObject({ ok: true });
      expect(await registry.claimants.endClaim(claimToken, soon)).toMatchObject({ ok: true });
      expect(await registry.requests.list(claimToken, soon)).toMatchObject({
        error: { kind: 'claimEnded' },
      });
    });

    it('gives a claim to no other terminal', async () => {
      const card = await underTest().ready('ktpEl');
      const own = await underTest().terminal('T-OWN');
      const other = await underTest().terminal('T-OTHER');
      const claim = await own.claimants.verify(byCode(card), session(), keyed());
      if (!claim.ok) throw new Error(claim.error.kind);
      expect(await other.requests.list(claim.value.claimToken, soon)).toMatchObject({
        error: { kind: 'claimEnded' },
      });
    });
  });

  describe(`${name}: reserving`, () => {
    it('lets exactly one of twenty terminals have a request', async () => {
      const card = await underTest().ready('ktpEl');
      const racers: { registry: Registry; claimToken: string }[] = [];
      for (let index = 0; index < 20; index++) {
        const registry = await underTest().terminal(`T-RACE-${index}`);
        const claim = await registry.claimants.verify(byCode(card), session(), keyed());
        if (!claim.ok) throw new Error(claim.error.kind);
        racers.push({ registry, claimToken: claim.value.claimToken });
      }
      const answers = await Promise.all(
        racers.map(({ registry, claimToken }) =>
          registry.requests.reserve(
            { claimToken, requestId: card.requestId, attemptId: newId('att'), printCode: null },
            soon,
          ),
        ),
      );
      const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer.error.kind]));
      expect(refusals).toEqual(Array.from({ length: 19 }, () => 'reservedElsewhere'));
      expect(await underTest().stateOf(card.requestId)).toBe('dipesan');
    });

    it('answers the same attempt with the same reservation, also to a late reader', async () => {
      const registry = await underTest().terminal('T-SAME');
      const card = await underTest().ready('ktpEl');
      const attemptId = newId('att');
      const { claimToken, reservation } = await reserveByCode(registry, card, attemptId);
      const ask = { claimToken, requestId: card.requestId, attemptId, printCode: null };
      expect(await registry.requests.reserve(ask, soon)).toEqual({ ok: true, value: reservation });
      expect(await registry.requests.readReservation(attemptId, soon)).toEqual({
        ok: true,
        value: reservation,
      });
    });

    it("keeps one terminal's reservation from another's eyes and hands", async () => {
      const registry = await underTest().terminal('T-MINE');
      const stranger = await underTest().terminal('T-STRANGER');
      const card = await underTest().ready('ktpEl');
      const attemptId = newId('att');
      await reserveByCode(registry, card, attemptId);
      const unknown = { ok: false, error: { kind: 'unknownReservation' } };
      expect(await stranger.requests.readReservation(attemptId, soon)).toEqual(unknown);
      expect(await stranger.requests.release(attemptId, soon)).toEqual(unknown);
      expect(await stranger.requests.hold(attemptId, soon)).toEqual(unknown);
      expect(await stranger.documents.printMaterial(attemptId, soon)).toEqual(unknown);
      expect(await underTest().stateOf(card.requestId)).toBe('dipesan');
    });

    it('makes a released request ready for another terminal, and a held one for nobody', async () => {
      const first = await underTest().terminal('T-FIRST');
      const second = await underTest().terminal('T-SECOND');
      const card = await underTest().ready('ktpEl');
      const attemptId = newId('att');
      await reserveByCode(first, card, attemptId);
      expect(await first.requests.release(attemptId, soon)).toMatchObject({
        value: { state: 'ended' },
      });
      const next = newId('att');
      const { claimToken } = await reserveByCode(second, card, next);
      expect(await second.requests.hold(next, soon)).toMatchObject({ value: { state: 'onHold' } });
      expect(await second.requests.release(next, soon)).toMatchObject({
        value: { state: 'onHold' },
      });
      expect(
        await second.requests.reserve(
          { claimToken, requestId: card.requestId, attemptId: newId('att'), printCode: null },
          soon,
        ),
      ).toMatchObject({ error: { kind: 'notReady' } });
      expect(await underTest().stateOf(card.requestId)).toBe('perluPeriksa');
    });
  });

  describe(`${name}: answers lost after the work was done`, () => {
    let losing: LosingTerminal;
    beforeAll(async () => {
      losing = await underTest().losing('T-LOSING');
    });

    /** Loses the first answer of `call` and proves that one was lost. */
    async function lost<T>(call: (registry: Registry) => Promise<T>): Promise<T> {
      const before = losing.lostAnswers();
      await losing.warmUp();
      losing.loseNextAnswer();
      const result = await call(losing.registry);
      expect(losing.lostAnswers()).toBe(before + 1);
      return result;
    }

    it('a wrong verification under one key is counted once', async () => {
      const card = await underTest().ready('ktpEl');
      const factors = {
        presented: byCode(card).presented,
        known: { kind: 'printCode', printCode: otherDigits(card.printCode) } as const,
      };
      const one = session();
      const first = await lost((registry) => registry.claimants.verify(factors, one, keyed()));
      expect(first).toEqual({ ok: false, error: { kind: 'refused', triesLeft: 2 } });
      const second = await losing.registry.claimants.verify(factors, one, keyed());
      expect(second).toEqual({ ok: false, error: { kind: 'refused', triesLeft: 1 } });
    });

    it('a verification without a key is not repeated by the adapter', async () => {
      const card = await underTest().ready('ktpEl');
      const result = await lost((registry) =>
        registry.claimants.verify(byCode(card), session(), soon),
      );
      expect(result).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    });

    it('reserving, fetching and reporting are each carried out once', async () => {
      const card = await underTest().ready('ktpEl');
      const { requestId } = card;
      const claim = await losing.registry.claimants.verify(byCode(card), session(), keyed());
      if (!claim.ok) throw new Error(claim.error.kind);
      const { claimToken } = claim.value;
      const attemptId = newId('att');
      const reserved = await lost((registry) =>
        registry.requests.reserve({ claimToken, requestId, attemptId, printCode: null }, soon),
      );
      expect(reserved).toMatchObject({ ok: true, value: { attemptId, state: 'held' } });

      const material = await lost((registry) => registry.documents.printMaterial(attemptId, soon));
      expect(material).toMatchObject({ ok: true, value: { media: 'controlledBlank' } });

      if (!reserved.ok) throw new Error(reserved.error.kind);
      const report = reportFor(reserved.value);
      const receipt = await lost((registry) => registry.outcomes.reportOutcome(report, null, soon));
      expect(receipt).toMatchObject({ ok: true, value: { requestState: 'diserahkan' } });
      expect(await losing.registry.outcomes.reportOutcome(report, null, soon)).toEqual(receipt);
    });

    it('releasing twice because of a lost answer frees the request once', async () => {
      const card = await underTest().ready('ktpEl');
      const attemptId = newId('att');
      await reserveByCode(losing.registry, card, attemptId);
      const released = await lost((registry) => registry.requests.release(attemptId, soon));
      expect(released).toMatchObject({ ok: true, value: { state: 'ended' } });
      expect(await underTest().stateOf(card.requestId)).toBe('siapCetak');
    });
  });

  describeLateAndTwice(name, support, underTest);

  describe(`${name}: outcomes`, () => {
    it('gives one receipt for one report and calls another story a conflict', async () => {
      const registry = await underTest().terminal('T-OUTCOME');
      const card = await underTest().ready('ktpEl');
      const attemptId = newId('att');
      const { reservation } = await reserveByCode(registry, card, attemptId);
      await registry.documents.printMaterial(attemptId, soon);
      const report = reportFor(reservation, { outcome: 'notPrinted', evidence: 'deviceReported' });
      const first = await registry.outcomes.reportOutcome(report, null, soon);
      expect(first).toMatchObject({ ok: true, value: { requestState: 'siapCetak' } });
      expect(await registry.outcomes.reportOutcome(report, null, soon)).toEqual(first);
      expect(await registry.outcomes.reportOutcome(reportFor(reservation), null, soon)).toEqual({
        ok: false,
        error: { kind: 'conflict' },
      });
      expect(await underTest().stateOf(card.requestId)).toBe('perluPeriksa');
    });

    it('knows nothing of an attempt that never reserved', async () => {
      const registry = await underTest().terminal('T-OUTCOME');
      const card = await underTest().ready('ktpEl');
      const report = reportFor({
        requestId: card.requestId,
        attemptId: newId('att'),
        terminalId: 'T-OUTCOME',
      });
      expect(await registry.outcomes.reportOutcome(report, null, soon)).toEqual({
        ok: false,
        error: { kind: 'unknownReservation' },
      });
    });

    it('keeps the codes alive through failed prints and lets them die at hand-over', async () => {
      const registry = await underTest().terminal('T-CODES');
      const card = await underTest().ready('ktpEl');
      const spoil = newId('att');
      const first = await reserveByCode(registry, card, spoil);
      await registry.documents.printMaterial(spoil, soon);
      const spoiled = reportFor(first.reservation, {
        outcome: 'spoiled',
        faultCode: 'mediaJammed',
      });
      await registry.outcomes.reportOutcome(spoiled, null, soon);

      const deliver = newId('att');
      const second = await reserveByCode(registry, card, deliver);
      await registry.documents.printMaterial(deliver, soon);
      await registry.outcomes.reportOutcome(reportFor(second.reservation), null, soon);
      const asked = session();
      const right = byCode(card);
      const used = { ok: false, error: { kind: 'codeUsed' } };
      expect(await registry.claimants.verify(right, asked, keyed())).toEqual(used);
      // Who has the code alone does not hear that, and that the right one is tried again costs nothing.
      const known = { kind: 'printCode', printCode: otherDigits(card.printCode) } as const;
      expect(await registry.claimants.verify({ ...right, known }, asked, keyed())).toEqual({
        ok: false,
        error: { kind: 'refused', triesLeft: 2 },
      });
      expect(await registry.claimants.verify(right, asked, keyed())).toEqual(used);
    });

    it.each([
      ['delivered', 'handed over at the desk', 'diserahkan'],
      ['spoiled', 'destroyed', 'siapCetak'],
    ] as const)(
      'keep a card held back for its holder from every terminal until people say (%s) that it was %s',
      async (outcome, _, state) => {
        const registry = await underTest().terminal('T-HELD-BACK');
        const other = await underTest().terminal('T-OTHER');
        const card = await underTest().ready('ktpEl');
        const attemptId = newId('att');
        const { reservation } = await reserveByCode(registry, card, attemptId);
        await registry.documents.printMaterial(attemptId, soon);
        await registry.requests.hold(attemptId, soon);
        const report = reportFor(reservation, {
          outcome: 'spoiled',
          faultCode: 'holderNotMatched',
        });
        expect(await registry.outcomes.reportOutcome(report, null, soon)).toMatchObject({
          value: { requestState: 'perluPeriksa' },
        });
        for (const terminal of [registry, other]) {
          await expect(reserveByCode(terminal, card, newId('att'))).rejects.toThrow('notReady');
        }
        const correction = {
          decisionId: newId('prop'),
          attemptId,
          requestId: card.requestId,
          terminalId: 'T-HELD-BACK',
          outcome,
          blankSerial: report.blankSerial,
          blankBatch: report.blankBatch,
          decidedBy: [newId('per'), newId('per')],
          decidedAt: report.settledAt,
        };
        expect(await registry.outcomes.correctOutcome(correction, null, soon)).toMatchObject({
          value: { requestState: state },
        });
        const next = reserveByCode(other, card, newId('att'));
        if (outcome === 'delivered') await expect(next).rejects.toThrow('no claim');
        else expect((await next).reservation.state).toBe('held');
      },
    );

    it('takes heartbeats, and corrections and feedback where it says so', async () => {
      const registry = await underTest().terminal('T-NOTES');
      const { sessionId } = session();
      const sent = [
        await registry.outcomes.sendCorrection(
          { requestId: 'req_X', sessionId, note: 'dataWrong' },
          keyed(),
        ),
        await registry.outcomes.sendFeedback({ sessionId, element: 'U1', score: 4 }, keyed()),
        await registry.outcomes.heartbeat(
          { terminalId: 'T-NOTES', at: 1, journalHead: null, inService: true },
          soon,
        ),
      ];
      const note = support.notes ? 'taken' : 'notTaken';
      expect(sent.map((result) => (result.ok ? 'taken' : result.error.kind))).toEqual([
        note,
        note,
        'taken',
      ]);
    });
  });
}
