import { z } from 'zod';
import { err, ok, type Result } from '../../base/result.ts';
import type { Blank, BlankKind } from '../../domain/document.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { BlankState, IncidentFinding, StrangerCause } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import type { BlankStock, StockedBlank } from '../blank-stock.ts';
import { incidentFound, openIncidents, type RecordedIncident } from './incidents.ts';
import type { StockRefusal } from './refusals.ts';

export type StrangerFed = RecordedIncident & {
  readonly incident: Extract<RecordedIncident['incident'], { what: 'strangerFed' }>;
};

type PlacedBlank = Blank & { readonly place: BlankState };

/**
 * What the record is to say of a blank that is not what the ledger has next in a feeder. Either a strange
 * card lay there, or the expected one was read wrong: until people have looked into the reject bin and
 * the feeder nobody can tell, so the expected blank is `unresolved`, and with it one of another feeder
 * whose serial was read. A serial that no feeder has is nobody's blank: it is counted apart, as foreign.
 */
export function strangerFound(
  { feeder, expected }: { readonly feeder: string; readonly expected: PlacedBlank },
  read: {
    readonly serial: string | null;
    readonly known: StockedBlank | null;
    readonly cause: StrangerCause;
  },
  attemptId: string,
): readonly JournalEvent[] {
  const { serial, known, cause } = read;
  const astray = known?.place === 'inFeeder' ? known : null;
  const concerned = [
    expected,
    ...(astray === null || astray.serial === expected.serial ? [] : [astray]),
  ];
  return [
    incidentFound(
      {
        what: 'strangerFed',
        feeder,
        blankKind: expected.kind,
        expectedSerial: expected.serial,
        readSerial: serial,
        cause,
        foreign: serial !== null && astray === null,
      },
      attemptId,
    ),
    ...concerned.map((blank) => moved(blank, 'unresolved', { attemptId, reason: cause })),
  ];
}

/** Kinds of blank that nothing is printed on until people have looked at a stranger. */
export const closedKinds = (sql: SqlReader): ReadonlySet<BlankKind> =>
  new Set(
    openIncidents(sql).flatMap(({ incident }) =>
      incident.what === 'strangerFed' ? [incident.blankKind] : [],
    ),
  );

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
      ? [moved(blank, to, { attemptId, reason: finding })]
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
      return null;
  }
}

const cardCount = z.strictObject({ n: z.number().int() });

/** Findings by which the card in the bin is none of the ledger's. */
const FOREIGN = `finding IN ('binHoldsForeign', 'expectedMissing')`;

/**
 * Cards that came out of feeders and are no blanks of the ledger: by what was read on them, until people
 * have looked, and then by what people saw.
 */
export const foreignCards = (sql: SqlReader): number =>
  sql.get(
    cardCount,
    `SELECT count(*) AS n FROM stock_incidents WHERE what = 'strangerFed' AND
       (${FOREIGN} OR (finding IS NULL AND json_extract(incident_json, '$.foreign')))`,
  )?.n ?? 0;

/**
 * Cards in the reject bin that the ledger has no `void` blank for: strangers that fell in after that row
 * and are not known to be blanks of the ledger.
 */
export const strangersInBin = (sql: SqlReader, afterSeq: number): number =>
  sql.get(
    cardCount,
    `SELECT count(*) AS n FROM stock_incidents JOIN attempts USING (attempt_id)
     WHERE what = 'strangerFed' AND found_seq > ? AND outcome = 'spoiled' AND
       (finding IS NULL OR ${FOREIGN})`,
    afterSeq,
  )?.n ?? 0;

const isUnderWay = (sql: SqlReader, attemptId: string | null): boolean =>
  (sql.get(
    cardCount,
    'SELECT count(*) AS n FROM attempts WHERE attempt_id = ? AND outcome IS NULL',
    attemptId,
  )?.n ?? 0) > 0;

const moved = (
  { kind, batch, serial, source, place }: PlacedBlank,
  to: BlankState,
  why: { readonly attemptId: string | null; readonly reason: string },
): JournalEvent => ({
  kind: 'blank.moved',
  blank: { kind, batch, serial, source },
  from: place,
  to,
  ...why,
});
