import type { BlankKind } from '../../domain/document.ts';

/** The people who decided, as the staff's machinery has verified them. */
export type People = readonly string[];

/** Why an act on the stock is not done. Nothing was recorded. */
export type StockRefusal =
  | { readonly kind: 'twoPeopleNeeded' }
  /** A card is on its way: nobody opens the printer now. */
  | { readonly kind: 'attemptUnderWay' }
  | { readonly kind: 'unknownFeeder'; readonly feeder: string; readonly known: readonly string[] }
  | { readonly kind: 'feederOfOtherKind'; readonly feeder: string; readonly blankKind: BlankKind }
  | { readonly kind: 'serialsMalformed' }
  | { readonly kind: 'otherKindInFeeder'; readonly loaded: BlankKind }
  | { readonly kind: 'loadedBefore'; readonly serial: string }
  /** The ledger does not have that blank where it is said to be. */
  | { readonly kind: 'notInPlace'; readonly serial: string }
  | { readonly kind: 'alreadyInPlace'; readonly serial: string }
  /** What became of it waits for people elsewhere: an attempt's outcome is not settled here. */
  | { readonly kind: 'outcomeOpen'; readonly serial: string }
  /** Whether a card in the reject bin is one of ours waits for people. */
  | { readonly kind: 'strangerUndecided'; readonly incidentId: string }
  | { readonly kind: 'returnedBefore'; readonly serial: string }
  | { readonly kind: 'namedTwice'; readonly serial: string }
  | { readonly kind: 'noSuchIncident' }
  | { readonly kind: 'incidentClosed' }
  /** Only a difference found at a count of blanks is corrected. */
  | { readonly kind: 'notCorrectable' }
  /** The serials named do not make up the difference that was counted. */
  | { readonly kind: 'figuresDisagree'; readonly difference: number; readonly named: number }
  /** What people say they found is no answer to this incident. */
  | { readonly kind: 'findingDoesNotFit' }
  | { readonly kind: 'recountNeeded' }
  /** The ledger of that feeder is not known to be true: a count differs, or rows were lost since the last. */
  | { readonly kind: 'countNeeded' }
  | { readonly kind: 'differenceRemains'; readonly difference: number }
  | { readonly kind: 'stateBlankNeverTested' }
  /** A citizen stands at the terminal. */
  | { readonly kind: 'sessionUnderWay' }
  /** Something of the card path waits for people: nothing is fed until they have closed it. */
  | { readonly kind: 'incidentOpen'; readonly incidentId: string }
  | { readonly kind: 'feederEmpty' };

export const areTwo = (by: People): by is readonly [string, string] =>
  by.length === 2 && by[0] !== by[1];
