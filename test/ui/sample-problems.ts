import { paperStopSchema } from '../../src/domain/paper-stop.ts';
import type { CitizenProblem, ProblemView, Screen } from '../../src/rpc/citizen-view.ts';
import { sample, type SampleView } from './sample-view.ts';
import { kk, ktpEl, LONG_OFFICE, REFERENCE, replacementSteps } from './sample-views.ts';

interface Seen {
  readonly screen: Screen;
  readonly params?: ProblemView['params'];
}
type Result = Extract<Screen, { name: 'result' }>;

const goodbye: Seen = { screen: { name: 'goodbye' } };
const byCard: Seen = { screen: { name: 'presentCard' } };
const byCode: Seen = { screen: { name: 'presentCode' } };
const byNik: Seen = { screen: { name: 'enterNik' } };

const confirm: Screen = {
  name: 'confirm',
  document: ktpEl,
  oldCard: 'toBeCapturedHere',
  issuingOffice: LONG_OFFICE,
};
const printing: Screen = {
  name: 'printing',
  documentKind: 'ktpEl',
  step: 'printing',
  steps: [...replacementSteps],
};
const printingPaper: Screen = {
  name: 'printing',
  documentKind: 'kk',
  step: 'printing',
  steps: ['reserving', 'checking', 'printing'],
};
const list = (...documents: Extract<Screen, { name: 'chooseDocument' }>['documents']): Seen => ({
  screen: { name: 'chooseDocument', claimantName: 'S*** A*****', documents },
});

const card: Result = {
  name: 'result',
  documentKind: 'ktpEl',
  outcome: 'notPrinted',
  referenceNumber: REFERENCE,
  codeStillCounts: true,
  codeUsed: false,
  cardKept: null,
  oldCard: 'returned',
  moreReady: true,
  mayRepeat: false,
};
const cardResult = (change: Partial<Result> = {}): Seen => ({ screen: { ...card, ...change } });
const paperResult = (change: Partial<Result> = {}): Seen =>
  cardResult({ documentKind: 'kk', oldCard: 'notConcerned', ...change });
const spoiled = { outcome: 'spoiled', oldCard: 'returned' } as const;
const withOfficer = { codeStillCounts: false } as const;

/** Each problem on the screens that really tell it. */
const seenOn: Readonly<Record<CitizenProblem, readonly Seen[]>> = {
  nikMalformed: [byNik],
  nikNotSpecimen: [byCard],
  refused: [
    { screen: { name: 'enterPin', way: 'nik' }, params: { triesLeft: 2 } },
    { screen: { name: 'enterPrintCode', documentKind: null }, params: { triesLeft: 2 } },
  ],
  refusedLastTry: [{ screen: { name: 'enterPin', way: 'eKtp' }, params: { triesLeft: 1 } }],
  waitBeforeRetry: [
    { ...goodbye, params: { waitSeconds: 15 } },
    { ...goodbye, params: { waitSeconds: 900 } },
  ],
  triesUsedUp: [{ screen: { name: 'takeYourCard' } }, cardResult()],
  locked: [goodbye],
  codeUsed: [goodbye],
  factorsNotAccepted: [goodbye],
  goToOffice: [{ ...goodbye, params: { office: LONG_OFFICE } }],
  codeNotOurs: [byCode],
  codeMisread: [byCode],
  cardRemovedEarly: [byCard],
  cardNotEKtp: [byCard],
  cardUnreadable: [byCard],
  cardNotAuthenticated: [byCard],
  readerTrouble: [byCard],
  registryUnreachable: [goodbye],
  registryNoAnswer: [cardResult()],
  registryNonsense: [goodbye],
  nothingReady: [list({ ...ktpEl, state: 'diproses', unavailable: 'notReady' })],
  nothingOpen: [list()],
  waitsForOfficer: [list({ ...ktpEl, state: 'gagalCetak', unavailable: 'notReady' })],
  dataWrong: [{ ...goodbye, params: { office: LONG_OFFICE } }],
  reservedElsewhere: [list({ ...ktpEl, state: 'mencetak', unavailable: 'notReady' })],
  notReadyAnymore: [cardResult(withOfficer)],
  wrongPrintCode: [
    { screen: { name: 'enterPrintCode', documentKind: 'ktpEl' }, params: { triesLeft: 1 } },
  ],
  claimEnded: [goodbye],
  limitReached: [cardResult(withOfficer), paperResult({ outcome: 'uncertain', ...withOfficer })],
  notSignedYet: [paperResult()],
  orderInvalid: [cardResult()],
  documentAltered: [paperResult()],
  checkNotDone: [paperResult()],
  wrongBlanksOnly: [cardResult()],
  strangeBlank: [cardResult({ ...spoiled, cardKept: 'unprinted' })],
  blanksOut: [cardResult()],
  blanksKept: [list({ ...ktpEl, unavailable: 'blanksKept' })],
  paperOut: [list({ ...kk, unavailable: 'paperOut' })],
  powerFailing: [cardResult(), list({ ...ktpEl, unavailable: 'powerFailing' })],
  printerTrouble: [cardResult()],
  cardJammed: [{ screen: printing }],
  oldCardNotInserted: [{ screen: confirm }],
  otherCardInserted: [{ screen: confirm }],
  oldCardNotTaken: [{ screen: confirm }],
  oldCardAtOffice: [{ screen: confirm, params: { office: LONG_OFFICE } }],
  oldCardNotReturned: [goodbye, cardResult({ oldCard: 'uncertain' })],
  oldCardSlotTrouble: [cardResult(spoiled)],
  printFailedCardKept: [cardResult(spoiled), { screen: printing }],
  officerContinues: [cardResult({ ...spoiled, ...withOfficer, oldCard: 'captured' })],
  notCollected: [cardResult({ outcome: 'retracted', ...withOfficer, oldCard: 'captured' })],
  outcomeUncertain: [cardResult({ outcome: 'uncertain', ...withOfficer, oldCard: 'captured' })],
  paperStopped: paperStopSchema.options.map((cause) => ({
    screen: printingPaper,
    params: { cause, waitMinutes: 5 },
  })),
  paperUnclear: [{ screen: { name: 'takePaper', pages: 2 } }],
  paperUncertain: [paperResult({ outcome: 'uncertain', mayRepeat: true })],
  paperMissing: [paperResult({ outcome: 'uncertain', ...withOfficer, codeUsed: true })],
  holderNotMatched: [cardResult({ ...spoiled, ...withOfficer, cardKept: 'heldBack' })],
  holderNotChecked: [cardResult({ ...spoiled, ...withOfficer, cardKept: 'heldBack' })],
  holderCheckNotPossible: [cardResult()],
  holderWaits: [
    {
      screen: {
        ...printing,
        step: 'checkingHolder',
        steps: printing.steps.flatMap((step) =>
          step === 'verifying' ? ['checkingHolder' as const] : [step],
        ),
      },
    },
  ],
  timedOut: [goodbye],
  cancelled: [goodbye],
  terminalStopping: [goodbye],
};

const unstoppable: ReadonlySet<Screen['name']> = new Set([
  'printing',
  'takePaper',
  'result',
  'takeYourCard',
  'goodbye',
]);

/** Every problem that core may report. */
export const problemViews: readonly SampleView[] = Object.entries(seenOn).flatMap(([code, seen]) =>
  seen.map(({ screen, params = {} }, index) => {
    const isOver = unstoppable.has(screen.name);
    return sample(`problem-${code}-${screen.name}${index === 0 ? '' : `-${index}`}`, screen, {
      problem: { code: code as CitizenProblem, params },
      canCancel: !isOver,
      canGoBack: !isOver && screen.name !== 'chooseDocument',
      helpCalled: code === 'cardJammed' || code === 'holderWaits' || code === 'paperMissing',
    });
  }),
);
