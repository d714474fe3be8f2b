import { describe, expect, it } from '@jest/globals';
import { profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import type { Append, Journal } from '../../src/journal/journal.ts';
import type { Outcome } from '../../src/domain/attempt.ts';
import { requestOf } from '../issuance/bench.ts';
import { crashAt, type Scenario } from './scenario.ts';

const kia = requestOf('kia');
const replacement = requestOf('ktpEl', { oldCard: 'toBeCapturedHere', reason: 'damaged' });
const collected = { collects: true, takesWhileDown: false } as const;

/** Dies at every point of the scenario, or at every `stride`-th, one run each. */
async function violationsOf(
  scenario: Scenario,
  stride = 1,
): Promise<{
  readonly points: number;
  readonly endedAs: Outcome | null;
  readonly violations: readonly string[];
}> {
  const { points, endedAs } = await crashAt(Number.POSITIVE_INFINITY, scenario);
  const violations: string[] = [];
  let tried = 0;
  for (let k = 0; k < points.length; k += stride) {
    const run = await crashAt(k, scenario);
    tried += 1;
    violations.push(...run.violations.map((text) => `${points[k] ?? k}: ${text}`));
  }
  return { points: tried, endedAs, violations };
}

describe('core that dies at any commit or device command', () => {
  const scenarios: readonly (readonly [string, Outcome, Scenario])[] = [
    ['a KIA', 'delivered', { request: kia, ...collected }],
    [
      'a KIA taken while core is down',
      'delivered',
      { request: kia, collects: true, takesWhileDown: true },
    ],
    [
      'a KIA nobody collects',
      'retracted',
      { request: kia, collects: false, takesWhileDown: false },
    ],
    ['a KTP-el replacement with the old card', 'delivered', { request: replacement, ...collected }],
    [
      'a KIA whose ribbon ends',
      'spoiled',
      { request: kia, ...collected, strike: ['print', 'ribbonOut', 'before'] },
    ],
    [
      'a KIA whose feeding nobody answers',
      'spoiled',
      { request: kia, ...collected, strike: ['feed', 'noAnswer', 'after'] },
    ],
    [
      'a KIA jammed at the exit',
      'uncertain',
      { request: kia, ...collected, strike: ['present', 'jam', 'after'] },
    ],
    ['a KK', 'delivered', { request: requestOf('kk'), ...collected }],
  ];
  it.each(scenarios)(
    'issues %s once at most and accounts for every blank',
    async (_name, undisturbed, scenario) => {
      const { points, endedAs, violations } = await violationsOf(scenario);
      expect(endedAs).toBe(undisturbed);
      expect(violations).toEqual([]);
      expect(points).toBeGreaterThan(10);
    },
    60_000,
  );

  const lesser = (
    ['noExitSensor', 'noRetract', 'noRejectCount', 'noPosition', 'noCounters', 'bare'] as const
  ).map((name) => [name, profiles[name]] as const);
  it.each(lesser)(
    'keeps the same promises on a printer of profile %s',
    async (_name, profile) => {
      const { violations } = await violationsOf({ request: kia, profile, ...collected });
      expect(violations).toEqual([]);
    },
    60_000,
  );
});

describe('the harness', () => {
  it('sees that an intent was left out of the record', async () => {
    // The states that announce a movement are never written; the movement happens all the same.
    const forgetful = (journal: Journal): Journal => forgetting(journal);
    const { violations } = await violationsOf({
      request: kia,
      ...collected,
      options: { journal: forgetful },
    });
    expect(
      violations.some((text) => /not inFeeder|originals are out|is elsewhere/.test(text)),
    ).toBe(true);
  }, 60_000);
});

/** Holds back each append that announces a movement, and writes it together with the next one. */
function forgetting(journal: Journal): Journal {
  let held: Append | null = null;
  const both = (one: Append, other: Append): Append => ({
    events: [...one.events, ...other.events],
    also: (tx) => {
      one.also?.(tx);
      other.also?.(tx);
    },
  });
  return new Proxy(journal, {
    get(target, key) {
      if (key === 'append') {
        return (entry: Append) => {
          const whole = held === null ? entry : both(held, entry);
          held = null;
          if (!entry.events.some(({ kind }) => kind === 'attempt.deviceCommanded')) {
            return target.append(whole);
          }
          held = whole;
          return Promise.resolve({ firstSeq: 0, lastSeq: 0, head: null });
        };
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
