import { describe, expect, it } from '@jest/globals';
import type { AttemptState } from '../../src/domain/attempt.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import type { Append, Journal } from '../../src/journal/journal.ts';
import { rule, type StateRule } from '../../src/issuance/attempt-rule.ts';
import { attemptTables, controlledBlankTable } from '../../src/issuance/attempt-table.ts';
import type { AttemptRun } from '../../src/issuance/attempt-run.ts';
import { issuanceParts } from '../../src/issuance/create-issuance.ts';
import type { Finding } from '../../src/issuance/finding.ts';
import { incidentFound } from '../../src/issuance/stock/incidents.ts';
import { requestOf, type CoreOptions } from '../issuance/bench.ts';
import { hold } from '../issuance/meetings.ts';
import { collected, kia, lesserProfiles, scenarios, violationsOf } from './commit-points.ts';
import { crashAt, type CrashRun, type Scenario } from './scenario.ts';

describe('core that dies at any commit or device command', () => {
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

  it.each(lesserProfiles)(
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

  it('sees a recovery that calls uncertain what every sensor can tell', async () => {
    const givesUp = (): Promise<Finding> => Promise.resolve({ cause: 'unproved' });
    const parts = { questions: { ...issuanceParts.questions, isCardInside: givesUp } };
    const { violations } = await violationsOf({ request: kia, ...collected, options: { parts } });
    expect(violations.join()).toContain('a card is uncertain that every sensor can tell of');
  }, 60_000);

  it('sees a print job that is sent twice', async () => {
    const { printPaper } = issuanceParts.acts;
    const twice = async (run: AttemptRun): Promise<Finding> => {
      const { detail, pagePrinter, sessionId } = run;
      const job = { pdfBase64: '', jobName: detail.attemptId, pages: detail.pages ?? 1 };
      await pagePrinter.execute('printPdf', job, { sessionId });
      return printPaper(run);
    };
    const parts = { acts: { ...issuanceParts.acts, printPaper: twice } };
    const scenario = { request: requestOf('kk'), ...collected, options: { parts } };
    const { violations } = await violationsOf(scenario);
    expect(violations.join()).toContain('sent 2 jobs');
  }, 60_000);

  it('sees a recovery that prints on a card again', async () => {
    const recovery = beforeRejecting(async (run) => {
      const rgb = hold(new Uint8Array(1012 * 638 * 3));
      const side = { side: 'front', widthDots: 1012, heightDots: 638, rgb } as const;
      // What it had in memory is gone with the run that died.
      run.card = { digest: '', sides: [side] };
      announce(run, 'printSide');
      await issuanceParts.acts.printSide(run);
    });
    expect(await violationsAfter('cardPrinter.printSide', recovery)).toEqual([
      'recovery gave printSide',
      'a card was printed on twice',
    ]);
  });

  it('sees a recovery that presents a card again', async () => {
    const recovery = beforeRejecting(async (run) => {
      announce(run, 'presentCard');
      await issuanceParts.acts.present(run);
    });
    expect(await violationsAfter('cardPrinter.printSide', recovery)).toContain(
      'recovery gave presentCard',
    );
  });

  it('sees a recovery that leaves the path of all cards closed', async () => {
    const accused = { what: 'registryForgot', of: 'head', requestId: null } as const;
    const recovery = beforeRejecting(async ({ deps }) => {
      await deps.journal.append({ events: [incidentFound(accused)] });
    });
    expect(await violationsAfter('cardPrinter.printSide', recovery)).toEqual([
      "the citizen's codes counted, and the next try ended notPrinted",
    ]);
  });

  it('sees a core that takes a timeout for "not printed"', async () => {
    const { feed } = issuanceParts.acts;
    const hasty = async (run: AttemptRun): Promise<Finding> => {
      const finding = await feed(run);
      return finding.cause === 'done' ? finding : { ...finding, cause: 'nothingMoved' };
    };
    const { violations } = await crashAt(Number.POSITIVE_INFINITY, {
      ...collectedKia,
      strike: ['feed', 'noAnswer', 'after'],
      options: { parts: { acts: { ...issuanceParts.acts, feed: hasty } } },
    });
    expect(violations).toContain('KIA-0001 is elsewhere, not inFeeder');
  });

  it('sees a core that confirms before it settles', async () => {
    const hasty = changed('taken', { next: { done: 'confirmed' } });
    // The commit after that of `taken`, in which the registry would be owed a report.
    expect(await violationsAfter('commit taken', hasty, 1)).toContain(
      'an attempt is left unsettled',
    );
  });
});

describe('core itself', () => {
  it('refuses a table by which recovery prints on a card again', async () => {
    const { recovered } = controlledBlankTable.printIntent ?? {};
    const table = changed('printIntent', { recovered: { ...recovered, inside: 'printIntent' } });
    await expect(violationsAfter('cardPrinter.printSide', table)).rejects.toThrow(
      'printSide is never done for an old session',
    );
  });

  it('refuses a table by which recovery presents a card again', async () => {
    const { recovered } = controlledBlankTable.ejectIntent ?? {};
    const table = changed('ejectIntent', { recovered: { ...recovered, inside: 'ejectIntent' } });
    await expect(violationsAfter('commit ejectIntent', table)).rejects.toThrow(
      'present is never done for an old session',
    );
  });
});

const collectedKia: Scenario = { request: kia, ...collected };
let undisturbed: Promise<CrashRun> | null = null;

/** Dies once, right after that point of an undisturbed session or so many steps later; a sound core may, as is seen above. */
async function violationsAfter(
  point: string,
  options: CoreOptions,
  later = 0,
): Promise<readonly string[]> {
  undisturbed ??= crashAt(Number.POSITIVE_INFINITY, collectedKia);
  const { points } = await undisturbed;
  const at = points.findIndex((name) => name.startsWith(point));
  if (at === -1) throw new Error(`no session comes to ${point}`);
  return (await crashAt(at + later, { ...collectedKia, options })).violations;
}

/** A recovery that does something else before it puts a card into the reject bin. */
function beforeRejecting(also: (run: AttemptRun) => Promise<void>): CoreOptions {
  const { reject } = issuanceParts.acts;
  const both = async (run: AttemptRun): Promise<Finding> => {
    const { announced } = run;
    if (run.order === null) await also(run);
    run.announced = announced;
    return reject(run);
  };
  return { parts: { acts: { ...issuanceParts.acts, reject: both } } };
}

/** Core's own guard is told that the command is on record. */
function announce(run: AttemptRun, command: 'printSide' | 'presentCard'): void {
  run.announced = { device: run.cardPrinter.name, command };
}

/** The table of cards with one state altered, in force in both runs of core. */
function changed(state: AttemptState, changes: Partial<StateRule>): CoreOptions {
  const altered = { ...rule(''), ...controlledBlankTable[state], ...changes };
  const controlledBlank = { ...controlledBlankTable, [state]: altered };
  return { parts: { tables: { ...attemptTables, controlledBlank } } };
}

const announces = (event: JournalEvent): boolean =>
  event.kind === 'attempt.stateEntered' && event.command !== undefined;

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
          if (!entry.events.some(announces)) {
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
