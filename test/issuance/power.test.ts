import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UNKNOWN_POWER, type Power, type UpsStatus } from '../../drivers/contract/ups.ts';
import { serviceStatus } from '../../src/core/service-status.ts';
import type { DeviceProxy } from '../../src/devices/ports.ts';
import type { DocumentKind } from '../../src/domain/document.ts';
import { longestAttemptMs } from '../../src/issuance/longest-attempt.ts';
import { PowerWatch, sufficesFor } from '../../src/issuance/power.ts';
import { attemptLimits, type AttemptLimits } from '../../src/issuance/time-limits.ts';
import { whyNotHere, whyNothing } from '../../src/session/offer.ts';
import { expectSentence, expectUnavailableSentence } from '../journey/support/sentences.ts';
import { Bench, requestOf, type Core } from './bench.ts';

const MAINS: Power = {
  source: 'mains',
  batteryLow: false,
  runtimeLeftS: 3600,
  chargePercent: 100,
};
const battery = (runtimeLeftS: number | null, batteryLow: boolean | null = false): Power => ({
  source: 'battery',
  batteryLow,
  runtimeLeftS,
  chargePercent: 50,
});
const kinds: readonly DocumentKind[] = ['ktpEl', 'kia', 'kk'];
/** What the battery has to last before an attempt begins, in whole seconds. */
const neededS = (kind: DocumentKind): number =>
  (longestAttemptMs(kind, attemptLimits, false) + attemptLimits.powerReserveMs) / 1000;

/** A UPS as the supervisor hands it to core; `set` is what it answers, `say` what it tells by itself. */
class ScriptedUps {
  #power: Power = MAINS;
  #state: UpsStatus['state'] | 'gone' = 'online';
  readonly #listeners = new Set<(power: Power) => void>();

  set(power: Power): void {
    this.#power = power;
    this.#state = 'online';
  }

  /** Away; what a host that died last knew of the power is still in its answer. */
  goAway(as: 'powerOff' | 'gone'): void {
    this.#state = as;
  }

  say(power: Power): void {
    this.set(power);
    for (const listener of this.#listeners) listener(power);
  }

  /** The two functions that a watch uses. */
  readonly proxy = {
    on: (_: string, listener: (power: Power) => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
    execute: () =>
      Promise.resolve(
        this.#state === 'gone'
          ? { ok: false, error: { kind: 'deviceGone' } }
          : {
              ok: true,
              value: {
                state: this.#state,
                reasons: [],
                requiredAction: 'none',
                power: this.#power,
              },
            },
      ),
  } as unknown as DeviceProxy<'ups'>;
}

describe('the longest attempt', () => {
  it.each<[DocumentKind, number]>([
    ['ktpEl', 670],
    ['kia', 530],
    ['kk', 470],
  ])('at %s is the sum of the limits on its way: %d s', (kind, seconds) => {
    expect(longestAttemptMs(kind, attemptLimits, false)).toBe(seconds * 1000);
  });

  it('grows with the limits that are in force', () => {
    const slower = { ...attemptLimits, takeMs: attemptLimits.takeMs + 1, materialMs: 30_010 };
    const longest = (limits: AttemptLimits): number => longestAttemptMs('kia', limits, false);
    expect(longest(slower) - longest(attemptLimits)).toBe(31);
  });

  it('waits for four fingers and an officer besides, where a KTP-el is given to its holder alone', () => {
    const more = (kind: DocumentKind): number =>
      longestAttemptMs(kind, attemptLimits, true) - longestAttemptMs(kind, attemptLimits, false);
    expect(kinds.map(more)).toEqual([420_000, 0, 0]);
  });
});

describe('whether the power lasts', () => {
  it.each<[string, Power, boolean]>([
    ['mains', MAINS, true],
    ['mains with an empty battery', { ...MAINS, batteryLow: true, runtimeLeftS: 0 }, true],
    ['a battery that lasts just so long', battery(100), true],
    ['a battery that lasts a second less', battery(99), false],
    ['a low battery, whatever it estimates', battery(9999, true), false],
    ['a battery that nobody can estimate', battery(null), false],
    ['a battery that can only be estimated', battery(100, null), true],
    ['a power that nobody knows', UNKNOWN_POWER, true],
    [
      'a power that nobody knows, at its announced end',
      { ...UNKNOWN_POWER, batteryLow: true },
      false,
    ],
  ])('with %s', (_, power, suffices) => {
    expect(sufficesFor(power, 100_000)).toBe(suffices);
    expect(sufficesFor(power, 100_000 - 1000)).toBe(suffices || power.runtimeLeftS === 99);
  });

  it('is a yes for ever where no UPS is fitted', async () => {
    const watch = new PowerWatch(null);
    await watch.refresh();
    expect(watch.suffices(Number.MAX_SAFE_INTEGER)).toBe(true);
  });

  it('follows what the UPS answers and what it says by itself', async () => {
    const ups = new ScriptedUps();
    const watch = new PowerWatch(ups.proxy);
    ups.set(battery(99));
    await watch.refresh();
    expect(watch.suffices(100_000)).toBe(false);
    ups.say(MAINS);
    expect(watch.suffices(100_000)).toBe(true);
    ups.say(battery(10));
    expect(watch.suffices(100_000)).toBe(false);
  });

  it('stays away after a low battery until the mains is back, whatever comes between', async () => {
    const ups = new ScriptedUps();
    const watch = new PowerWatch(ups.proxy);
    ups.say(battery(60, true));
    for (const meanwhile of [battery(9999), UNKNOWN_POWER]) {
      ups.say(meanwhile);
      expect(watch.suffices(1)).toBe(false);
    }
    ups.goAway('gone');
    await watch.refresh();
    expect(watch.suffices(1)).toBe(false);
    ups.say(MAINS);
    expect(watch.suffices(1)).toBe(true);
  });

  it.each(['powerOff', 'gone'] as const)(
    'is not doubted by a UPS that went away on mains (%s), and not believed of one that went on battery',
    async (as) => {
      const ups = new ScriptedUps();
      const watch = new PowerWatch(ups.proxy);
      ups.goAway(as);
      await watch.refresh();
      expect(watch.suffices(100_000)).toBe(true);
      ups.set(battery(9999));
      await watch.refresh();
      expect(watch.suffices(100_000)).toBe(true);
      ups.goAway(as);
      await watch.refresh();
      await watch.refresh();
      expect(watch.suffices(100_000)).toBe(false);
      ups.set(MAINS);
      await watch.refresh();
      ups.goAway(as);
      await watch.refresh();
      expect(watch.suffices(100_000)).toBe(true);
    },
  );
});

describe('issuance on battery', () => {
  let bench: Bench;
  let core: Core;
  let ups: ScriptedUps;
  beforeEach(async () => {
    ups = new ScriptedUps();
    bench = await Bench.open();
    core = await bench.restart({ deps: { power: new PowerWatch(ups.proxy) } });
    ups.say(MAINS);
  });
  afterEach(() => bench.close());

  const service = () =>
    serviceStatus({
      issuance: core.issuance,
      cardReader: null,
      codeScanner: null,
      registryAnswers: () => true,
      hasSpace: () => true,
      recordHolds: () => true,
      clockIsTrusted: () => true,
    });

  it.each(kinds)('begins a %s that the battery lasts for to the second', async (kind) => {
    ups.say(battery(neededS(kind)));
    expect(core.issuance.availability()[kind].available).toBe(true);
    expect((await bench.print(core, requestOf(kind))).settlement.outcome).toBe('delivered');
  });

  it.each(kinds)(
    'begins no %s with a second less: nobody is asked and nothing moves',
    async (kind) => {
      ups.say(battery(neededS(kind) - 1));
      expect(core.issuance.availability()[kind]).toEqual({
        available: false,
        reason: 'powerFailing',
      });
      const before = core.stock.balance();
      const { settlement } = await bench.print(core, requestOf(kind));
      expect(settlement).toMatchObject({
        outcome: 'notPrinted',
        problem: 'powerFailing',
        codeStillCounts: true,
      });
      expect(core.life.points.filter((point) => point === 'registry.reserve')).toEqual([]);
      expect(core.stock.balance()).toEqual(before);
      expectSentence('powerFailing');
    },
  );

  it('moves nothing where the power failed while it reserved', async () => {
    const before = core.stock.balance();
    const { settlement } = await bench.print(core, requestOf('ktpEl'), (progress) => {
      if (progress.kind === 'step' && progress.step === 'reserving') ups.say(battery(30, true));
    });
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'powerFailing' });
    expect(core.life.points.filter((point) => point.includes('feedBlank'))).toEqual([]);
    expect(core.stock.balance()).toEqual(before);
  });

  it.each(['feeding', 'printing'] as const)(
    'lets an attempt go on to its end that was at %s, and begins no other',
    async (step) => {
      const { settlement, seen } = await bench.print(core, requestOf('ktpEl'), (progress) => {
        if (progress.kind === 'step' && progress.step === step) ups.say(battery(30, true));
        bench.takeWhenPresented(progress);
      });
      expect(seen).toContain(step);
      expect(settlement.outcome).toBe('delivered');
      const next = await bench.print(core, requestOf('kia'));
      expect(next.settlement).toMatchObject({ outcome: 'notPrinted', problem: 'powerFailing' });
    },
  );

  it('tells the welcome which documents wait for the mains, and the list why', () => {
    ups.say(battery(neededS('kia')));
    expect(service()).toMatchObject({
      outOfService: null,
      documents: { ktpEl: 'powerFailing', kia: null, kk: null },
    });
    expect(whyNotHere(requestOf('ktpEl'), service())).toBe('powerFailing');
    expect(whyNothing([requestOf('ktpEl')], service())).toBe('powerFailing');
    expectUnavailableSentence('powerFailing');
  });

  it('is out of service once the battery was low, and back with the mains', () => {
    ups.say(battery(9999, true));
    expect(service().outOfService).toBe('powerFailing');
    ups.say(battery(9999));
    expect(service().outOfService).toBe('powerFailing');
    ups.say(MAINS);
    expect(service().outOfService).toBeNull();
  });
});
