import { assertNever } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import type { DeviceProxy } from '../../devices/ports.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { Journal } from '../../journal/journal.ts';
import { askSenses, look, sightOf } from '../card-printer-view.ts';
import type { BlankStock } from '../blank-stock.ts';
import { countersWentBack } from '../counter-watch.ts';
import { judgeFeed, judgeInside, judgePrint, judgeReject } from '../judge/judge-card.ts';
import type { DrawnSide } from '../document-checks.ts';
import { whyFeederIsClosed } from '../stock/test-cards.ts';
import { attemptLimits, type AttemptLimits } from '../time-limits.ts';
import { untilDevicesAnswer } from '../until-devices-answer.ts';
import { testCardOf, unsettledTestCards, type TestCardRecord } from './test-card-book.ts';
import { faultBefore, feed, reject } from './test-card-steps.ts';
import { TestCardRun } from './test-card-run.ts';

export interface TestCardDeps {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly stock: BlankStock;
  readonly printer: DeviceProxy<'cardPrinter'> | null;
  /** The sheet, as a specimen. Moves nothing. */
  readonly compose: (ask: {
    readonly testCardId: string;
    readonly feeder: string;
    readonly serial: string;
  }) => Promise<Result<DrawnSide, { readonly kind: string }>>;
  /**
   * Why none may be printed now, or null. `terminalBusy`: a citizen is there, or an attempt under way;
   * `terminalParked`: record or clock are not believed; `powerFailing`: the battery would not last.
   */
  readonly whyNot: () => 'terminalBusy' | 'terminalParked' | 'powerFailing' | null;
  readonly limits?: Partial<AttemptLimits>;
}

/**
 * Prints the test cards that two people ordered: feed, print, and drop the card into the reject bin, never
 * to the exit. Each movement follows an intent on the disk; where the card then is, the sensors say.
 */
export class TestCards {
  readonly #deps: TestCardDeps;
  readonly #limits: AttemptLimits;
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(deps: TestCardDeps) {
    this.#deps = deps;
    this.#limits = { ...attemptLimits, ...deps.limits };
  }

  underWay(): boolean {
    return this.#running !== null;
  }

  /**
   * Once at start, before anything else moves a card: what the last run left is brought to an end that is
   * proved, or to people. A card inside falls into the reject bin; nothing is printed.
   */
  async recover(): Promise<void> {
    const { journal, printer, clock } = this.#deps;
    const ids = unsettledTestCards(journal.reader);
    if (ids.length === 0) return;
    if (printer !== null) await untilDevicesAnswer(clock, this.#limits, [printer]);
    for (const id of ids) {
      const record = testCardOf(journal.reader, id);
      if (record !== null) await this.#recoverOne(record);
    }
  }

  /** Prints what was ordered. Completes when the record says what became of it. */
  print(testCardId: string): Promise<void> {
    const done = this.#print(testCardId).finally(() => {
      if (this.#running === done) this.#running = null;
    });
    if (this.#running === null) this.#running = done;
    return done;
  }

  /** Nothing new is printed; completes when what is under way has settled. */
  async stop(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #print(testCardId: string): Promise<void> {
    const { journal, stock, printer } = this.#deps;
    const record = testCardOf(journal.reader, testCardId);
    if (record?.settled !== null) return;
    const isBusy = this.#running !== null || this.#closed;
    const whyNot = isBusy ? 'terminalBusy' : this.#deps.whyNot();
    if (whyNot !== null || printer === null) {
      return this.#refuse(testCardId, whyNot ?? 'noCardPrinter');
    }
    const { feeder, blankKind } = record.ordered;
    const blank = stock.expected(feeder, blankKind);
    if (blank === null) return this.#refuse(testCardId, 'feederEmpty');
    const sheet = await this.#deps.compose({ testCardId, feeder, serial: blank.serial });
    if (!sheet.ok) return this.#refuse(testCardId, `compose.${sheet.error.kind}`);
    const senses = await askSenses(printer, null);
    const status = await printer.execute('getStatus', {}, { sessionId: null });
    const sight = status.ok ? sightOf(status.value, 'unknown') : null;
    const wentBack = countersWentBack(journal.reader, printer.name, sight?.counters ?? null);
    if (wentBack.length > 0) return this.#refuse(testCardId, 'countersWentBack', wentBack);
    const run = new TestCardRun({ journal, stock, printer, senses, sight }, record);
    const fault = status.ok ? faultBefore(status.value, senses) : status.error.kind;
    const why = fault ?? whyFeederIsClosed(journal.reader, blankKind);
    if (why !== null) return this.#refuse(testCardId, why);
    if (!(await feed(run, blank))) return;
    if (run.faultCode === null) {
      const { side, widthDots, heightDots, rgb } = sheet.value;
      const rgbBase64 = Buffer.from(rgb).toString('base64');
      const ask = { side, widthDots, heightDots, rgbBase64 };
      const { scene, answer } = await run.command('printSide', ask, {});
      const where = judgePrint(scene);
      if (where === 'done') run.printed = true;
      else run.trouble(answer);
      if (where === 'unproved' || where === 'atExit') return run.unresolved();
    }
    await reject(run);
  }

  async #recoverOne(record: TestCardRecord): Promise<void> {
    const { journal, stock, printer } = this.#deps;
    const { commanded } = record;
    if (commanded === null) return this.#refuse(record.ordered.testCardId, 'coreRestarted');
    // Without a printer nobody can be asked: the next start that has one settles it.
    if (printer === null) return;
    const senses = await askSenses(printer, null);
    const sight = await look(printer, null);
    const run = new TestCardRun({ journal, stock, printer, senses, sight }, record);
    const scene = run.scene('unheard');
    if (commanded.command !== 'rejectCard') run.trouble('coreRestarted');
    switch (commanded.command) {
      case 'feedBlank': {
        run.seeDoubleFeed(scene);
        const where = judgeFeed(scene);
        if (where === 'nothingMoved') return run.notPrinted();
        return where === 'unproved' ? run.unresolved() : reject(run);
      }
      case 'printSide': {
        const where = judgeInside(scene);
        return where === 'inside' || where === 'tryBin' ? reject(run) : run.unresolved();
      }
      case 'rejectCard': {
        const where = judgeReject(scene);
        if (where === 'done') return run.inBin();
        return where === 'unproved' ? run.unresolved() : reject(run);
      }
      default:
        return assertNever(commanded.command);
    }
  }

  /** Nothing had been commanded: the blank lies where it lay. */
  async #refuse(
    testCardId: string,
    faultCode: string,
    found: readonly JournalEvent[] = [],
  ): Promise<void> {
    const end = { end: 'notPrinted', evidence: 'none', faultCode, blank: null } as const;
    await this.#deps.journal.append({
      events: [...found, { kind: 'testCard.settled', testCardId, ...end }],
    });
  }
}
