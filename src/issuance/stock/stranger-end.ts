import { err, ok, type Result } from '../../base/result.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { BlankState, IncidentFinding } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import type { BlankStock } from '../blank-stock.ts';
import { countOf } from './count-of.ts';
import type { RecordedIncident } from './incidents.ts';
import type { StockRefusal } from './refusals.ts';
import { movedAs } from './strangers.ts';

export type StrangerFed = RecordedIncident & {
  readonly incident: Extract<RecordedIncident['incident'], { what: 'strangerFed' }>;
};

/**
 * What the record is to say when two people looked into the reject bin and the feeder and say what the
 * stranger is. The kind of blank is served again from that commit on.
 */
export function planStrangerEnd(
  stock: BlankStock,
  { incidentId, incident, attemptId }: StrangerFed,
  finding: IncidentFinding,
  by: readonly [string, string],
): Result<readonly JournalEvent[], StockRefusal> {
  if (isUnderWay(stock.reader, attemptId)) return err({ kind: 'attemptUnderWay' });
  const { expectedSerial, readSerial } = incident;
  const read = readSerial === null || readSerial === expectedSerial ? null : readSerial;
  const fates = fatesOf(finding, incident.foreign ? null : read);
  if (fates === null) return err({ kind: 'findingDoesNotFit' });
  // A count that was settled in between may have moved one of them: what it proved stands.
  const moves = [
    { serial: expectedSerial, to: fates.expected },
    ...(incident.foreign || read === null ? [] : [{ serial: read, to: fates.read }]),
  ].flatMap(({ serial, to }) => {
    const blank = stock.find(serial);
    return blank?.place === 'unresolved' && to !== 'unresolved'
      ? [movedAs(blank, to, { attemptId, reason: finding })]
      : [];
  });
  return ok([...moves, { kind: 'stock.incidentClosed', incidentId, finding, by: [...by] }]);
}

/** Where the finding leaves the blanks that were in doubt; null where it does not answer the question. */
function fatesOf(
  finding: IncidentFinding,
  astray: string | null,
): { readonly expected: BlankState; readonly read: BlankState } | null {
  switch (finding) {
    case 'binHoldsExpected':
      return { expected: 'void', read: 'inFeeder' };
    case 'binHoldsRead':
      return astray === null ? null : { expected: 'inFeeder', read: 'void' };
    case 'binHoldsForeign':
      return { expected: 'inFeeder', read: 'inFeeder' };
    case 'expectedMissing':
      return { expected: 'unresolved', read: 'inFeeder' };
    case 'corrected':
    case 'recountAgreed':
    case 'explained':
    case 'feederHoldsExpected':
      return null;
  }
}

const isUnderWay = (sql: SqlReader, attemptId: string | null): boolean =>
  countOf(
    sql,
    'SELECT count(*) AS n FROM attempts WHERE attempt_id = ? AND outcome IS NULL',
    attemptId,
  ) > 0;
