import { describe, expect, it } from '@jest/globals';
import { profileNames, profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import { rule, type AttemptTable, type StateRule } from '../../src/issuance/attempt-rule.ts';
import { controlledBlankTable } from '../../src/issuance/attempt-table.ts';
import { judgeOldCard } from '../../src/issuance/judge/judge-old-card.ts';
import { explore } from './attempt-model.ts';

const one = { terminals: 1, crashes: 2, attempts: 2 } as const;

const changed = (state: keyof AttemptTable, changes: Partial<StateRule>): AttemptTable => ({
  ...controlledBlankTable,
  [state]: { ...rule(''), ...controlledBlankTable[state], ...changes },
});

describe('every world in which the order asks for the old card', () => {
  it.each(
    profileNames.flatMap((name) =>
      (['counted', 'uncounted'] as const).map((oldCard) => [name, oldCard] as const),
    ),
  )('keeps the promises on a printer of profile %s, the bin %s', (name, oldCard) => {
    const { violations, worlds } = explore({ ...one, profile: profiles[name], oldCard });
    expect([...violations]).toEqual([]);
    expect(worlds).toBeGreaterThan(5_000);
  });

  it('visits every state of the table', () => {
    const { states } = explore({ ...one, profile: profiles.full, oldCard: 'counted' });
    const unvisited = Object.keys(controlledBlankTable).filter(
      (state) => !states.has(state as never),
    );
    // Entered by the registry's answers, which the outbox commits.
    expect(unvisited).toEqual(['confirmed']);
  });
});

describe('a mutant', () => {
  const full = { ...one, profile: profiles.full, oldCard: 'counted' } as const;

  it('that presents the new card without asking for the old one is caught', () => {
    const { next } = controlledBlankTable.holderCheck ?? {};
    const table = changed('holderCheck', { next: { ...next, doneOldCardNext: 'ejectIntent' } });
    const { violations } = explore({ ...full, table });
    expect([...violations]).toContain('a new card beside the old one');
  });

  it('that presents the new card although the old one did not fall is caught', () => {
    const { next } = controlledBlankTable.captureIntent ?? {};
    const table = changed('captureIntent', { next: { ...next, unfit: 'ejectIntent' } });
    const { violations } = explore({ ...full, table });
    expect([...violations]).toContain('a new card beside the old one');
  });

  it('that asks the blank alone after a restart is caught', () => {
    const table = changed('captureIntent', { question: 'isCardInside' });
    const { violations } = explore({ ...full, table });
    expect([...violations]).toContain('an old card is in the bin that no record knows of');
  });

  it('that takes doubt for a fall is caught', () => {
    const { violations } = explore({
      ...full,
      judgeOldCard: (scene) => {
        const fate = judgeOldCard(scene);
        return fate === 'uncertain' ? 'captured' : fate;
      },
    });
    expect([...violations]).toContain('an old card was called captured that is not in the bin');
  });

  it('that takes a silent slot for one that holds the card is caught', () => {
    const { violations } = explore({
      ...full,
      judgeOldCard: (scene) => (scene.status === null ? 'held' : judgeOldCard(scene)),
    });
    expect([...violations]).toContain('an old card is in the bin that no record knows of');
  });
});
