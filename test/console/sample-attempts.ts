import type { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import type { DocumentKind } from '../../src/domain/document.ts';
import type { AttemptState } from '../../src/domain/attempt.ts';
import type { JournalEvent, JournalEventOf } from '../../src/journal/catalogue.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { oweReport } from '../journal/owed-report.ts';

type Entered = JournalEventOf<'attempt.stateEntered'>;
type Sensors = NonNullable<Entered['sensors']>;

const counters = (changed: NonNullable<Sensors['counters']>): Sensors => ({ counters: changed });
const COUNTERS_BEFORE = {
  fed: 11,
  printedSides: 23,
  presented: 11,
  taken: 11,
  rejected: 0,
  retracted: 0,
};

const commands: Readonly<Partial<Record<AttemptState, string>>> = {
  feedIntent: 'feedBlank',
  printIntent: 'printSide',
  ejectIntent: 'presentCard',
};

/** Writes attempts as issuance records them, so that the pages have something true to show. */
export class SampleAttempts {
  readonly #journal: Journal;
  readonly #clock: FakeClock;

  constructor(journal: Journal, clock: FakeClock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  async loadBlanks(): Promise<void> {
    await this.#append(0, {
      kind: 'blank.loaded',
      batch: 'B-2026-01',
      blankKind: 'ktpEl',
      feeder: 'feeder-a',
      firstSerial: 'KTP-0001',
      count: 50,
      by: [],
    });
  }

  /**
   * A KTP-el that was printed and taken, every command and sensor on record; `evidence` is what its printer
   * can give: one behind a queue has only a report.
   */
  async delivered(
    serial: string,
    evidence: 'sensorSaw' | 'deviceReported' | 'hostAccepted' = 'sensorSaw',
  ): Promise<string> {
    const attempt = this.#begin('ktpEl');
    await attempt.enter('claiming', 0);
    await attempt.enter('claimed', 180);
    await attempt.enter('composed', 950, { digest: 'c0'.repeat(32) });
    await attempt.enter('feedIntent', 4, {
      sensors: { media: 'notPresent', rejectBin: 'ok', counters: COUNTERS_BEFORE },
    });
    attempt.answered(2_310, 'success', undefined, { media: 'present', ...counters({ fed: 12 }) });
    await attempt.move(serial, 'inFeeder', 'inTransport');
    await attempt.enter('blankLoaded', 3);
    await attempt.enter('encodeIntent', 2, { digest: 'ab'.repeat(32) });
    await attempt.enter('encoded', 1_840, { digest: 'ab'.repeat(32) });
    await attempt.enter('printIntent', 3, { side: 'front' });
    attempt.answered(21_460, 'success', undefined, counters({ printedSides: 24 }));
    await attempt.enter('printed', 2, { side: 'front' });
    await attempt.enter('verified', 620);
    await attempt.enter('holderCheck', 1);
    await attempt.enter('ejectIntent', 2, { holderCheck: 'notRequired' });
    attempt.answered(1_930, 'success', undefined, counters({ presented: 12 }));
    await attempt.enter('presented', 1, { sensors: { media: 'atExit', presented: 'presented' } });
    await attempt.enter('taken', 6_400, {
      sensors: counters({ taken: 12 }),
      evidence,
    });
    await attempt.move(serial, 'inTransport', 'issued');
    await attempt.enter('confirming', 1);
    await attempt.settle('delivered', evidence, null, serial);
    await attempt.reported('diserahkan');
    await attempt.enter('confirmed', 1);
    return attempt.attemptId;
  }

  /** A KTP-el whose card jammed at the exit: nobody proved where it is. */
  async uncertain(serial: string): Promise<string> {
    const attempt = this.#begin('ktpEl');
    await attempt.enter('claiming', 0);
    await attempt.enter('claimed', 210);
    await attempt.enter('composed', 890);
    await attempt.enter('feedIntent', 4);
    attempt.answered(2_280, 'success', undefined, { media: 'present' });
    await attempt.move(serial, 'inFeeder', 'inTransport');
    await attempt.enter('blankLoaded', 3);
    await attempt.enter('printIntent', 3, { side: 'front' });
    attempt.answered(22_010, 'success');
    await attempt.enter('printed', 2, { side: 'front' });
    await attempt.enter('ejectIntent', 2);
    attempt.answered(8_000, 'commandError', 'mediaJammed', {
      media: 'jammed',
      presented: 'unknown',
      rejectBin: 'ok',
    });
    await attempt.move(serial, 'inTransport', 'unresolved');
    await attempt.enter('unresolved', 2, { faultCode: 'mediaJammed' });
    await attempt.settle('uncertain', 'deviceReported', 'mediaJammed', serial);
    return attempt.attemptId;
  }

  /** A reservation that the registry refused. */
  async notPrinted(): Promise<string> {
    const attempt = this.#begin('kia');
    await attempt.enter('claiming', 0);
    await attempt.enter('released', 240, { faultCode: 'refused' });
    await attempt.settle('notPrinted', 'none', 'refused', null);
    return attempt.attemptId;
  }

  /** A KK that is being printed. */
  async underWay(): Promise<string> {
    const attempt = this.#begin('kk');
    await attempt.enter('claiming', 0);
    await attempt.enter('claimed', 150);
    await attempt.enter('composed', 700);
    await attempt.enter('printIntent', 3);
    return attempt.attemptId;
  }

  async #append(afterMs: number, ...events: JournalEvent[]): Promise<void> {
    this.#clock.advance(afterMs);
    await this.#journal.append({ events });
  }

  #begin(documentKind: DocumentKind) {
    this.#clock.advance(74_000);
    const attemptId = newId('att');
    const device = documentKind === 'kk' ? 'page-printer' : 'card-printer';
    const which = { attemptId, sessionId: newId('ses'), requestId: newId('req'), documentKind };
    const blankOf = (serial: string) =>
      ({ kind: 'ktpEl', batch: 'B-2026-01', serial, source: 'read' }) as const;
    let from: AttemptState | null = null;
    let answer: Pick<Entered, 'answer' | 'sensors'> = {};
    return {
      attemptId,
      enter: async (
        to: AttemptState,
        afterMs: number,
        facts: Partial<Omit<Entered, 'kind' | 'from' | 'to'>> = {},
      ) => {
        const command = documentKind === 'kk' ? undefined : commands[to];
        await this.#append(afterMs, {
          kind: 'attempt.stateEntered',
          attemptId,
          ...(from === null ? which : {}),
          from,
          to,
          ...answer,
          ...(command === undefined ? {} : { command: { device, command } }),
          ...facts,
        });
        from = to;
        answer = {};
      },
      /** For the state that is entered next. */
      answered: (
        elapsedMs: number,
        end: NonNullable<Entered['answer']>['end'],
        errorCode?: string,
        sensors?: Sensors,
      ) => {
        this.#clock.advance(elapsedMs);
        answer = {
          answer: { end, elapsedMs, ...(errorCode === undefined ? {} : { errorCode }) },
          ...(sensors === undefined ? {} : { sensors }),
        };
      },
      move: (
        serial: string,
        moved: JournalEventOf<'blank.moved'>['from'],
        to: JournalEventOf<'blank.moved'>['to'],
      ) =>
        this.#append(0, {
          kind: 'blank.moved',
          blank: blankOf(serial),
          from: moved,
          to,
          attemptId,
        }),
      settle: (
        outcome: JournalEventOf<'attempt.settled'>['outcome'],
        evidence: JournalEventOf<'attempt.settled'>['evidence'],
        faultCode: string | null,
        serial: string | null,
      ) => {
        const settled = {
          kind: 'attempt.settled',
          ...which,
          outcome,
          evidence,
          faultCode,
          blank: serial === null ? null : blankOf(serial),
          capturedOldCard: false,
        } as const;
        // Of the others the pages are shown what was answered, or nothing that is owed.
        if (outcome !== 'uncertain') return this.#append(0, settled);
        return this.#journal.append({
          events: [settled],
          also: (tx) => oweReport(tx, settled, this.#journal.terminalId),
        });
      },
      reported: (requestState: string) =>
        this.#append(410, {
          kind: 'registry.outcomeReported',
          attemptId,
          receiptId: newId('rcpt'),
          requestState,
        }),
    };
  }
}
