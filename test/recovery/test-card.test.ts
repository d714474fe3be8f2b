import { describe, expect, it } from '@jest/globals';
import { profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { lesserProfiles } from './commit-points.ts';
import { crashTestCardAt, testCardViolations, type TestCardScenario } from './test-card.ts';

type Strike = NonNullable<TestCardScenario['strike']>;

const strikes: readonly Strike[] = [
  ['feed', 'noAnswer', 'after'],
  ['feed', 'jam', 'before'],
  ['feed', 'jam', 'after'],
  ['feed', 'feederEmpty', 'before'],
  ['feed', 'misreadSerial', 'after'],
  ['print', 'ribbonOut', 'before'],
  ['print', 'noAnswer', 'after'],
  ['print', 'jam', 'after'],
  ['reject', 'noAnswer', 'after'],
  ['reject', 'jam', 'before'],
  ['reject', 'binFull', 'before'],
];

/** As if the intents of a test card were never written, and what stands with them neither. */
const withoutIntents = (journal: Journal): Journal =>
  new Proxy(journal, {
    get(target, key) {
      if (key === 'append') {
        return (entry: Parameters<Journal['append']>[0]) =>
          entry.events.some(({ kind }) => kind === 'testCard.commanded')
            ? Promise.resolve({ firstSeq: 0, lastSeq: 0, head: null })
            : target.append(entry);
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

describe('a core that dies while a test card is printed', () => {
  it('leaves every blank where the ledger says, and none within reach, at every commit and command', async () => {
    const { points, violations } = await testCardViolations({});
    expect(points.length).toBeGreaterThanOrEqual(7);
    expect(violations).toEqual([]);
  });

  it.each(strikes)('does so where %s meets %s %s', async (...strike) => {
    expect((await testCardViolations({ strike })).violations).toEqual([]);
  });

  it.each([...lesserProfiles, ['noSerialReader', profiles.noSerialReader] as const])(
    'does so with a printer that can tell less: %s',
    async (_name, profile) => {
      expect((await testCardViolations({ profile })).violations).toEqual([]);
    },
  );

  it('a mutant that leaves the intents of a test card out is caught', async () => {
    const { points } = await crashTestCardAt(Number.POSITIVE_INFINITY, {});
    const fed = points.indexOf('cardPrinter.feedBlank');
    expect((await crashTestCardAt(fed, {})).violations).toEqual([]);
    const { violations } = await crashTestCardAt(fed, { altered: withoutIntents });
    expect(violations).toEqual(['KTP-0001 is elsewhere, not inFeeder']);
  });
});
