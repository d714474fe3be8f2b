import type { Blank } from '../../domain/document.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { BlankState, StrangerCause } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import { countOf } from './count-of.ts';
import { incidentFound } from './incidents.ts';

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
    readonly known: PlacedBlank | null;
    readonly cause: StrangerCause;
  },
  attemptId: string | null,
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
    ...concerned.map((blank) => movedAs(blank, 'unresolved', { attemptId, reason: cause })),
  ];
}

/** Findings by which the card in the bin is none of the ledger's. */
const FOREIGN = `finding IN ('binHoldsForeign', 'expectedMissing')`;

/**
 * Cards that came out of feeders and are no blanks of the ledger: by what was read on them, until people
 * have looked, and then by what people saw.
 */
export const foreignCards = (sql: SqlReader): number =>
  countOf(
    sql,
    `SELECT count(*) AS n FROM stock_incidents WHERE what = 'strangerFed' AND
       (${FOREIGN} OR (finding IS NULL AND json_extract(incident_json, '$.foreign')))`,
  );

/**
 * Cards in the reject bin that the ledger has no `void` blank for: strangers that fell in after that row
 * and are not known to be blanks of the ledger. A test card has no attempt: what it came to is told by
 * the first end after the stranger was read.
 */
export const strangersInBin = (sql: SqlReader, afterSeq: number): number =>
  countOf(
    sql,
    `SELECT count(*) AS n FROM stock_incidents LEFT JOIN attempts USING (attempt_id)
     WHERE what = 'strangerFed' AND found_seq > ? AND (finding IS NULL OR ${FOREIGN}) AND
       (outcome = 'spoiled' OR (attempt_id IS NULL AND 'spoiled' =
         (SELECT json_extract(body, '$.event.end') FROM rows
          WHERE asked_kind = 'testCard.settled' AND seq > found_seq ORDER BY seq LIMIT 1)))`,
    afterSeq,
  );

export const movedAs = (
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
