import { assert } from '../base/assert.ts';
import type { TimerHandle } from '../base/clock.ts';
import { mediaOf, type Media } from '../domain/document.ts';
import type { DeviceProxy } from '../devices/ports.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { AttemptDetail } from './attempt-detail.ts';
import type { AttemptProblem } from '../domain/attempt-problem.ts';
import type { PrintStep } from '../domain/print-step.ts';
import type { AnnouncedCommand } from './attempt-book.ts';
import type { StateFacts } from './finding.ts';
import type { AttemptOrder, AttemptProgress } from './issuance.ts';
import type { Senses, Sight } from './judge/sight.ts';
import type { CheckedDocument, IssuanceDeps, PrintableCard } from './ports.ts';
import type { BlankStock } from './blank-stock.ts';
import type { AttemptLimits } from './time-limits.ts';

/**
 * One attempt while it runs: what is committed (`detail`), and what lives only in memory and is gone
 * with it: the claim, the print code, what is known of the document and of the composed card.
 */
export class AttemptRun {
  readonly deps: IssuanceDeps;
  readonly stock: BlankStock;
  readonly limits: AttemptLimits;
  /** null when recovery visits an attempt of an old session. */
  readonly order: AttemptOrder | null;
  detail: AttemptDetail;

  document: CheckedDocument | null = null;
  card: PrintableCard | null = null;
  sideIndex = 0;
  senses: Senses | null = null;
  sight: Sight | null = null;
  /** The command that is on record and waits for its answer. */
  announced: AnnouncedCommand | null = null;
  /** What the record last said of the sensors; null where this run of core said nothing yet. */
  saidSensors: StateFacts['sensors'] | null = null;
  triesLeft: number | null = null;
  /** Why this terminal does not even ask for the reservation. */
  refusal: {
    readonly problem: AttemptProblem;
    readonly code: string;
    readonly events?: readonly JournalEvent[];
  } | null = null;
  cancelled = false;
  readonly taken = new Latch();
  stopListening: () => void = () => undefined;
  readonly paperAnswer = new Latch<boolean>();
  /** A named officer vouches for the person at the terminal, and it is on record. */
  readonly waived = new Latch();
  readonly #listeners = new Set<(progress: AttemptProgress) => void>();
  #latest: AttemptProgress | null = null;

  constructor(
    deps: IssuanceDeps,
    stock: BlankStock,
    limits: AttemptLimits,
    order: AttemptOrder | null,
    detail: AttemptDetail,
  ) {
    this.deps = deps;
    this.stock = stock;
    this.limits = limits;
    this.order = order;
    this.detail = detail;
  }

  get media(): Media {
    return mediaOf[this.detail.documentKind];
  }

  /** On whose behalf devices are asked: recovery acts for nobody. */
  get sessionId(): string | null {
    return this.order?.sessionId ?? null;
  }

  get cardPrinter(): DeviceProxy<'cardPrinter'> {
    const printer = this.deps.devices.cardPrinter;
    assert(printer !== null, 'a card attempt needs a card printer');
    return printer;
  }

  get pagePrinter(): DeviceProxy<'pagePrinter'> {
    const printer = this.deps.devices.pagePrinter;
    assert(printer !== null, 'a paper attempt needs a page printer');
    return printer;
  }

  say(progress: AttemptProgress): void {
    this.#latest = progress;
    for (const listener of [...this.#listeners]) listener(progress);
  }

  sayStep(step: PrintStep): void {
    if (this.order !== null) this.say({ kind: 'step', step });
  }

  onProgress(listener: (progress: AttemptProgress) => void): () => void {
    this.#listeners.add(listener);
    if (this.#latest !== null) listener(this.#latest);
    return () => void this.#listeners.delete(listener);
  }

  /** Completes after that time, or when `until` completes, whichever is first; says which. */
  async waitFor<T>(until: Promise<T>, ms: number): Promise<{ readonly value: T } | 'timeOut'> {
    let timer: TimerHandle | undefined;
    const timeOut = new Promise<'timeOut'>((resolve) => {
      timer = this.deps.clock.after(ms, () => resolve('timeOut'));
    });
    const first = await Promise.race([until.then((value) => ({ value })), timeOut]);
    timer?.cancel();
    return first;
  }
}

/** Something that happens at most once and may have happened before anybody waits for it. */
export class Latch<T = void> {
  readonly happened: Promise<T>;
  #resolve: (value: T) => void = () => undefined;
  #set = false;

  constructor() {
    this.happened = new Promise<T>((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isSet(): boolean {
    return this.#set;
  }

  set(value: T): void {
    this.#set = true;
    this.#resolve(value);
  }
}
