import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { OutcomeCorrection, Resolution } from '../domain/attempt.ts';
import { mediaOf, type Media } from '../domain/document.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { Append, Journal } from '../journal/journal.ts';
import type { AttemptBook } from './attempt-book.ts';
import { storedOf, type AttemptDetail } from './attempt-detail.ts';
import { ruleOf, type AttemptTables } from './attempt-table.ts';
import type { BlankStock } from './blank-stock.ts';

export interface Decision {
  readonly attemptId: string;
  readonly choice: Resolution;
  readonly media: Media;
  /** Identifiers of the people who decide: two for a card. */
  readonly by: readonly string[];
  /** null: it gets an identifier of its own. */
  readonly decisionId: string | null;
}

/** Why a decision cannot stand, as a plain code. */
export type DecisionRefusal =
  | 'unknownAttempt'
  | 'otherMedium'
  /** The table has no such way from the state, or what was reported is nothing that could be so. */
  | 'notAChoice'
  /** The ledger has the blank elsewhere than this attempt left it. */
  | 'blankIsElsewhere';

/** What people may still say of an attempt, as far as its table and what is known of it allow. */
export function choicesOf(tables: AttemptTables, detail: AttemptDetail): readonly Resolution[] {
  const { decided } = ruleOf(tables, mediaOf[detail.documentKind], detail.state);
  const uncertain = detail.comesTo === 'uncertain';
  // Nothing was ever chosen to be fed: there is no card to be found, and only the record to confirm.
  const neverMoved = detail.blank === null && !uncertain;
  const all = Object.keys(decided) as Resolution[];
  return all.filter((choice) => {
    if (choice === 'recordStands') return !uncertain;
    if (choice === 'cannotBeKnown') return uncertain;
    return mediaOf[detail.documentKind] === 'plainPaper' || !neverMoved;
  });
}

/**
 * What a decision comes to in the record: the state, the blank's fate, the outcome and what the registry
 * is owed, to be committed as one. Looks only.
 */
export function decisionEntry(
  parts: {
    readonly journal: Pick<Journal, 'terminalId'>;
    readonly clock: Pick<Clock, 'now'>;
    readonly book: Pick<AttemptBook, 'read'>;
    readonly stock: Pick<BlankStock, 'find'>;
    readonly tables: AttemptTables;
  },
  { attemptId, choice, media, by, decisionId }: Decision,
): Result<Required<Pick<Append, 'events' | 'also'>>, DecisionRefusal> {
  const before = parts.book.read(attemptId);
  if (before === null) return err('unknownAttempt');
  if (mediaOf[before.documentKind] !== media) return err('otherMedium');
  const to = ruleOf(parts.tables, media, before.state).decided[choice];
  if (to === undefined || !choicesOf(parts.tables, before).includes(choice)) {
    return err('notAChoice');
  }
  const rule = ruleOf(parts.tables, media, to);
  const outcome = rule.outcome ?? before.comesTo;
  if (outcome === null) return err('notAChoice');
  const evidence = outcome === 'uncertain' ? 'none' : 'staffSaw';
  const { sessionId, requestId, documentKind } = before;
  const which = { attemptId, sessionId, requestId, documentKind };
  const id = decisionId ?? newId('dec');
  const moved = movedBlank(parts.stock, before, rule.blank);
  if (!moved.ok) return moved;
  const { place, events: movement } = moved.value;
  const blank =
    before.blank === null
      ? null
      : {
          kind: before.blank.kind,
          batch: before.blank.batch,
          serial: before.blank.serial,
          source: before.blank.source,
        };
  const events: JournalEvent[] = [
    { kind: 'attempt.stateEntered', attemptId, from: before.state, to, evidence },
    ...movement,
    {
      kind: 'attempt.resolved',
      ...which,
      decisionId: id,
      by: [...by],
      choice,
      outcome,
      evidence,
      blank,
    },
  ];
  const detail: AttemptDetail = {
    ...before,
    state: to,
    comesTo: outcome,
    evidence,
    blank: before.blank === null ? null : { ...before.blank, place: place ?? before.blank.place },
  };
  const correction: OutcomeCorrection | null =
    outcome === 'uncertain' || !rule.owes.includes('outcomeCorrection')
      ? null
      : {
          decisionId: id,
          attemptId,
          requestId,
          terminalId: parts.journal.terminalId,
          outcome,
          blankSerial: outcome === 'notPrinted' ? null : (blank?.serial ?? null),
          blankBatch: outcome === 'notPrinted' ? null : (blank?.batch ?? null),
          decidedBy: [...by],
          decidedAt: parts.clock.now(),
        };
  return ok({
    events,
    also: (tx) => {
      tx.setAttemptDetail(attemptId, storedOf(detail));
      if (correction !== null) {
        tx.enqueue(`outcomeCorrection:${id}`, { kind: 'outcomeCorrection', correction });
      }
    },
  });
}

type Place = NonNullable<AttemptDetail['blank']>['place'];

/** The blank goes from where this attempt left it; where the ledger has it elsewhere, nobody may move it. */
function movedBlank(
  stock: Pick<BlankStock, 'find'>,
  { attemptId, blank, faultCode }: AttemptDetail,
  to: Place | null,
): Result<
  { readonly place: Place | null; readonly events: readonly JournalEvent[] },
  'blankIsElsewhere'
> {
  if (blank === null || to === null) return ok({ place: null, events: [] });
  const { place: from, kind, batch, serial, source } = blank;
  if (stock.find(serial)?.place !== from) return err('blankIsElsewhere');
  if (from === to) return ok({ place: to, events: [] });
  return ok({
    place: to,
    events: [
      {
        kind: 'blank.moved',
        blank: { kind, batch, serial, source },
        from,
        to,
        attemptId,
        ...(faultCode === null ? {} : { reason: faultCode }),
      },
    ],
  });
}
