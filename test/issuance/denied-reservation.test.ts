import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { openIncidents } from '../../src/issuance/stock/incidents.ts';
import { staffItems } from '../../src/staff/staff-items.ts';
import { Bench, requestOf, type Core, type CoreOptions } from './bench.ts';
import { Life } from './mortal.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const deny = (): void => {
  bench.registry.denies = true;
};

/** The bench's registry, which denies everything once it gave the material. */
const denyingAfterMaterial: CoreOptions = {
  documents: (works) => ({ ...works, fetch: (...asked) => works.fetch(...asked).finally(deny) }),
};

const messages = (core: Core, state: string) =>
  core.journal.reader.all(
    z.object({ json: z.string() }),
    'SELECT message_json AS json FROM outbox WHERE state = ?',
    state,
  );

/** Parked for people: visible, recorded, owed no more and not thrown away. */
function expectWithPeople(core: Core, attemptId: string, outcome: string): void {
  const { journal } = core;
  expect(staffItems(journal, bench.clock)).toMatchObject([
    { attemptId, state: 'needsReview', outcome, dispute: 'unknownReservation', people: 2 },
  ]);
  expect(journal.rows(1, 999).map(({ event }) => event)).toContainEqual({
    kind: 'registry.outcomeDisputed',
    attemptId,
    why: 'unknownReservation',
  });
  const parked = messages(core, 'conflict').map(({ json }) => JSON.parse(json) as unknown);
  expect(parked).toMatchObject([{ kind: 'outcomeReport', report: { attemptId, outcome } }]);
  expect(messages(core, 'waiting')).toEqual([]);
  expect(core.stock.balance().difference).toBe(0);
}

function expectGivenBack(core: Core, attemptId: string): void {
  expect(core.book.read(attemptId)).toMatchObject({ state: 'released', comesTo: 'notPrinted' });
  expect(bench.cabinet.moves).toEqual([]);
  expect(staffItems(core.journal, bench.clock)).toEqual([]);
  expect(messages(core, 'waiting')).toEqual([]);
}

describe('a registry that denies having reserved', () => {
  /** `held`: it had told the terminal that it reserved. */
  const before: readonly (readonly [string, string, { held: boolean }, () => CoreOptions])[] = [
    [
      'when the reservation is read back',
      'registryNoAnswer',
      { held: false },
      () => {
        bench.registry.interference.push({ call: 'reserve', what: 'lost', times: 3 });
        deny();
        return {};
      },
    ],
    [
      'when the material is asked for',
      'notReadyAnymore',
      { held: true },
      () => {
        const ports = bench.registry.ports();
        const reserve: typeof ports.requests.reserve = (...asked) =>
          ports.requests.reserve(...asked).finally(deny);
        return { deps: { registry: { requests: { ...ports.requests, reserve } } } };
      },
    ],
    [
      'when the lease is renewed',
      'notReadyAnymore',
      { held: true },
      () => {
        bench.registry.leaseMs = 60_000;
        return denyingAfterMaterial;
      },
    ],
  ];
  it.each(before)('%s: nothing moves', async (_, problem, { held }, arrange) => {
    const core = await bench.restart(arrange());
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem });
    expectGivenBack(core, settlement.attemptId);
    // What it had given and denies now, another card may have been printed on: people compare first.
    const { requestId } = requestOf('ktpEl');
    const doubted = openIncidents(core.journal.reader).map(({ incident }) => incident);
    expect(doubted).toEqual(held ? [{ what: 'registryForgot', of: 'reservation', requestId }] : []);
    const { kia, kk } = core.issuance.availability();
    expect(kia).toEqual(
      held ? { available: false, reason: 'registryForgot' } : { available: true },
    );
    expect(kk).toEqual({ available: true });
  });

  it('when the card is out: people decide, the report is kept, and nobody is promised a code', async () => {
    const core = await bench.restart(denyingAfterMaterial);
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement).toMatchObject({ outcome: 'delivered', codeStillCounts: false });
    expectWithPeople(core, settlement.attemptId, 'delivered');
    const again = await bench.print(core, requestOf('kia'));
    expect(again.settlement.outcome).toBe('notPrinted');
  });

  it('when the blank was spoiled: no retry is offered', async () => {
    const core = await bench.restart(denyingAfterMaterial);
    bench.cabinet.strike('encode', 'chipSilent', 'before');
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement).toMatchObject({
      outcome: 'spoiled',
      mayRetryNow: false,
      codeStillCounts: false,
    });
    expectWithPeople(core, settlement.attemptId, 'spoiled');
  });

  /** The last step that core heard of nothing after, and what the evidence then says. */
  const deaths: readonly (readonly [string, string | null])[] = [
    ['registry.reserve', null],
    ['claimed', null],
    ['composed', null],
    ['feedIntent', null],
    ['blankLoaded', 'spoiled'],
    ['printed', 'spoiled'],
    ['presented', 'delivered'],
    ['taken', 'delivered'],
  ];
  it.each(deaths)('after a restart from %s: by evidence', async (step, outcome) => {
    const rehearsal = await Bench.open();
    const lived = await rehearsal.restart();
    await rehearsal.print(lived, requestOf('ktpEl'));
    const deathAt = lived.life.points.findIndex((name) => name.split(/[ +]/).includes(step));
    await rehearsal.close();
    expect(deathAt).toBeGreaterThan(-1);

    const core = await bench.restart({ life: new Life(deathAt) });
    void bench.print(core, requestOf('ktpEl'));
    await core.life.ended;
    if (step === 'presented') bench.cabinet.hands.takeCard();
    await bench.kill(core);
    deny();
    const again = await bench.restart();
    await again.outbox.idle();
    const attemptId = again.book.newest()?.attemptId ?? '';
    if (outcome === null) expectGivenBack(again, attemptId);
    else expectWithPeople(again, attemptId, outcome);
  });
});
