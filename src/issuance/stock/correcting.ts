import { assertNever } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BlankKind } from '../../domain/document.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { BlankState, CountedPlace, IncidentFinding } from '../../journal/events/stock.ts';
import type { BlankStock, StockedBlank } from '../blank-stock.ts';
import { lastEmptied } from './bins.ts';
import { lastCount } from './counting.ts';
import { findIncident, openIncidents, type RecordedIncident } from './incidents.ts';
import { areTwo, type People, type StockRefusal } from './refusals.ts';
import { planStrangerEnd } from './stranger-end.ts';
import { planTestCardEnd } from './test-cards.ts';

/** A blank that lies in the counted place, as it reads. Kind and batch serve where the ledger has none. */
export interface FoundBlank {
  readonly serial: string;
  readonly kind: BlankKind;
  readonly batch: string;
}

export interface Correction {
  readonly incidentId: string;
  /** Serials that the ledger has in the counted place, and that are not there. */
  readonly missing: readonly string[];
  /** Blanks that are there, and that the ledger has elsewhere or not at all. */
  readonly found: readonly FoundBlank[];
}

type Planned = Result<readonly JournalEvent[], StockRefusal>;
type CountDifference = Extract<RecordedIncident['incident'], { what: 'countDifference' }>;
type BlankPlace = Exclude<CountedPlace, { in: 'captureBin' }>;

/**
 * What the record is to say when two people settle a difference that was counted. The past stays: what
 * is missing becomes unresolved, what was found gets the fate that its place proves, and the serials
 * named must make up the difference exactly. The incident is closed with it.
 */
export function planCorrection(stock: BlankStock, correction: Correction, by: People): Planned {
  if (!areTwo(by)) return err({ kind: 'twoPeopleNeeded' });
  const open = openIncident(stock, correction.incidentId);
  if (!open.ok) return open;
  const { incident, incidentId, foundSeq } = open.value;
  if (incident.what !== 'countDifference' || incident.place.in === 'captureBin') {
    return err({ kind: 'notCorrectable' });
  }
  const { missing, found } = correction;
  const fault = namingFault(incident, correction);
  if (fault !== null) return err(fault);
  const events: JournalEvent[] = [
    {
      kind: 'stock.corrected',
      incidentId,
      missing: [...missing],
      found: found.map(({ serial }) => serial),
      by: [...by],
    },
  ];
  for (const serial of missing) {
    const move = moveMissing(stock, { place: incident.place, foundSeq }, serial);
    if (!move.ok) return move;
    events.push(...move.value);
  }
  for (const blank of found) {
    const move = moveFound(stock, incident.place, blank, { incidentId, by: [...by] });
    if (!move.ok) return move;
    events.push(...move.value);
  }
  events.push({ kind: 'stock.incidentClosed', incidentId, finding: 'corrected', by: [...by] });
  return ok(events);
}

/**
 * What the record is to say when two people close an incident without a correction: a count that a later
 * count of the same place refuted, one that is explained and is about no blank of the ledger, a stranger
 * that they looked at, or a feeder that gave several blanks at once and was counted since.
 */
export function planClosing(
  stock: BlankStock,
  { incidentId, finding }: { readonly incidentId: string; readonly finding: IncidentFinding },
  by: People,
): Planned {
  if (!areTwo(by)) return err({ kind: 'twoPeopleNeeded' });
  const open = openIncident(stock, incidentId);
  if (!open.ok) return open;
  const { incident } = open.value;
  if (incident.what === 'strangerFed') {
    return planStrangerEnd(stock, { ...open.value, incident }, finding, by);
  }
  if (incident.what === 'testCardUnsettled') {
    return planTestCardEnd(stock, { incidentId, serial: incident.serial, finding }, by);
  }
  if (finding !== 'recountAgreed' && finding !== 'explained') {
    return err({ kind: 'findingDoesNotFit' });
  }
  const refusal = closingFault(stock, incident, open.value.foundSeq, finding);
  if (refusal !== null) return err(refusal);
  return ok([{ kind: 'stock.incidentClosed', incidentId, finding, by: [...by] }]);
}

function openIncident(
  stock: BlankStock,
  incidentId: string,
): Result<RecordedIncident, StockRefusal> {
  const incident = findIncident(stock.reader, incidentId);
  if (incident === null) return err({ kind: 'noSuchIncident' });
  return incident.closed === null ? ok(incident) : err({ kind: 'incidentClosed' });
}

function closingFault(
  stock: BlankStock,
  incident: Exclude<
    RecordedIncident['incident'],
    { what: 'strangerFed' } | { what: 'testCardUnsettled' }
  >,
  foundSeq: number,
  finding: 'recountAgreed' | 'explained',
): StockRefusal | null {
  switch (incident.what) {
    case 'countDifference': {
      // A bin emptied since is another content: a count of it says nothing of what lay there.
      const { place } = incident;
      const emptied = place.in !== 'feeder' && lastEmptied(stock.reader, place.in) > foundSeq;
      const agreed = lastCount(stock.reader, incident.place, foundSeq);
      const recounted = !emptied && agreed !== null && agreed.counted === agreed.ledger;
      if (finding === 'recountAgreed') return recounted ? null : { kind: 'recountNeeded' };
      return incident.place.in === 'captureBin' ? null : { kind: 'recountNeeded' };
    }
    case 'ledgerDifference': {
      const { difference } = stock.balance();
      return difference === 0 ? null : { kind: 'differenceRemains', difference };
    }
    case 'doubleFed': {
      const { feeder } = incident;
      const isCounted = lastCount(stock.reader, { in: 'feeder', feeder }, foundSeq) !== null;
      return isCounted && !differs(stock, feeder) ? null : { kind: 'recountNeeded' };
    }
    case 'countersWentBack':
    case 'registryForgot':
      return finding === 'explained' ? null : { kind: 'findingDoesNotFit' };
    default:
      return assertNever(incident);
  }
}

/** True while a count of that feeder waits to be corrected or refuted. */
const differs = (stock: BlankStock, feeder: string): boolean =>
  openIncidents(stock.reader).some(
    ({ incident }) =>
      incident.what === 'countDifference' &&
      incident.place.in === 'feeder' &&
      incident.place.feeder === feeder,
  );

function namingFault(
  { ledger, counted }: CountDifference,
  { missing, found }: Correction,
): StockRefusal | null {
  const serials = [...missing, ...found.map(({ serial }) => serial)];
  const twice = serials.find((serial, index) => serials.indexOf(serial) !== index);
  if (twice !== undefined) return { kind: 'namedTwice', serial: twice };
  const difference = counted - ledger;
  const named = found.length - missing.length;
  return named === difference ? null : { kind: 'figuresDisagree', difference, named };
}

function moveMissing(
  stock: BlankStock,
  { place, foundSeq }: { readonly place: BlankPlace; readonly foundSeq: number },
  serial: string,
): Planned {
  const blank = stock.find(serial);
  // As it lay when it was counted: the bin may be emptied with that same count.
  if (blank === null || !liesIn(stock, blank, place, foundSeq))
    return err({ kind: 'notInPlace', serial });
  if (stock.isOutcomeOpen(serial)) return err({ kind: 'outcomeOpen', serial });
  return ok([moved(blank, 'unresolved', { reason: 'missingAtCount' })]);
}

function moveFound(
  stock: BlankStock,
  place: BlankPlace,
  found: FoundBlank,
  decided: { readonly incidentId: string; readonly by: [string, string] },
): Planned {
  const { serial } = found;
  const blank = stock.find(serial);
  if (blank === null) {
    const { kind, batch } = found;
    const entered = { kind, batch, serial, source: 'read' as const };
    return ok([{ kind: 'blank.foundAtCount', blank: entered, place, ...decided }]);
  }
  if (liesIn(stock, blank, place)) return err({ kind: 'alreadyInPlace', serial });
  if (blank.place === 'returned') return err({ kind: 'returnedBefore', serial });
  if (stock.isOutcomeOpen(serial)) return err({ kind: 'outcomeOpen', serial });
  const to = fateOf(stock, blank, place);
  // It is said to be unresolved already: that it was found there is on record, and its fate stays open.
  if (to === blank.place && to === 'unresolved') return ok([]);
  const feeder = place.in === 'feeder' && to === 'inFeeder' ? { feeder: place.feeder } : {};
  return ok([moved(blank, to, { reason: 'foundAtCount', ...feeder })]);
}

/** An untouched blank may be served from a feeder; one that the ledger calls used is nobody's guess. */
function fateOf(stock: BlankStock, blank: StockedBlank, place: BlankPlace): BlankState {
  const untouched = blank.place === 'inFeeder' || blank.place === 'unresolved';
  if (!untouched) return 'unresolved';
  if (place.in === 'rejectBin') return 'void';
  const wasLoaded = stock.wasLoaded(blank.serial);
  const fits = (stock.kindIn(place.feeder) ?? blank.kind) === blank.kind;
  return wasLoaded && fits ? 'inFeeder' : 'unresolved';
}

function liesIn(
  stock: BlankStock,
  blank: StockedBlank,
  place: BlankPlace,
  before?: number,
): boolean {
  if (place.in === 'feeder') return blank.place === 'inFeeder' && blank.feeder === place.feeder;
  const isBinned = ['void', 'retracted', 'test'].includes(blank.place);
  return isBinned && blank.updatedSeq > lastEmptied(stock.reader, 'rejectBin', before);
}

const moved = (
  { kind, batch, serial, source, place, attemptId }: StockedBlank,
  to: BlankState,
  more: { readonly reason: string; readonly feeder?: string },
): JournalEvent => ({
  kind: 'blank.moved',
  blank: { kind, batch, serial, source },
  from: place,
  to,
  attemptId,
  ...more,
});
