import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { profileNames, profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import {
  rule,
  type AttemptTable,
  type Cause,
  type StateRule,
} from '../../src/issuance/attempt-rule.ts';
import { safeAfterRestart } from '../../src/issuance/attempt-machine.ts';
import {
  attemptTables,
  controlledBlankTable,
  plainPaperTable,
} from '../../src/issuance/attempt-table.ts';
import * as judges from '../../src/issuance/judge/judge-card.ts';
import { attemptStatesMarkdown } from '../../src/issuance/states-markdown.ts';
import { explore } from './attempt-model.ts';
import { explorePaper } from './attempt-model-paper.ts';

const one = { terminals: 1, crashes: 2, attempts: 2 } as const;
const two = { terminals: 2, crashes: 1, attempts: 1 } as const;

const statesOf = (table: AttemptTable): string[] => Object.keys(table);
const changed = (state: keyof AttemptTable, changes: Partial<StateRule>): AttemptTable => ({
  ...controlledBlankTable,
  [state]: { ...rule(''), ...controlledBlankTable[state], ...changes },
});

describe('every world of one blank, one printer and its registry that the table of cards can reach', () => {
  it.each(profileNames)('keeps the promises on a printer of profile %s', (name) => {
    const { violations, worlds } = explore({ ...one, profile: profiles[name] });
    expect([...violations]).toEqual([]);
    expect(worlds).toBeGreaterThan(1_000);
  });

  it('keeps them on a printer that moves a card in one job only, when it is presented', () => {
    const { violations, worlds, states } = explore({
      ...one,
      profile: profiles.spooled,
      oneJob: true,
    });
    expect([...violations]).toEqual([]);
    expect(worlds).toBeGreaterThan(1_000);
    expect(states).toContain('taken');
  });

  it('keeps them on two terminals that each try twice', () => {
    const { violations } = explore({ ...two, attempts: 2, profile: profiles.noRejectCount });
    expect([...violations]).toEqual([]);
  }, 120_000);

  // On every profile: test/recovery/two-terminals.main.ts, a part of recovery:full.
  it.each(['full', 'noExitSensor', 'bare'] as const)(
    'keeps them on two terminals of profile %s that want the same request',
    (name) => {
      const { violations, worlds } = explore({ ...two, profile: profiles[name] });
      expect([...violations]).toEqual([]);
      expect(worlds).toBeGreaterThan(5_000);
    },
    120_000,
  );
});

const paper = { crashes: 2, attempts: 3, limit: 2 } as const;

describe('every world of one print job that the table of paper can reach before people decide', () => {
  it('sends one job an attempt, prints no more copies than allowed, and calls nothing printed that may not be', () => {
    const { violations, worlds, states } = explorePaper(paper);
    expect([...violations]).toEqual([]);
    expect(worlds).toBeGreaterThan(1_000);
    const byPeople = ['resolvedVoid', 'resolvedDelivered', 'resolvedAsRecorded'];
    // Entered by the registry's answers, which the outbox commits.
    const elsewhere = new Set([...byPeople, 'confirmed']);
    const unvisited = statesOf(plainPaperTable).filter((state) => !states.has(state as never));
    expect(unvisited.filter((state) => !elsewhere.has(state))).toEqual([]);
  });
});

describe('a mutant', () => {
  const full = { ...one, profile: profiles.full };

  it('that leaves an intent out is caught', () => {
    const { violations } = explore({ ...full, forgotten: new Set(['feedIntent']) });
    expect([...violations]).toContain('a moved blank was called not printed');
  });

  it('that prints again after a restart is caught', () => {
    const table = changed('printIntent', {
      recovered: { ...controlledBlankTable.printIntent?.recovered, inside: 'printIntent' },
    });
    const { violations } = explore({ ...full, table });
    expect([...violations]).toEqual(
      expect.arrayContaining(['printSide for an old session', 'printed on twice']),
    );
  });

  it('that presents again after a restart is caught', () => {
    const table = changed('ejectIntent', {
      recovered: { ...controlledBlankTable.ejectIntent?.recovered, inside: 'ejectIntent' },
    });
    const { violations } = explore({ ...full, table });
    expect([...violations]).toContain('present for an old session');
  });

  it('that takes a timeout for "not printed" is caught', () => {
    const { violations } = explore({
      ...full,
      judges: {
        ...judges,
        judgeFeed: (scene) => (scene.end === 'done' ? judges.judgeFeed(scene) : 'nothingMoved'),
      },
    });
    expect([...violations]).toContain('a moved blank was called not printed');
  });

  it('that believes a printer which told nothing to sense nothing is caught', () => {
    const { violations } = explore({
      ...full,
      judges: {
        ...judges,
        judgeExit: (scene) => judges.judgeExit({ ...scene, senses: scene.senses ?? profiles.bare }),
      },
    });
    expect([...violations]).toContain('a card in the machine was called delivered');
  });

  it('that prints another card after a job nobody heard of is caught on a printer of one job', () => {
    const table = changed('ejectIntent', {
      next: { ...controlledBlankTable.ejectIntent?.next, unproved: 'releasing' },
    });
    const { violations } = explore({
      ...one,
      attempts: 2,
      profile: profiles.spooled,
      oneJob: true,
      table,
    });
    expect([...violations]).toEqual(
      expect.arrayContaining(['two originals', 'a moved blank was called not printed']),
    );
  });

  it('that takes a card nobody sees for "spoiled" is caught', () => {
    const table = changed('ejectIntent', {
      next: { ...controlledBlankTable.ejectIntent?.next, unproved: 'void' },
    });
    const { violations } = explore({ ...full, attempts: 2, table });
    expect([...violations]).toContain('two originals');
  });

  it('that takes it for "spoiled" is caught where two terminals try once each, too', () => {
    const table = changed('ejectIntent', {
      next: { ...controlledBlankTable.ejectIntent?.next, unproved: 'void' },
    });
    const { violations } = explore({ ...two, profile: profiles.full, table });
    expect([...violations]).toContain('two originals');
  });

  it('that takes "nobody can know" for a spoiled card is caught', () => {
    const table = changed('unresolved', {
      decided: { ...controlledBlankTable.unresolved?.decided, cannotBeKnown: 'resolvedVoid' },
    });
    const { violations } = explore({ ...full, attempts: 2, table });
    expect([...violations]).toContain('two originals');
  });

  it('that tells the registry of a card the citizen holds as of one never fed is caught', () => {
    const table = changed('unresolved', {
      decided: { ...controlledBlankTable.unresolved?.decided, citizenHolds: 'resolvedNotFed' },
    });
    const { violations } = explore({ ...full, attempts: 2, table });
    expect([...violations]).toContain('two originals');
  });

  it('that lets the registry print again while a card is held back for the desk is caught', () => {
    const table = changed('heldBack', { owes: ['outcomeReport'] });
    const { violations } = explore({ ...two, profile: profiles.full, table });
    expect([...violations]).toContain('two originals');
  });

  it('that takes a card handed over at the desk for a destroyed one is caught', () => {
    const table = changed('heldBack', {
      decided: { ...controlledBlankTable.heldBack?.decided, handedOver: 'resolvedVoid' },
    });
    const { violations } = explore({ ...full, attempts: 2, table });
    expect([...violations]).toContain('two originals');
  });

  it('that confirms before it settles is caught', () => {
    const table = changed('taken', { next: { done: 'confirmed' } });
    const { violations } = explore({ ...full, table });
    expect([...violations]).toContain('confirmed before it was settled');
  });

  it('that sends a job again is caught', () => {
    const intent = plainPaperTable.printIntent ?? rule('');
    const again = (way: 'next' | 'recovered', cause: Cause): ReadonlySet<string> => {
      const sends = { ...intent, [way]: { ...intent[way], [cause]: 'printIntent' } };
      return explorePaper({ ...paper, table: { ...plainPaperTable, printIntent: sends } })
        .violations;
    };
    const tooMany = 'more copies than the registry allows';
    expect([...again('next', 'unclear')]).toEqual(
      expect.arrayContaining(['two jobs of one attempt', tooMany]),
    );
    expect([...again('recovered', 'unproved')]).toEqual(
      expect.arrayContaining(['printPaper for an old session', tooMany]),
    );
  });

  it('that takes a job nobody heard of for one never sent is caught', () => {
    const intent = plainPaperTable.printIntent ?? rule('');
    const table: AttemptTable = {
      ...plainPaperTable,
      printIntent: { ...intent, next: { ...intent.next, unclear: 'releasing' } },
    };
    const { violations } = explorePaper({ ...paper, table });
    expect([...violations]).toContain('a job sent was called not printed');
  });

  it('that takes any job the printer knows for a finished one is caught', () => {
    const judge = (job: unknown) => (job === null ? ('unclear' as const) : ('done' as const));
    const { violations } = explorePaper({ ...paper, judge });
    expect([...violations]).toContain('called printed, and is not');
  });
});

describe('the tables of attempts', () => {
  const all = [
    ['controlledBlank', controlledBlankTable],
    ['plainPaper', plainPaperTable],
  ] as const;

  it.each(all)('of %s lead only to states they have', (_media, table) => {
    const known = new Set(statesOf(table));
    const targets = Object.values(table).flatMap((one) => [
      ...Object.values(one.next),
      ...Object.values(one.recovered),
      ...Object.values(one.decided),
    ]);
    expect(targets.filter((state) => !known.has(state))).toEqual([]);
  });

  it.each(all)('of %s lead recovery to no act that prints or presents', (_media, table) => {
    const seen = new Set(Object.values(table).flatMap((one) => Object.values(one.recovered)));
    for (const state of seen) {
      for (const to of Object.values(table[state]?.next ?? {})) seen.add(to);
    }
    const acts = [...seen].flatMap((state) => table[state]?.act ?? []);
    expect(acts.filter((act) => !safeAfterRestart.has(act))).toEqual([]);
  });

  it.each(all)('of %s leave no open state without a question', (_media, table) => {
    const stuck = Object.entries(table).filter(
      ([, { act, question, settles }]) => act !== null && question === null && !settles,
    );
    expect(stuck).toEqual([]);
  });

  it.each(all)('of %s confirm only what is settled', (_media, table) => {
    const before = Object.entries(table).filter(([, { next }]) =>
      Object.values(next).includes('confirmed'),
    );
    expect(before.map(([state, { settles }]) => [state, settles])).toEqual([['confirming', true]]);
  });

  it('are drawn in STATES.md as they are', () => {
    const page = readFileSync(new URL('../../src/issuance/STATES.md', import.meta.url), 'utf8');
    expect(page).toBe(attemptStatesMarkdown());
    expect(Object.keys(attemptTables)).toHaveLength(2);
  });
});
