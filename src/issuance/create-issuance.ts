import { assert } from '../base/assert.ts';
import { newId } from '../base/ids.ts';
import type { OutcomeDispute } from '../domain/attempt.ts';
import { documentKindSchema, type DocumentKind } from '../domain/document.ts';
import type { RequestState } from '../domain/request.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { OutcomeReceipt } from '../registry/ports.ts';
import { keepLease } from './acts/keep-lease.ts';
import { AttemptBook } from './attempt-book.ts';
import type { AttemptDetail } from './attempt-detail.ts';
import { AttemptMachine, acts as allActs, type Acts } from './attempt-machine.ts';
import { AttemptRun, Latch } from './attempt-run.ts';
import { attemptTables, type AttemptTables } from './attempt-table.ts';
import { availabilityOf } from './availability.ts';
import { BlankStock } from './blank-stock.ts';
import { CounterWatch } from './counter-watch.ts';
import { DeviceView } from './device-view.ts';
import type { AttemptOrder, AttemptSettlement, Issuance, RunningAttempt } from './issuance.ts';
import { longestAttemptMs } from './longest-attempt.ts';
import { LeftCard } from './left-card.ts';
import type { IssuanceDeps } from './ports.ts';
import { questions as allQuestions, type Questions } from './questions.ts';
import { recover } from './recovery.ts';
import { settlementOf, type RequestAfter } from './settlement.ts';
import { ledgerIncident } from './stock/incidents.ts';
import { isServed, servedWhenScarce } from './stock/scarcity.ts';
import { closedKinds } from './stock/closed-kinds.ts';
import { registryForgot, registryIsDoubted } from './stock/registry-forgot.ts';
import { testCardUnsettled } from './stock/test-cards.ts';
import { attemptLimits, SPOILED_LIMIT, type AttemptLimits } from './time-limits.ts';

/** Table, acts and questions in force; tests put a faulty one in the place of a good one. */
export interface IssuanceParts {
  readonly tables: AttemptTables;
  readonly acts: Acts;
  readonly questions: Questions;
}

export const issuanceParts: IssuanceParts = {
  tables: attemptTables,
  acts: allActs,
  questions: allQuestions,
};

export function createIssuance(deps: IssuanceDeps, parts: IssuanceParts = issuanceParts): Issuance {
  return new AttemptService(deps, parts);
}

class AttemptService implements Issuance {
  readonly #deps: IssuanceDeps;
  readonly #parts: IssuanceParts;
  readonly #limits: AttemptLimits;
  readonly #book: AttemptBook;
  readonly #stock: BlankStock;
  readonly #machine: AttemptMachine;
  readonly #view: DeviceView;
  readonly #counters: CounterWatch;
  readonly #leftCard: LeftCard;
  /** Attempts whose report the registry has not acknowledged while a retry may want to wait for it. */
  readonly #receipts = new Map<string, Latch<string>>();
  #recovered = false;
  #running: AttemptRun | null = null;
  #started = 0;
  #closed = false;

  constructor(deps: IssuanceDeps, parts: IssuanceParts) {
    this.#deps = deps;
    this.#parts = parts;
    this.#limits = { ...attemptLimits, ...deps.limits };
    this.#book = new AttemptBook(deps.journal, deps.clock, parts.tables);
    this.#stock = new BlankStock(deps.journal, deps.mode);
    this.#machine = new AttemptMachine(this.#book, parts.tables, parts.acts);
    this.#view = new DeviceView(deps.devices);
    this.#counters = new CounterWatch(deps.journal);
    this.#leftCard = new LeftCard(deps, this.#book);
  }

  async recover(): ReturnType<Issuance['recover']> {
    assert(!this.#recovered, 'recovery runs once, before the first screen');
    const summary = await recover({
      deps: this.#deps,
      limits: this.#limits,
      book: this.#book,
      stock: this.#stock,
      machine: this.#machine,
      questions: this.#parts.questions,
      leftCard: this.#leftCard,
    });
    await this.refresh();
    this.#recovered = true;
    return summary;
  }

  availability(): ReturnType<Issuance['availability']> {
    const seen = {
      ...this.#view.seen(),
      cardPathBlocked: this.#book.unresolvedCards().length > 0,
      countersWentBack: this.#counters.blocks(),
      registryDoubted: registryIsDoubted(this.#deps.journal.reader),
      testCardUnderWay: this.#deps.testCardUnderWay?.() === true,
      testCardUnsettled: testCardUnsettled(this.#deps.journal.reader),
      closedKinds: closedKinds(this.#deps.journal.reader),
      scarce: this.#servedNow(),
      powerTooShortFor: new Set(
        documentKindSchema.options.filter((kind) => !this.#powerSuffices(kind)),
      ),
    };
    return availabilityOf(seen, this.#stock);
  }

  async refresh(): Promise<void> {
    const startedBefore = this.#started;
    await Promise.all([this.#view.refresh(), this.#leftCard.keepOnceSeen()]);
    // What was read before an attempt began says nothing of the counters that it left.
    if (this.#running !== null || this.#started !== startedBefore) return;
    const { cardPrinter } = this.#deps.devices;
    const counters = this.#view.seen().cardPrinter?.counters ?? null;
    if (cardPrinter !== null) await this.#counters.look(cardPrinter.name, counters);
  }

  oldCardCaptured(requestId: string): boolean {
    return this.#book.hasCapturedOldCard(requestId);
  }

  start(order: AttemptOrder): RunningAttempt {
    assert(this.#recovered, 'nothing is printed before recovery has run');
    assert(this.#running === null, 'one attempt at a time');
    const detail = newAttempt(order, this.oldCardCaptured(order.request.requestId));
    const run = new AttemptRun(this.#deps, this.#stock, this.#limits, order, detail);
    this.#running = run;
    this.#started += 1;
    run.refusal = this.#refusalOf(run);
    return {
      attemptId: run.detail.attemptId,
      onProgress: (listener) => run.onProgress(listener),
      settled: this.#settle(run),
      cancelBeforeMotion: () => void (run.cancelled = true),
      sayPaper: (taken) => run.paperAnswer.set(taken),
    };
  }

  close(): void {
    this.#closed = true;
    if (this.#running !== null) this.#running.cancelled = true;
  }

  underWay(): boolean {
    return this.#running !== null;
  }

  waiveHolderCheck(attemptId: string): void {
    const run = this.#running;
    if (run?.detail.attemptId === attemptId && run.detail.state === 'holderCheck') run.waived.set();
  }

  receiptEvents(receipt: OutcomeReceipt): readonly JournalEvent[] {
    const { attemptId, receiptId, requestState } = receipt;
    this.#receipts.get(attemptId)?.set(requestState);
    return [
      ...this.#stateAfter(attemptId, 'receipt'),
      { kind: 'registry.outcomeReported', attemptId, receiptId, requestState },
    ];
  }

  conflictEvents(attemptId: string, why: OutcomeDispute): readonly JournalEvent[] {
    const withPeople: RequestState = 'perluPeriksa';
    this.#receipts.get(attemptId)?.set(withPeople);
    return [
      ...this.#stateAfter(attemptId, 'conflict'),
      { kind: 'registry.outcomeDisputed', attemptId, why },
    ];
  }

  async #settle(run: AttemptRun): Promise<AttemptSettlement> {
    const { attemptId } = run.detail;
    const reported = new Latch<string>();
    this.#receipts.set(attemptId, reported);
    const endLease = keepLease(run);
    try {
      await this.#book.open(run.detail);
      run.sayStep('reserving');
      await this.#machine.drive(run);
      endLease();
      await this.#reportDifference();
      return await this.#afterwards(run, reported);
    } finally {
      endLease();
      run.stopListening();
      this.#receipts.delete(attemptId);
      this.#running = null;
    }
  }

  /** A machine tries again only once the registry knows what the last try cost and has the request ready. */
  async #afterwards(run: AttemptRun, reported: Latch<string>): Promise<AttemptSettlement> {
    await this.#view.refresh();
    const { detail, triesLeft } = run;
    const registryHasIt = await this.#requestAfter(run, reported);
    return settlementOf(detail, {
      triesLeft,
      registryHasIt,
      spoiled: this.#book.spoiledOf(detail.requestId),
      mayRetryNow: registryHasIt === 'ready' && this.#mayRetry(run),
    });
  }

  /** What the registry made of the report, where the next step of the citizen hangs on it. */
  async #requestAfter(run: AttemptRun, reported: Latch<string>): Promise<RequestAfter> {
    const { comesTo, documentKind, state } = run.detail;
    // A card that is held back is the office's: nothing is printed again before people decided.
    const hangsOnIt =
      (comesTo === 'spoiled' && state !== 'heldBack') ||
      (comesTo === 'uncertain' && documentKind === 'kk');
    if (!hangsOnIt || this.#closed) return 'unknown';
    const known = await run.waitFor(reported.happened, this.#limits.reportMs);
    if (known === 'timeOut') return 'unknown';
    const ready: RequestState = 'siapCetak';
    return known.value === ready ? 'ready' : 'withPeople';
  }

  #mayRetry(run: AttemptRun): boolean {
    const { detail } = run;
    if (this.#closed) return false;
    switch (detail.comesTo) {
      case 'spoiled':
        return (
          detail.oldCardFate !== 'uncertain' &&
          this.#book.spoiledOf(detail.requestId) < SPOILED_LIMIT &&
          this.availability()[detail.documentKind].available &&
          this.#isServed(run)
        );
      case 'uncertain':
        return detail.documentKind === 'kk';
      case 'delivered':
      case 'notPrinted':
      case 'retracted':
      case null:
        return false;
    }
  }

  #refusalOf(run: AttemptRun): AttemptRun['refusal'] {
    if (this.#closed) return { problem: 'cancelled', code: 'terminalStopping' };
    if (this.#deps.mayIssue?.() === false) {
      return { problem: 'cancelled', code: 'terminalParked' };
    }
    if (!this.#powerSuffices(run.detail.documentKind)) {
      return { problem: 'powerFailing', code: 'powerFailing' };
    }
    if (run.media === 'plainPaper') return null;
    if (this.#book.unresolvedCards().length > 0) {
      return { problem: 'printerTrouble', code: 'cardPathUnresolved' };
    }
    if (this.#counters.blocks()) return { problem: 'printerTrouble', code: 'countersWentBack' };
    const forgotten = this.#handedOutBefore(run);
    if (forgotten !== null) return forgotten;
    if (testCardUnsettled(this.#deps.journal.reader)) {
      return { problem: 'printerTrouble', code: 'testCardUnsettled' };
    }
    if (this.#deps.testCardUnderWay?.() === true) {
      return { problem: 'printerTrouble', code: 'testCardUnderWay' };
    }
    if (!this.#isServed(run)) return { problem: 'blanksKept', code: 'blanksKept' };
    return this.#book.spoiledOf(run.detail.requestId) >= SPOILED_LIMIT
      ? { problem: 'limitReached', code: 'spoiledLimit' }
      : null;
  }

  /**
   * A card that is out by our own record is never printed again, whoever asks. A registry that asks for it has
   * forgotten what it was told, and may have forgotten the same of other requests. Where two people said that
   * it cannot be known, an officer there may have released the request all the same, which contradicts nothing
   * it was told. But its list does not say who made a request ready again, and when: one put back to an older
   * state would ask the same, and so it is not printed here either.
   */
  #handedOutBefore(run: AttemptRun): AttemptRun['refusal'] {
    const { reader } = this.#deps.journal;
    const { requestId } = run.detail;
    const before = this.#book.mayBeOut(requestId);
    if (before === null) {
      return registryIsDoubted(reader)
        ? { problem: 'printerTrouble', code: 'registryForgot' }
        : null;
    }
    if (before.state === 'resolvedUnknown') {
      return { problem: 'notReadyAnymore', code: 'outcomeNeverKnown' };
    }
    const events = registryForgot(reader, { of: 'handOver', requestId }, before.attemptId);
    return { problem: 'notReadyAnymore', code: 'handedOutBefore', events };
  }

  /** No attempt begins that the battery may not see to its end; one that has begun goes on. */
  #powerSuffices(kind: DocumentKind): boolean {
    const asksFinger = (this.#deps.devices.fingerSensor ?? null) !== null;
    const longestMs = longestAttemptMs(kind, this.#limits, asksFinger);
    const neededMs = longestMs + this.#limits.powerReserveMs;
    return this.#deps.power?.suffices(neededMs) ?? true;
  }

  /** False where the office keeps the few blanks that are left for requests it ranks higher. */
  #isServed({ order }: AttemptRun): boolean {
    return order === null || isServed(order.request, this.#servedNow());
  }

  #servedNow(): ReturnType<typeof servedWhenScarce> {
    return servedWhenScarce(this.#deps.scarce ?? [], this.#stock);
  }

  /** Promise 2, asked after each attempt: a difference is an incident and is never corrected here. */
  async #reportDifference(): Promise<void> {
    const incident = ledgerIncident(this.#deps.journal.reader, this.#stock.balance());
    await this.#book.note(incident === null ? [] : [incident]);
  }

  #stateAfter(attemptId: string, cause: 'receipt' | 'conflict'): readonly JournalEvent[] {
    const detail = this.#book.read(attemptId);
    return detail === null ? [] : this.#book.answerEvents(detail, cause);
  }
}

const newAttempt = (
  { sessionId, request, oldCardHeld }: AttemptOrder,
  capturedBefore: boolean,
): AttemptDetail => ({
  attemptId: newId('att'),
  sessionId,
  requestId: request.requestId,
  documentKind: request.documentKind,
  state: 'claiming',
  oldCard: request.oldCard,
  oldCardFate: oldCardHeld
    ? 'held'
    : capturedBefore
      ? 'captured'
      : request.oldCard === 'toBeCapturedHere'
        ? 'kept'
        : 'notConcerned',
  blank: null,
  feeder: null,
  pages: null,
  countersBefore: null,
  capturedBefore: null,
  leaseExpiresAt: null,
  evidence: 'none',
  comesTo: null,
  faultCode: null,
  problem: null,
  settled: false,
});
