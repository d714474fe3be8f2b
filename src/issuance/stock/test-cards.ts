import { err, ok, type Result } from '../../base/result.ts';
import type { BlankKind } from '../../domain/document.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { BlankState, IncidentFinding } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import type { BlankStock, StockedBlank } from '../blank-stock.ts';
import { closedKinds, type WhyClosed } from './closed-kinds.ts';
import { openIncidents } from './incidents.ts';
import { areTwo, type People, type StockRefusal } from './refusals.ts';
import { movedAs } from './strangers.ts';

/**
 * The blank that a test card would be made of: the next of that feeder. A state blank never is one, and
 * nothing is fed while people have to look into the card path.
 */
export function planTestCard(
  stock: BlankStock,
  { feeder, kind }: { readonly feeder: string; readonly kind: BlankKind },
  by: People,
): Result<StockedBlank, StockRefusal> {
  if (stock.mode === 'live') return err({ kind: 'stateBlankNeverTested' });
  if (!areTwo(by)) return err({ kind: 'twoPeopleNeeded' });
  const closed = openIncidents(stock.reader).find(({ incident }) => closesFeeder(incident, kind));
  if (closed !== undefined) return err({ kind: 'incidentOpen', incidentId: closed.incidentId });
  if (closedKinds(stock.reader).has(kind)) return err({ kind: 'countNeeded' });
  const blank = stock.expected(feeder, kind);
  return blank === null ? err({ kind: 'feederEmpty' }) : ok(blank);
}

type Incident = ReturnType<typeof openIncidents>[number]['incident'];

const closesFeeder = (incident: Incident, kind: BlankKind): boolean =>
  incident.what === 'countersWentBack' ||
  incident.what === 'testCardUnsettled' ||
  (incident.what === 'strangerFed' && incident.blankKind === kind);

/** True while nobody proved where a test card is: it may lie in the card path. */
export const testCardUnsettled = (sql: SqlReader): boolean =>
  openIncidents(sql).some(({ incident }) => incident.what === 'testCardUnsettled');

/** Why the next blank of that kind may not be fed for a test until people have looked; null where it may. */
export const whyFeederIsClosed = (
  sql: SqlReader,
  kind: BlankKind,
): 'incidentOpen' | WhyClosed | null =>
  openIncidents(sql).some(({ incident }) => closesFeeder(incident, kind))
    ? 'incidentOpen'
    : (closedKinds(sql).get(kind) ?? null);

/** What the record is to say when two people looked for a test card of which nobody knew where it is. */
export function planTestCardEnd(
  stock: BlankStock,
  ask: {
    readonly incidentId: string;
    /** Null: it was none of the ledger's. */
    readonly serial: string | null;
    readonly finding: IncidentFinding;
  },
  by: readonly [string, string],
): Result<readonly JournalEvent[], StockRefusal> {
  const { incidentId, serial, finding } = ask;
  const closed: JournalEvent = {
    kind: 'stock.incidentClosed',
    ...{ incidentId, finding, by: [...by] },
  };
  if (serial === null) {
    return finding === 'explained' ? ok([closed]) : err({ kind: 'findingDoesNotFit' });
  }
  const to = fateOf(finding);
  if (to === null) return err({ kind: 'findingDoesNotFit' });
  const blank = stock.find(serial);
  // A count that was settled in between may have moved it: what that proved stands.
  const moves =
    blank?.place === 'unresolved' && to !== 'unresolved'
      ? [movedAs(blank, to, { attemptId: null, reason: finding })]
      : [];
  return ok([...moves, closed]);
}

function fateOf(finding: IncidentFinding): BlankState | null {
  switch (finding) {
    case 'binHoldsExpected':
      return 'test';
    case 'feederHoldsExpected':
      return 'inFeeder';
    case 'expectedMissing':
      return 'unresolved';
    case 'corrected':
    case 'recountAgreed':
    case 'explained':
    case 'binHoldsRead':
    case 'binHoldsForeign':
      return null;
  }
}
