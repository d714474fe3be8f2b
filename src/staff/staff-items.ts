import { AttemptBook } from '../issuance/attempt-book.ts';
import type { AttemptDetail } from '../issuance/attempt-detail.ts';
import { attemptTables } from '../issuance/attempt-table.ts';
import { choicesOf } from '../issuance/resolution.ts';
import type { Clock } from '../base/clock.ts';
import { mediaOf } from '../domain/document.ts';
import type { Journal } from '../journal/journal.ts';
import { attemptTimeline, findAttempt } from '../journal/print-log.ts';
import type { StaffItem } from '../rpc/staff.ts';

/** Attempts that wait for people, or of which they may still say more, oldest first. */
export function staffItems(journal: Journal, clock: Clock): readonly StaffItem[] {
  const book = new AttemptBook(journal, clock, attemptTables);
  const closing = new Set(book.unresolvedCards().map(({ attemptId }) => attemptId));
  return book.forPeople().map((detail) => itemOf(journal, detail, closing.has(detail.attemptId)));
}

/** The attempt whose printed card waits inside for its holder; null where none does. */
export const waitingCard = (journal: Journal, clock: Clock): string | null =>
  new AttemptBook(journal, clock, attemptTables)
    .unsettled()
    .find(({ state }) => state === 'holderCheck')?.attemptId ?? null;

function itemOf(journal: Journal, detail: AttemptDetail, closesCardPath: boolean): StaffItem {
  const { attemptId, requestId, documentKind, state, comesTo, evidence, faultCode, blank } = detail;
  return {
    attemptId,
    requestId,
    documentKind,
    state,
    outcome: comesTo,
    evidence,
    faultCode,
    blank,
    dispute: lastDispute(journal, attemptId),
    sensors: lastSensors(journal, attemptId),
    oldCard: detail.oldCardFate,
    openedAt: findAttempt(journal.reader, attemptId)?.openedAt ?? 0,
    closesCardPath,
    people: mediaOf[documentKind] === 'controlledBlank' ? 2 : 1,
    choices: [...choicesOf(attemptTables, detail)],
  };
}

function lastDispute(journal: Journal, attemptId: string): StaffItem['dispute'] {
  const last = attemptTimeline(journal.reader, attemptId).findLast(
    ({ event }) => event.kind === 'registry.outcomeDisputed',
  );
  return last?.event.kind === 'registry.outcomeDisputed' ? last.event.why : null;
}

/** Each sensor by the last row that says it. */
function lastSensors(journal: Journal, attemptId: string): StaffItem['sensors'] {
  const said = attemptTimeline(journal.reader, attemptId).flatMap(({ event }) =>
    'sensors' in event && event.sensors !== undefined ? Object.entries(event.sensors) : [],
  );
  return said.length === 0 ? null : Object.fromEntries(said);
}
