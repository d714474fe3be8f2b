import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { attemptStateSchema, type AttemptState, type OutcomeReport } from '../domain/attempt.ts';
import { mediaOf } from '../domain/document.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { Journal } from '../journal/journal.ts';
import type { OutboxMessage } from '../journal/outbox/message.ts';
import type { SqlWriter } from '../store/sql.ts';
import {
  DETAIL_COLUMNS,
  detailOf,
  detailRow,
  storedOf,
  type AttemptDetail,
} from './attempt-detail.ts';
import type { MovingCommand, StateRule } from './attempt-rule.ts';
import { ruleOf, type AttemptTables } from './attempt-table.ts';
import type { Finding } from './finding.ts';

const mayBeOutRow = z
  .strictObject({ attempt_id: z.string(), state: attemptStateSchema })
  .transform(({ attempt_id: attemptId, state }) => ({ attemptId, state }));
const countRow = z.strictObject({ n: z.number().int() });

/** A command that the entry into a state announces. */
export interface AnnouncedCommand {
  readonly device: string;
  readonly command: MovingCommand;
}

/** The record of attempts: the only place of this folder that writes them, one transaction a state. */
export class AttemptBook {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #tables: AttemptTables;

  constructor(journal: Journal, clock: Clock, tables: AttemptTables) {
    this.#journal = journal;
    this.#clock = clock;
    this.#tables = tables;
  }

  /** Commits the first state of a new attempt. */
  async open(detail: AttemptDetail): Promise<void> {
    const { attemptId, sessionId, requestId, documentKind, state } = detail;
    await this.#journal.append({
      events: [
        {
          kind: 'attempt.stateEntered',
          attemptId,
          sessionId,
          requestId,
          documentKind,
          from: null,
          to: state,
        },
      ],
      also: (tx) => tx.setAttemptDetail(attemptId, storedOf(detail)),
    });
  }

  /**
   * Commits the entry into a state with everything that belongs to it: what was found out, the blank's
   * new place, the command it announces, and, where the state settles, outcome and outbox rows. Completes
   * when it is on the disk; only then may the announced command be given.
   */
  async enter(
    before: AttemptDetail,
    to: AttemptState,
    finding: Finding,
    announced: AnnouncedCommand | null,
  ): Promise<AttemptDetail> {
    const found = { ...before, ...finding.detail };
    const rule = ruleOf(this.#tables, mediaOf[before.documentKind], to);
    const place = found.blank !== null && rule.blank !== null ? rule.blank : null;
    const settlesNow = rule.settles && !before.settled;
    const detail: AttemptDetail = {
      ...found,
      state: to,
      comesTo: rule.outcome ?? found.comesTo,
      blank: found.blank === null ? null : { ...found.blank, place: place ?? found.blank.place },
      settled: before.settled || rule.settles,
    };
    const { attemptId, requestId, documentKind } = before;
    const moved = place !== null && place !== found.blank?.place ? found.blank : null;
    const events: JournalEvent[] = [
      ...(finding.events ?? []),
      {
        kind: 'attempt.stateEntered',
        attemptId,
        from: before.state,
        to,
        ...news(before, found, moved !== null),
        ...finding.facts,
        ...(announced === null ? {} : { command: { ...announced } }),
      },
    ];
    if (moved !== null && place !== null) {
      events.push({
        kind: 'blank.moved',
        blank: blankOf(moved),
        from: moved.place,
        to: place,
        attemptId,
        ...(found.faultCode === null ? {} : { reason: found.faultCode }),
      });
    }
    const owed: OutboxMessage[] = [];
    if (settlesNow) {
      const report = this.#reportOf(detail);
      events.push({
        kind: 'attempt.settled',
        attemptId,
        requestId,
        documentKind,
        outcome: report.outcome,
        evidence: report.evidence,
        faultCode: report.faultCode,
        blank: detail.blank === null ? null : blankOf(detail.blank),
        capturedOldCard: report.capturedOldCard,
      });
      owed.push(...rule.owes.map((kind) => owedMessage(kind, attemptId, report)));
    } else {
      owed.push(...rule.owes.map((kind) => owedMessage(kind, attemptId, null)));
    }
    await this.#journal.append({
      events,
      also: (tx) => {
        tx.setAttemptDetail(attemptId, storedOf(detail));
        if (before.countersBefore === null && detail.countersBefore !== null) {
          dropOlderCounters(tx.sql, attemptId);
        }
        for (const message of owed) tx.enqueue(`${message.kind}:${attemptId}`, message);
      },
    });
    return detail;
  }

  /** What an answer to the report changes; nothing where the state does not wait for one. */
  answerEvents(detail: AttemptDetail, cause: 'receipt' | 'conflict'): readonly JournalEvent[] {
    const to = ruleOf(this.#tables, mediaOf[detail.documentKind], detail.state).next[cause];
    if (to === undefined) return [];
    const { attemptId, state: from } = detail;
    return [{ kind: 'attempt.stateEntered', attemptId, from, to }];
  }

  /** Commits events that change no state. */
  async note(events: readonly JournalEvent[]): Promise<void> {
    if (events.length > 0) await this.#journal.append({ events });
  }

  read(attemptId: string): AttemptDetail | null {
    const row = this.#journal.reader.get(
      detailRow,
      `SELECT ${DETAIL_COLUMNS} FROM attempts WHERE attempt_id = ?`,
      attemptId,
    );
    return row === undefined ? null : detailOf(row);
  }

  /** Attempts that no outcome was recorded of, oldest first. */
  unsettled(): readonly AttemptDetail[] {
    return this.#all('outcome IS NULL');
  }

  /** Uncertain attempts on controlled stock that people have not decided: while there is one, no card is fed. */
  unresolvedCards(): readonly AttemptDetail[] {
    return this.forPeople().filter(
      ({ documentKind, state, comesTo }) =>
        mediaOf[documentKind] === 'controlledBlank' &&
        (state === 'unresolved' || (state === 'needsReview' && comesTo === 'uncertain')),
    );
  }

  /** Attempts that people have to decide, or may still, oldest first. */
  forPeople(): readonly AttemptDetail[] {
    return this.#all("state IN ('unresolved', 'needsReview', 'heldBack', 'resolvedUnknown')");
  }

  /** The newest attempt of all; null before the first. */
  newest(): AttemptDetail | null {
    const row = this.#journal.reader.get(
      detailRow,
      `SELECT ${DETAIL_COLUMNS} FROM attempts ORDER BY opened_seq DESC LIMIT 1`,
    );
    return row === undefined ? null : detailOf(row);
  }

  /** Blanks already spoiled for this request on this terminal. */
  spoiledOf(requestId: string): number {
    const row = this.#journal.reader.get(
      countRow,
      "SELECT count(*) AS n FROM attempts WHERE request_id = ? AND outcome = 'spoiled'",
      requestId,
    );
    return row?.n ?? 0;
  }

  /**
   * The attempt on this terminal by which a card of this request is out, or may be for all that people have
   * decided so far; null: none is. Of several the newest, and last those of which people said that it cannot
   * be known.
   */
  mayBeOut(requestId: string): { readonly attemptId: string; readonly state: AttemptState } | null {
    const row = this.#journal.reader.get(
      mayBeOutRow,
      `SELECT attempt_id, state FROM attempts INDEXED BY attempts_of_cards
       WHERE request_id = ? AND document_kind <> 'kk'
         AND (outcome IN ('delivered', 'uncertain') OR
           (state = 'needsReview' AND outcome <> 'notPrinted'))
       ORDER BY state = 'resolvedUnknown', opened_seq DESC LIMIT 1`,
      requestId,
    );
    return row ?? null;
  }

  /** Whether any attempt of this request on this terminal captured the old card that it replaces. */
  hasCapturedOldCard(requestId: string): boolean {
    const row = this.#journal.reader.get(
      countRow,
      'SELECT count(*) AS n FROM old_cards WHERE request_id = ?',
      requestId,
    );
    return (row?.n ?? 0) > 0;
  }

  #all(where: string): readonly AttemptDetail[] {
    return this.#journal.reader
      .all(detailRow, `SELECT ${DETAIL_COLUMNS} FROM attempts WHERE ${where} ORDER BY opened_seq`)
      .map(detailOf);
  }

  #reportOf(detail: AttemptDetail): OutcomeReport {
    assert(detail.comesTo !== null, `an attempt settles in ${detail.state} without an outcome`);
    return {
      attemptId: detail.attemptId,
      requestId: detail.requestId,
      terminalId: this.#journal.terminalId,
      outcome: detail.comesTo,
      evidence: detail.evidence,
      faultCode: detail.faultCode,
      blankSerial: detail.comesTo === 'notPrinted' ? null : (detail.blank?.serial ?? null),
      blankBatch: detail.comesTo === 'notPrinted' ? null : (detail.blank?.batch ?? null),
      capturedOldCard: detail.oldCardFate === 'captured',
      settledAt: this.#clock.now(),
    };
  }
}

function owedMessage(
  kind: StateRule['owes'][number],
  attemptId: string,
  report: OutcomeReport | null,
): OutboxMessage {
  assert(kind !== 'outcomeCorrection', 'a correction is owed by a decision of people alone');
  if (kind !== 'outcomeReport') return { kind, attemptId };
  assert(report !== null, 'a report is owed by the settlement alone');
  return { kind, report };
}

/** Counters are held against the newest that are known: those of the attempt before are not kept beside them. */
function dropOlderCounters(sql: SqlWriter, newest: string): void {
  sql.run(
    `UPDATE attempts SET detail_json = json_remove(detail_json, '$.countersBefore')
     WHERE opened_seq = (
       SELECT opened_seq FROM attempts
       WHERE attempt_id <> ? AND outcome IS NOT NULL
         AND json_extract(detail_json, '$.countersBefore') IS NOT NULL
       ORDER BY opened_seq DESC LIMIT 1
     )`,
    newest,
  );
}

/**
 * What the state found out of the blank and of what went wrong, where the record does not say it yet. Of a
 * blank that moves, all but another serial number is said by the row of its movement.
 */
function news(before: AttemptDetail, { blank, faultCode }: AttemptDetail, moves: boolean) {
  const known = before.blank === null ? null : blankOf(before.blank);
  const isKnown =
    blank === null ||
    isDeepStrictEqual(blankOf(blank), known) ||
    (moves && blank.serial === known?.serial);
  return {
    ...(isKnown ? {} : { blank: blankOf(blank) }),
    ...(faultCode === null || faultCode === before.faultCode ? {} : { faultCode }),
  };
}

const blankOf = ({ kind, batch, serial, source }: NonNullable<AttemptDetail['blank']>) => ({
  kind,
  batch,
  serial,
  source,
});
