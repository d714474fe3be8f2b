import type { CitizenProblem, Language } from '../../src/rpc/citizen-view.ts';

/**
 * What the fate sentence of a problem says of the citizen's code. `counts`: promised; `mayNotCount`: it
 * opens nothing more by itself; `used`: for this document; `frozen`: until people decided; `untouched`:
 * this try has changed nothing about it, whatever it was before, and nothing is promised.
 */
export type FateOfCode = 'counts' | 'mayNotCount' | 'used' | 'frozen' | 'untouched';

/**
 * Pinned by hand. What is told before the registry knows the code may be told of a burnt or an invented
 * one, and one text has to be true of all: it is `untouched`.
 */
export const fateOfCode: Readonly<Record<CitizenProblem, FateOfCode>> = {
  nikMalformed: 'untouched',
  nikNotSpecimen: 'untouched',
  refused: 'untouched',
  refusedLastTry: 'untouched',
  waitBeforeRetry: 'untouched',
  triesUsedUp: 'untouched',
  locked: 'mayNotCount',
  codeUsed: 'used',
  factorsNotAccepted: 'untouched',
  goToOffice: 'untouched',
  codeNotOurs: 'untouched',
  codeMisread: 'untouched',
  cardRemovedEarly: 'untouched',
  cardNotEKtp: 'untouched',
  cardUnreadable: 'untouched',
  cardNotAuthenticated: 'untouched',
  readerTrouble: 'untouched',
  registryUnreachable: 'untouched',
  registryNoAnswer: 'untouched',
  registryNonsense: 'untouched',
  nothingReady: 'untouched',
  nothingOpen: 'untouched',
  waitsForOfficer: 'untouched',
  dataWrong: 'counts',
  reservedElsewhere: 'counts',
  notReadyAnymore: 'mayNotCount',
  wrongPrintCode: 'counts',
  claimEnded: 'counts',
  limitReached: 'mayNotCount',
  notSignedYet: 'counts',
  orderInvalid: 'counts',
  documentAltered: 'counts',
  checkNotDone: 'counts',
  wrongBlanksOnly: 'counts',
  strangeBlank: 'counts',
  blanksOut: 'counts',
  blanksKept: 'counts',
  paperOut: 'counts',
  powerFailing: 'counts',
  printerTrouble: 'counts',
  cardJammed: 'untouched',
  oldCardNotInserted: 'counts',
  otherCardInserted: 'counts',
  oldCardNotTaken: 'counts',
  oldCardAtOffice: 'counts',
  oldCardNotReturned: 'untouched',
  oldCardSlotTrouble: 'counts',
  printFailedCardKept: 'counts',
  officerContinues: 'mayNotCount',
  notCollected: 'mayNotCount',
  outcomeUncertain: 'frozen',
  paperStopped: 'untouched',
  paperUnclear: 'untouched',
  paperUncertain: 'counts',
  paperMissing: 'used',
  holderNotMatched: 'untouched',
  holderNotChecked: 'untouched',
  holderCheckNotPossible: 'counts',
  holderWaits: 'untouched',
  timedOut: 'counts',
  cancelled: 'counts',
  terminalStopping: 'counts',
};

type Telling = Readonly<Record<Exclude<FateOfCode, 'untouched'>, RegExp>>;

const telling: Readonly<Record<Language, Telling>> = {
  en: {
    counts: /\bcodes? (?:\w+ )*?still counts?\b/i,
    mayNotCount: /may no longer count|prints? no more|no machine (?:prints|accepts)/i,
    used: /code has been used\./i,
    frozen: /frozen/i,
  },
  id: {
    counts: /\bkode\b[^.,]*\btetap berlaku\b/i,
    mayNotCount:
      /belum tentu berlaku|tidak (?:mencetak|diterima)|tidak ada yang dicetak lagi di mesin/i,
    used: /kodenya sudah terpakai/i,
    frozen: /dibekukan/i,
  },
};

/** What a fate sentence says, read from its words; more than one where it says two things at once. */
export function fatesTold(language: Language, fate: string): readonly FateOfCode[] {
  const words = telling[language];
  const told = (['counts', 'mayNotCount', 'used', 'frozen'] as const).filter((each) =>
    words[each].test(fate),
  );
  return told.length === 0 ? ['untouched'] : told;
}
