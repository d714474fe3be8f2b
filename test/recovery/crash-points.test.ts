import { describe, expect, it } from '@jest/globals';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import type { Append, Journal } from '../../src/journal/journal.ts';
import type { AttemptRun } from '../../src/issuance/attempt-run.ts';
import { issuanceParts } from '../../src/issuance/create-issuance.ts';
import type { Finding } from '../../src/issuance/finding.ts';
import { requestOf } from '../issuance/bench.ts';
import { collected, kia, lesserProfiles, scenarios, violationsOf } from './commit-points.ts';

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
});

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
