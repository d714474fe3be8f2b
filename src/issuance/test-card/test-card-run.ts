import type { CardCounters } from '../../../drivers/contract/card-printer.ts';
import type { CommandResult, Params } from '../../../drivers/contract/driver.ts';
import type { Handed } from '../../../drivers/contract/held.ts';
import type { DeviceProxy } from '../../devices/ports.ts';
import type { Blank } from '../../domain/document.ts';
import type { Evidence } from '../../domain/attempt.ts';
import { stockNumber } from '../../domain/words.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { TestCardEnd } from '../../journal/events/test-card.ts';
import type { Journal } from '../../journal/journal.ts';
import { commandEndOf, endOf, faultOf } from '../acts/answered.ts';
import type { BlankStock } from '../blank-stock.ts';
import { look } from '../card-printer-view.ts';
import { fedTogether, type CommandEnd, type Scene } from '../judge/judge-card.ts';
import type { Senses, Sight } from '../judge/sight.ts';
import { doubleFeed } from '../stock/double-feed.ts';
import { incidentFound } from '../stock/incidents.ts';
import { movedAs } from '../stock/strangers.ts';
import type { TestCardRecord } from './test-card-book.ts';

export type TestCardCommand = 'feedBlank' | 'printSide' | 'rejectCard';
type Reading = { readonly serial: string | null; readonly blankKind: string | null };

/** One test card on its way: what it knows, and how each command is announced, given and seen. */
export class TestCardRun {
  readonly testCardId: string;
  readonly feeder: string;
  readonly journal: Journal;
  readonly stock: BlankStock;
  readonly printer: DeviceProxy<'cardPrinter'>;
  readonly senses: Senses | null;
  /** The blank in the transport by the ledger; null: none, or what was fed is none of the ledger. */
  blank: Blank | null;
  printed: boolean;
  faultCode: string | null;
  sight: Sight | null;
  /** Before the newest command. */
  before: CardCounters | null;
  /** What the record is to say of the last answer, together with what comes next. */
  said: readonly JournalEvent[] = [];
  readonly #blankKind: TestCardRecord['ordered']['blankKind'];

  constructor(
    parts: Pick<TestCardRun, 'journal' | 'stock' | 'printer' | 'senses' | 'sight'>,
    { ordered, commanded }: TestCardRecord,
  ) {
    this.testCardId = ordered.testCardId;
    this.feeder = ordered.feeder;
    this.#blankKind = ordered.blankKind;
    this.journal = parts.journal;
    this.stock = parts.stock;
    this.printer = parts.printer;
    this.senses = parts.senses;
    this.sight = parts.sight;
    this.blank = commanded?.blank ?? null;
    this.printed = commanded?.printed ?? false;
    this.faultCode = commanded?.faultCode ?? null;
    this.before = commanded?.counters ?? null;
  }

  /** Announces the command, gives it once, and looks. The intent is on the disk before it is given. */
  async command<N extends TestCardCommand>(
    command: N,
    params: Handed<Params<'cardPrinter', N>>,
    {
      refusals = [],
      moves = [],
    }: { refusals?: readonly string[]; moves?: readonly JournalEvent[] },
  ): Promise<{ readonly scene: Scene; readonly answer: CommandResult<'cardPrinter', N> }> {
    const { testCardId, blank, printed, faultCode, printer } = this;
    const device = printer.name;
    this.before = this.sight?.counters ?? null;
    const intent = { testCardId, device, command, blank, printed, faultCode } as const;
    await this.journal.append({
      events: [
        ...this.said,
        ...moves,
        { kind: 'testCard.commanded', ...intent, counters: this.before },
      ],
    });
    const answer = await printer.execute(command, params, { sessionId: null });
    this.sight = await look(printer, null);
    this.said = [
      {
        kind: 'testCard.answered',
        ...{ testCardId, device, command },
        ...endOf(answer),
        ...(answer.ok && command === 'feedBlank'
          ? { readSerial: serialIn(answer.value as Reading) }
          : {}),
        media: this.sight?.media ?? null,
        counters: this.sight?.counters ?? null,
      },
    ];
    return { scene: this.scene(commandEndOf(answer, refusals)), answer };
  }

  scene(end: CommandEnd): Scene {
    return { end, before: this.before, sight: this.sight, senses: this.senses };
  }

  /** A feeder that gave more than one blank is told of together with what comes next. */
  seeDoubleFeed(scene: Scene): void {
    const { journal, feeder } = this;
    this.said = [...this.said, ...doubleFeed(journal.reader, feeder, scene, null)];
    if (fedTogether(scene) !== null) this.trouble('doubleFed');
  }

  /** The first trouble is the one that is told. */
  trouble(answer: Parameters<typeof faultOf>[0] | string): void {
    this.faultCode ??= typeof answer === 'string' ? answer : faultOf(answer);
  }

  /** Nothing left the feeder, and that is proved. */
  notPrinted(): Promise<void> {
    const { blank } = this;
    const moves = blank === null ? [] : [moved(blank, 'inFeeder', this.faultCode ?? 'notProved')];
    const evidence = this.senses?.counters === true ? 'sensorSaw' : 'deviceReported';
    return this.#settle('notPrinted', evidence, moves);
  }

  /** The card lies in the reject bin, as far as the printer can prove it. */
  inBin(): Promise<void> {
    const { blank, printed, faultCode } = this;
    const isTest = printed && blank !== null;
    const evidence = this.senses?.rejectCount === true ? 'sensorSaw' : 'deviceReported';
    const moves =
      blank === null
        ? []
        : [
            moved(
              blank,
              isTest ? 'test' : 'void',
              faultCode ?? (isTest ? 'testCard' : 'notProved'),
            ),
          ];
    return this.#settle(isTest ? 'printed' : 'spoiled', evidence, moves);
  }

  /** Nobody proved where it is: two people look, and no card is printed until they have. */
  unresolved(): Promise<void> {
    const { blank, feeder } = this;
    this.trouble('notProved');
    const faultCode = this.faultCode ?? 'notProved';
    const incident = {
      what: 'testCardUnsettled',
      ...{ feeder, blankKind: this.#blankKind, serial: blank?.serial ?? null, faultCode },
    } as const;
    return this.#settle('unresolved', 'none', [
      ...(blank === null ? [] : [moved(blank, 'unresolved', faultCode)]),
      incidentFound(incident),
    ]);
  }

  async #settle(
    end: TestCardEnd,
    evidence: Evidence,
    moves: readonly JournalEvent[],
  ): Promise<void> {
    const { testCardId, faultCode, blank } = this;
    await this.journal.append({
      events: [
        ...this.said,
        ...moves,
        { kind: 'testCard.settled', testCardId, end, evidence, faultCode, blank },
      ],
    });
    this.said = [];
  }
}

export function serialIn({ serial }: Reading): string | null {
  return stockNumber.safeParse(serial).success ? serial : null;
}

const moved = (
  { kind, batch, serial, source }: Blank,
  to: 'inFeeder' | 'test' | 'void' | 'unresolved',
  reason: string,
): JournalEvent =>
  movedAs({ kind, batch, serial, source, place: 'inTransport' }, to, { attemptId: null, reason });
