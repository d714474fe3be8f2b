import { assert } from '../base/assert.ts';
import type { AttemptState } from '../domain/attempt.ts';
import type { Media } from '../domain/document.ts';
import { rule, type AttemptTable, type Cause, type StateRule } from './attempt-rule.ts';

/** With the blank inside, an old session ends in the reject bin: nothing is printed or presented for it. */
const blankInside = {
  question: 'isCardInside',
  recovered: { inside: 'voiding', tryBin: 'voiding', atExit: 'retracting', unproved: 'unresolved' },
} as const;

const mayGo = { done: 'ejectIntent', doneOldCardNext: 'captureIntent' } as const;

const cardNowhere = { inside: 'voiding', tryBin: 'voiding', unproved: 'unresolved' } as const;

/** What people may find of a card. It is never fed twice: `neverFed` is a blank that lies where it lay. */
const cardFound = {
  foundInBin: 'resolvedVoid',
  foundRetracted: 'resolvedRetracted',
  citizenHolds: 'resolvedDelivered',
  neverFed: 'resolvedNotFed',
} as const;

const paperFound = { foundInBin: 'resolvedVoid', citizenHolds: 'resolvedDelivered' } as const;

const whoDecided = 'who decided and what they saw; outbox row that corrects the report';
/** A registry that was told something else before sends it back to people. */
const correction = {
  settles: true,
  owes: ['outcomeCorrection'],
  next: { conflict: 'needsReview' },
} as const;

/** What an attempt comes to when people decide it. */
const decided: AttemptTable = {
  resolvedVoid: rule(whoDecided, { ...correction, outcome: 'spoiled', blank: 'void' }),
  resolvedDelivered: rule(whoDecided, { ...correction, outcome: 'delivered', blank: 'issued' }),
  resolvedAsRecorded: rule(whoDecided, correction),
};

const sensorsAndDoubt =
  'all sensor values; outbox rows that hold the request and report it uncertain';
const doubt = {
  settles: true,
  owes: ['hold', 'outcomeReport'],
  outcome: 'uncertain',
  blank: 'unresolved',
  next: { conflict: 'needsReview' },
} as const;

const whatDiffers = 'what differs between registry and record';
const review = { settles: true, owes: ['release'], outcome: 'notPrinted' } as const;

/** Reservation and its return are alike for every medium. */
const claim: AttemptTable = {
  claiming: rule('attempt id, which is the idempotency key of the reservation', {
    act: 'reserve',
    next: { done: 'claimed', refused: 'released', unanswered: 'needsReview' },
    question: 'readReservation',
    recovered: { refused: 'released', oldSession: 'releasing' },
    step: 'reserving',
  }),
  claimed: rule('reservation and the end of its lease', {
    act: 'prepare',
    next: { done: 'composed', refused: 'releasing', cancelled: 'releasing' },
    question: 'nothing',
    recovered: { oldSession: 'releasing' },
    step: 'checking',
  }),
  releasing: rule('outbox row that gives the request back, sent until acknowledged', {
    act: 'release',
    next: { done: 'released', unanswered: 'released' },
    question: 'nothing',
    recovered: { oldSession: 'released' },
    outcome: 'notPrinted',
    owes: ['release'],
  }),
  released: rule('outcome notPrinted', { settles: true, outcome: 'notPrinted' }),
  confirming: rule('outcome, evidence, stock and the outbox row with the report', {
    settles: true,
    owes: ['outcomeReport'],
    next: { receipt: 'confirmed', conflict: 'needsReview' },
  }),
  confirmed: rule('receipt of the registry'),
};

export const controlledBlankTable: AttemptTable = {
  ...claim,
  unresolved: rule(sensorsAndDoubt, {
    ...doubt,
    decided: { ...cardFound, cannotBeKnown: 'resolvedUnknown' },
  }),
  needsReview: rule(whatDiffers, {
    ...review,
    decided: {
      ...cardFound,
      cannotBeKnown: 'resolvedUnknown',
      recordStands: 'resolvedAsRecorded',
    },
  }),
  ...decided,
  resolvedRetracted: rule(whoDecided, {
    ...correction,
    outcome: 'retracted',
    blank: 'retracted',
  }),
  resolvedNotFed: rule(whoDecided, { ...correction, outcome: 'notPrinted', blank: 'inFeeder' }),
  // A card may turn up after all.
  resolvedUnknown: rule('who looked and found nothing; the blank stays counted as unresolved', {
    settles: true,
    outcome: 'uncertain',
    blank: 'unresolved',
    next: { conflict: 'needsReview' },
    decided: cardFound,
  }),
  composed: rule('digests of the order, of what it covers and of what was composed', {
    act: 'checkDevices',
    next: { done: 'feedIntent', refused: 'releasing', cancelled: 'releasing' },
    question: 'nothing',
    recovered: { oldSession: 'releasing' },
  }),
  feedIntent: rule('expected blank, feeder, counters before', {
    act: 'feed',
    moves: 'feedBlank',
    next: { done: 'blankLoaded', nothingMoved: 'releasing', ...cardNowhere },
    question: 'wasBlankFed',
    recovered: { nothingMoved: 'releasing', ...cardNowhere },
    step: 'feeding',
  }),
  blankLoaded: rule('serial, read or expected', {
    act: 'checkBlank',
    next: { done: 'printIntent', doneChipNext: 'encodeIntent', unfit: 'voiding' },
    ...blankInside,
    blank: 'inTransport',
  }),
  encodeIntent: rule('digest of what the chip is to hold', {
    act: 'writeChip',
    next: { done: 'encoded', unfit: 'voiding' },
    ...blankInside,
    step: 'encoding',
  }),
  encoded: rule('digest of what the chip holds, as read back', {
    act: 'checkBlank',
    next: { done: 'printIntent', unfit: 'voiding' },
    ...blankInside,
  }),
  printIntent: rule('side, counters before', {
    act: 'printSide',
    moves: 'printSide',
    next: { done: 'printed', atExit: 'retracting', ...cardNowhere },
    ...blankInside,
    step: 'printing',
  }),
  printed: rule('counters after, one printed side more', {
    act: 'verify',
    next: { moreSides: 'printIntent', done: 'verified', unfit: 'voiding' },
    ...blankInside,
  }),
  verified: rule('digest of the chip, read again after printing', {
    act: 'beginHolderCheck',
    next: { doneHolderNext: 'holderCheck', ...mayGo },
    ...blankInside,
  }),
  // Whoever stands there was not proved to be the holder, and after a restart nobody ever will be.
  holderCheck: rule('that the holder is to be checked', {
    act: 'checkHolder',
    next: { ...mayGo, unfit: 'holdingBack' },
    question: 'isCardInside',
    recovered: { ...blankInside.recovered, inside: 'holdingBack', tryBin: 'holdingBack' },
  }),
  captureIntent: rule('that the old card is to fall into the capture bin', {
    act: 'captureOldCard',
    moves: 'captureCard',
    next: { done: 'captured', unfit: 'voiding' },
    ...blankInside,
    question: 'whereAreBothCards',
    step: 'capturingOldCard',
  }),
  captured: rule('old card captured, and how many the bin counts', {
    act: 'beginEject',
    next: { done: 'ejectIntent' },
    ...blankInside,
  }),
  ejectIntent: rule('result of the holder check, counters before', {
    act: 'present',
    moves: 'presentCard',
    next: {
      atExit: 'presented',
      presentedUnseen: 'presented',
      taken: 'taken',
      inside: 'voiding',
      unproved: 'unresolved',
    },
    question: 'isCardOut',
    recovered: {
      atExit: 'retracting',
      leftAtExit: 'unresolved',
      presentedUnseen: 'taken',
      taken: 'taken',
      inside: 'voiding',
      unproved: 'unresolved',
    },
    step: 'presenting',
  }),
  presented: rule('that the card is within reach, and how that is known', {
    act: 'awaitTaken',
    next: {
      taken: 'taken',
      presentedUnseen: 'taken',
      atExit: 'retracting',
      leftAtExit: 'unresolved',
      inside: 'voiding',
      unproved: 'unresolved',
    },
    question: 'isCardOut',
    recovered: {
      atExit: 'retracting',
      leftAtExit: 'unresolved',
      presentedUnseen: 'taken',
      taken: 'taken',
      inside: 'voiding',
      unproved: 'unresolved',
    },
  }),
  taken: rule('what saw the card go', {
    act: 'settle',
    next: { done: 'confirming' },
    question: 'nothing',
    recovered: { oldSession: 'confirming' },
    blank: 'issued',
    outcome: 'delivered',
  }),
  retracting: rule('that the card is to be drawn back, counters before', {
    act: 'retract',
    moves: 'retractCard',
    next: { done: 'retracted', taken: 'taken', inside: 'voiding', unproved: 'unresolved' },
    question: 'wasCardRetracted',
    recovered: {
      done: 'retracted',
      taken: 'taken',
      atExit: 'retracting',
      leftAtExit: 'unresolved',
      inside: 'voiding',
      unproved: 'unresolved',
    },
  }),
  retracted: rule('retract count after', {
    act: 'settle',
    next: { done: 'confirming' },
    question: 'nothing',
    recovered: { oldSession: 'confirming' },
    blank: 'retracted',
    outcome: 'retracted',
  }),
  voiding: rule('why, blank, reject count before', {
    act: 'reject',
    moves: 'rejectCard',
    next: { done: 'void', unproved: 'unresolved' },
    question: 'wasCardRejected',
    recovered: { done: 'void', inside: 'voiding', tryBin: 'voiding', unproved: 'unresolved' },
    blank: 'inTransport',
  }),
  void: rule('reject count after', {
    act: 'settle',
    next: { done: 'confirming' },
    question: 'nothing',
    recovered: { oldSession: 'confirming' },
    blank: 'void',
    outcome: 'spoiled',
  }),
  holdingBack: rule('that nobody proved whose card it is, reject count before', {
    act: 'reject',
    moves: 'rejectCard',
    next: { done: 'heldBack', unproved: 'unresolved' },
    question: 'wasCardRejected',
    recovered: {
      done: 'heldBack',
      inside: 'holdingBack',
      tryBin: 'holdingBack',
      unproved: 'unresolved',
    },
  }),
  // No other card may be printed while this one could still be handed over. What a registry has against it
  // is told to the people who decide, whatever it is.
  heldBack: rule('reject count after; outbox rows that hold the request and report it spoiled', {
    settles: true,
    owes: ['hold', 'outcomeReport'],
    outcome: 'spoiled',
    blank: 'void',
    decided: { handedOver: 'resolvedDelivered', destroyed: 'resolvedVoid' },
  }),
};

export const plainPaperTable: AttemptTable = {
  ...claim,
  unresolved: rule('what printer and citizen said; outbox row with the report', {
    settles: true,
    owes: ['outcomeReport'],
    outcome: 'uncertain',
    next: { conflict: 'needsReview' },
    decided: paperFound,
  }),
  needsReview: rule(whatDiffers, {
    ...review,
    decided: { ...paperFound, recordStands: 'resolvedAsRecorded' },
  }),
  ...decided,
  composed: rule('digests of the order and of the signed PDF', {
    act: 'checkDevices',
    next: { done: 'printIntent', refused: 'releasing', cancelled: 'releasing' },
    question: 'nothing',
    recovered: { oldSession: 'releasing' },
  }),
  printIntent: rule('job name, which is the attempt id, and pages', {
    act: 'printPaper',
    moves: 'printPdf',
    next: { done: 'printed', nothingMoved: 'releasing', unclear: 'presented' },
    question: 'whatBecameOfJob',
    recovered: { done: 'printed', unproved: 'unresolved' },
    step: 'printing',
  }),
  printed: rule('sheets stacked, as the printer reports', {
    act: 'settle',
    next: { done: 'confirming' },
    question: 'nothing',
    recovered: { oldSession: 'confirming' },
    outcome: 'delivered',
  }),
  presented: rule('that nobody knows of the sheets and the citizen is asked', {
    act: 'askCitizen',
    next: { taken: 'taken', unproved: 'unresolved' },
    question: 'nothing',
    recovered: { oldSession: 'unresolved' },
  }),
  taken: rule('that the citizen says to have every sheet', {
    act: 'settle',
    next: { done: 'confirming' },
    question: 'nothing',
    recovered: { oldSession: 'confirming' },
    outcome: 'delivered',
  }),
};

export type AttemptTables = Readonly<Record<Media, AttemptTable>>;

export const attemptTables: AttemptTables = {
  controlledBlank: controlledBlankTable,
  plainPaper: plainPaperTable,
};

export function ruleOf(tables: AttemptTables, media: Media, state: AttemptState): StateRule {
  const found = tables[media][state];
  assert(found !== undefined, `${media} has no state ${state}`);
  return found;
}

/** The state that follows. A cause that the table does not foresee is a fault of the program. */
export function follow(
  way: 'next' | 'recovered',
  from: AttemptState,
  of: StateRule,
  cause: Cause,
): AttemptState {
  const to = of[way][cause];
  assert(to !== undefined, `${cause} leads nowhere from ${from} (${way})`);
  return to;
}
