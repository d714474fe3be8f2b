import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { err, ok } from '../../src/base/result.ts';
import { Latch } from '../../src/issuance/attempt-run.ts';
import type { IssuanceDeps } from '../../src/issuance/ports.ts';
import type { Reservation } from '../../src/registry/ports.ts';
import { Bench, requestOf } from './bench.ts';

const MINUTE_MS = 60_000;

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

type Renew = IssuanceDeps['registry']['requests']['renew'];

/** The bench's registry with another answer to "renew". */
function renewingBy(renew: (usual: Renew) => Renew): Partial<IssuanceDeps> {
  const usual = bench.registry.ports();
  const asUsual: Renew = (...asked) => usual.requests.renew(...asked);
  const requests = { ...usual.requests, renew: renew(asUsual) };
  return { registry: { ...usual, requests } };
}

const answering =
  (change: (now: number) => Partial<Reservation>) =>
  (usual: Renew): Renew =>
  async (...asked) => {
    const answer = await usual(...asked);
    return answer.ok ? ok({ ...answer.value, ...change(bench.clock.now()) }) : answer;
  };

describe('a lease that would end before the card can be out', () => {
  beforeEach(() => {
    bench.registry.leaseMs = MINUTE_MS;
  });

  it.each(['kia', 'kk'] as const)('is renewed before a %s moves', async (kind) => {
    const core = await bench.restart({
      deps: renewingBy((usual) => (...asked) => {
        expect(bench.cabinet.moves).toEqual([]);
        return usual(...asked);
      }),
    });
    const known: (number | null)[] = [];
    const { settlement } = await bench.print(core, requestOf(kind), (progress) => {
      if (progress.kind === 'step') known.push(core.book.newest()?.leaseExpiresAt ?? null);
      bench.takeWhenPresented(progress);
    });
    expect(settlement.outcome).toBe('delivered');
    expect(bench.registry.renewals).toBe(1);
    expect(known).toContain(bench.registry.leaseEndsAt);
  });

  const refusals: readonly (readonly [string, string, (usual: Renew) => Renew])[] = [
    [
      'cannot be asked for',
      'registryUnreachable',
      () => () => Promise.resolve(err({ kind: 'unreachable' })),
    ],
    [
      'is not answered',
      'registryNoAnswer',
      (usual) =>
        async (...asked) => {
          await usual(...asked);
          return err({ kind: 'noAnswer' });
        },
    ],
    [
      'is answered with nonsense',
      'registryNonsense',
      () => () => Promise.resolve(err({ kind: 'nonsense', detail: 'x' })),
    ],
    [
      'is refused',
      'notReadyAnymore',
      () => () => Promise.resolve(err({ kind: 'unknownReservation' })),
    ],
    ['comes when it has ended', 'notReadyAnymore', answering(() => ({ state: 'ended' }))],
    ['comes when people hold it', 'notReadyAnymore', answering(() => ({ state: 'onHold' }))],
    [
      'gives a time that is over',
      'registryNoAnswer',
      answering((now) => ({ leaseExpiresAt: now })),
    ],
  ];
  it.each(refusals)('and whose renewal %s lets nothing move', async (_, problem, renew) => {
    const core = await bench.restart({ deps: renewingBy(renew) });
    for (const kind of ['kia', 'kk'] as const) {
      const { settlement } = await bench.print(core, requestOf(kind));
      expect(settlement).toMatchObject({ outcome: 'notPrinted', problem });
      expect(core.book.read(settlement.attemptId)?.state).toBe('released');
      expect(bench.registry.requests.get(`REQ-${kind}`)?.holder).toBeNull();
    }
    expect(bench.cabinet.moves).toEqual([]);
  });
});

describe('a jam that waits for a technician longer than the lease', () => {
  const LEASE_MS = 200_000;
  const JAM_MS = 240_000;

  /** Prints into a jam, second by second, and says how many seconds the lease had run out. */
  async function secondsWithoutLease(
    limits: NonNullable<IssuanceDeps['limits']>,
    deps: Partial<IssuanceDeps> = {},
  ): Promise<number> {
    bench.registry.leaseMs = LEASE_MS;
    bench.cabinet.strike('print', 'jam', 'before');
    const startedMs = bench.clock.monotonicMs();
    const core = await bench.restart({
      deps: { ...deps, limits: { deviceStartMs: 0, jamClearMs: JAM_MS, ...limits } },
    });
    const attempt = core.issuance.start(bench.order(requestOf('kia')));
    const jammed = new Promise<void>((resolve) => {
      attempt.onProgress(({ kind }) => {
        if (kind === 'jammed') resolve();
      });
    });
    await jammed;
    const over = new Latch();
    const ended = attempt.settled.finally(() => over.set());
    let without = 0;
    while (!over.isSet) {
      await new Promise((resolve) => setImmediate(resolve));
      bench.clock.advance(1_000);
      if (bench.registry.leaseEndsAt <= bench.clock.now()) without += 1;
    }
    expect(await ended).toMatchObject({ outcome: 'uncertain' });
    expect(bench.clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(JAM_MS);
    await core.outbox.idle();
    return without;
  }

  it('never outlives it, because the lease is renewed while it runs, and no longer than that', async () => {
    expect(await secondsWithoutLease({})).toBe(0);
    const { renewals } = bench.registry;
    expect(renewals).toBeGreaterThan(0);
    bench.clock.advance(60 * MINUTE_MS);
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.registry.renewals).toBe(renewals);
  });

  it('would outlive it where nobody looked at it', async () => {
    expect(await secondsWithoutLease({ leaseLookMs: JAM_MS * 10 })).toBeGreaterThan(0);
  });

  it('ends as its evidence says also where every renewal is refused', async () => {
    await secondsWithoutLease(
      {},
      renewingBy(() => () => Promise.resolve(err({ kind: 'unknownReservation' }))),
    );
    expect(bench.registry.requests.get('REQ-kia')?.state).toBe('perluPeriksa');
  });

  it('asks again where the first renewal was lost', async () => {
    let asked = 0;
    const deps = renewingBy((usual) => (...call) => {
      asked += 1;
      return asked === 1 ? Promise.resolve(err({ kind: 'noAnswer' })) : usual(...call);
    });
    expect(await secondsWithoutLease({}, deps)).toBe(0);
    expect(asked).toBeGreaterThan(1);
  });
});
