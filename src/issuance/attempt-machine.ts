import { isDeepStrictEqual } from 'node:util';
import { assert } from '../base/assert.ts';
import type { AttemptState } from '../domain/attempt.ts';
import type { AttemptBook } from './attempt-book.ts';
import type { Act, MovingCommand } from './attempt-rule.ts';
import { follow, ruleOf, type AttemptTables } from './attempt-table.ts';
import type { AttemptRun } from './attempt-run.ts';
import { captureOldCard, awaitTaken, present, reject, retract } from './acts/hand-over.ts';
import { blankRules, checkBlank, feedUnder, printSide, verify, writeChip } from './acts/card.ts';
import { checkDevices } from './acts/check-devices.ts';
import { beginHolderCheck, checkHolder } from './acts/check-holder.ts';
import { countersNow } from './acts/card-command.ts';
import { release, reserve } from './acts/claim.ts';
import { askCitizen, printPaper } from './acts/paper.ts';
import { prepare } from './acts/prepare.ts';
import type { BlankRules } from './acts/read-blank.ts';
import { sensorsOf, type Finding } from './finding.ts';
import type { Questions } from './questions.ts';

export type Acts = Readonly<Record<Act, (run: AttemptRun) => Promise<Finding>>>;

export const actsUnder = (rules: BlankRules): Acts => ({
  reserve,
  prepare,
  release,
  checkDevices,
  feed: feedUnder(rules),
  checkBlank,
  writeChip,
  printSide,
  verify,
  beginHolderCheck,
  checkHolder,
  captureOldCard,
  beginEject: (run) =>
    Promise.resolve({ cause: 'done', detail: countersNow(run), facts: sensorsOf(run.sight) }),
  present,
  awaitTaken,
  retract,
  reject,
  printPaper,
  askCitizen,
  settle: () => Promise.resolve({ cause: 'done' }),
});

export const acts: Acts = actsUnder(blankRules);

/** Acts that may be carried out for a session that is gone: none of them prints or presents. */
export const safeAfterRestart: ReadonlySet<Act> = new Set<Act>([
  'release',
  'reject',
  'retract',
  'settle',
]);

/** Drives attempts through the table: act, look up, commit, and only then the next act. */
export class AttemptMachine {
  readonly #book: AttemptBook;
  readonly #tables: AttemptTables;
  readonly #acts: Acts;

  constructor(book: AttemptBook, tables: AttemptTables, allActs: Acts) {
    this.#book = book;
    this.#tables = tables;
    this.#acts = allActs;
  }

  /** Goes on until a state has nothing more to do. Rejects only where the record cannot be written. */
  async drive(run: AttemptRun): Promise<void> {
    for (;;) {
      const { state } = run.detail;
      const rule = ruleOf(this.#tables, run.media, state);
      if (rule.act === null) return;
      assert(
        run.order !== null || safeAfterRestart.has(rule.act),
        `${rule.act} is never done for an old session`,
      );
      const finding = await this.#acts[rule.act](run);
      await this.#enter(run, follow('next', state, rule, finding.cause), finding);
    }
  }

  /** Asks what became of an attempt that the last run left, and brings it to its end. */
  async recover(run: AttemptRun, questions: Questions): Promise<void> {
    const { state, attemptId } = run.detail;
    const rule = ruleOf(this.#tables, run.media, state);
    if (rule.question === null) return;
    const finding = await questions[rule.question](run);
    const visited = {
      kind: 'recovery.attemptVisited',
      attemptId,
      found: state,
      action: rule.question,
    } as const;
    const to = follow('recovered', state, rule, finding.cause);
    await this.#enter(run, to, { ...finding, events: [visited, ...(finding.events ?? [])] });
    await this.drive(run);
  }

  async #enter(run: AttemptRun, to: AttemptState, finding: Finding): Promise<void> {
    const rule = ruleOf(this.#tables, run.media, to);
    const announced =
      rule.moves === null ? null : { device: deviceFor(run, rule.moves), command: rule.moves };
    // In doubt everything is said that is known, for those who have to decide.
    const told = rule.outcome === 'uncertain' ? finding : onlyNews(run, finding);
    run.detail = await this.#book.enter(run.detail, to, told, announced);
    run.announced = announced;
    run.saidSensors = finding.facts?.sensors ?? run.saidSensors;
    if (rule.step !== null) run.sayStep(rule.step);
  }
}

/** What a sensor says is recorded once for as long as it stays the same; that it fell silent, once too. */
function onlyNews({ saidSensors }: AttemptRun, finding: Finding): Finding {
  const { sensors, ...facts } = finding.facts ?? {};
  if (sensors === undefined) return finding;
  const said = saidSensors ?? {};
  if (isDeepStrictEqual(sensors, said)) return { ...finding, facts };
  const news = changedOf(sensors, said);
  if (news.counters && said.counters) news.counters = changedOf(news.counters, said.counters);
  return { ...finding, facts: { ...facts, sensors: news } };
}

/** The members of the first that the second does not have so. */
function changedOf<T extends object>(now: T, before: T): Partial<T> {
  const had = new Map(Object.entries(before));
  const changed = Object.entries(now).filter(
    ([name, value]) => !isDeepStrictEqual(value, had.get(name)),
  );
  return Object.fromEntries(changed) as Partial<T>;
}

function deviceFor(run: AttemptRun, command: MovingCommand): string {
  switch (command) {
    case 'printPdf':
      return run.pagePrinter.name;
    case 'captureCard': {
      const reader = run.deps.devices.cardReader;
      assert(reader !== null, 'a card reader holds the old card');
      return reader.name;
    }
    case 'feedBlank':
    case 'printSide':
    case 'presentCard':
    case 'retractCard':
    case 'rejectCard':
      return run.cardPrinter.name;
  }
}
