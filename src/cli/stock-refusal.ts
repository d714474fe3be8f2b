import { assertNever } from '../base/assert.ts';
import type { StockRefusal } from '../issuance/stock/refusals.ts';

/** Why an act on the stock was not done, in one line for the person at the command line. */
export function stockRefusalLine(refusal: StockRefusal): string {
  switch (refusal.kind) {
    case 'twoPeopleNeeded':
      return 'Two people who each signed in decide this; nothing was recorded.';
    case 'attemptUnderWay':
      return 'A card is being printed; try again when it has come out.';
    case 'unknownFeeder': {
      const names = refusal.known.join(', ') || 'none';
      return `The configuration names no feeder ${refusal.feeder}; it names: ${names}.`;
    }
    case 'feederOfOtherKind':
      return `Feeder ${refusal.feeder} is for ${refusal.blankKind} blanks; nothing was recorded.`;
    case 'serialsMalformed':
      return 'The first serial must end in digits that leave room for the whole range.';
    case 'otherKindInFeeder':
      return `The feeder holds ${refusal.loaded} blanks; kinds are never mixed.`;
    case 'loadedBefore':
      return `Blank ${refusal.serial} was loaded before.`;
    case 'notInPlace':
      return `The ledger does not have blank ${refusal.serial} there.`;
    case 'alreadyInPlace':
      return `The ledger has blank ${refusal.serial} there already.`;
    case 'outcomeOpen':
      return `What became of blank ${refusal.serial} waits for people: resolve its attempt first.`;
    case 'strangerUndecided':
      return `A stranger in the reject bin waits for people: close incident ${refusal.incidentId} first.`;
    case 'returnedBefore':
      return `Blank ${refusal.serial} was returned; load it again with two people.`;
    case 'namedTwice':
      return `Blank ${refusal.serial} is named twice.`;
    case 'noSuchIncident':
      return 'There is no such incident.';
    case 'incidentClosed':
      return 'That incident is closed.';
    case 'notCorrectable':
      return 'Only a difference found at a count of blanks can be corrected.';
    case 'figuresDisagree':
      return `The count differs by ${refusal.difference}, the serials named make up ${refusal.named}.`;
    case 'findingDoesNotFit':
      return 'That finding does not answer this incident.';
    case 'recountNeeded':
      return 'Count again first: it closes when the count agrees, or when the difference is corrected.';
    case 'countNeeded':
      return 'What lies in that feeder may not be what the ledger has: count it first, and let two people correct what differs.';
    case 'differenceRemains':
      return `The ledger still differs by ${refusal.difference}.`;
    case 'stateBlankNeverTested':
      return 'This terminal is live: a state blank is never a test card. Nothing was recorded.';
    case 'sessionUnderWay':
      return 'A citizen is at the terminal; try again when nobody is.';
    case 'incidentOpen':
      return `Incident ${refusal.incidentId} waits for people: close it first. anjungan stock incidents says how.`;
    case 'feederEmpty':
      return 'The ledger has no such blank in that feeder.';
    default:
      return assertNever(refusal);
  }
}

const kinds: Readonly<Record<StockRefusal['kind'], true>> = {
  twoPeopleNeeded: true,
  attemptUnderWay: true,
  unknownFeeder: true,
  feederOfOtherKind: true,
  serialsMalformed: true,
  otherKindInFeeder: true,
  loadedBefore: true,
  notInPlace: true,
  alreadyInPlace: true,
  outcomeOpen: true,
  strangerUndecided: true,
  returnedBefore: true,
  namedTwice: true,
  noSuchIncident: true,
  incidentClosed: true,
  notCorrectable: true,
  figuresDisagree: true,
  findingDoesNotFit: true,
  recountNeeded: true,
  countNeeded: true,
  differenceRemains: true,
  stateBlankNeverTested: true,
  sessionUnderWay: true,
  incidentOpen: true,
  feederEmpty: true,
};

const isKind = (reason: string): reason is StockRefusal['kind'] => Object.hasOwn(kinds, reason);

/** The same for a reason as core sends it; null where it is no refusal of the stock. */
export const stockReasonLine = (
  reason: string,
  facts: Readonly<Record<string, unknown>>,
): string | null =>
  // Core spreads a refusal into its kind and its facts; this puts it together again.
  isKind(reason) ? stockRefusalLine({ kind: reason, ...facts } as StockRefusal) : null;
