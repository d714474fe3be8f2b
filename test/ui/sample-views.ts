import {
  ikmElementSchema,
  outOfServiceReasonSchema,
  type ListedDocumentView,
  type SessionView,
} from '../../src/rpc/citizen-view.ts';
import { outcomeSchema } from '../../src/domain/attempt.ts';
import { sample, type SampleView } from './sample-view.ts';

const outside = { canCancel: false, canGoBack: false } as const;
const unstoppable = { canCancel: false, canGoBack: false } as const;
const noBack = { canGoBack: false } as const;

const oldCardAfter = {
  delivered: 'captured',
  notPrinted: 'stillYours',
  spoiled: 'returned',
  retracted: 'captured',
  uncertain: 'uncertain',
} as const;

export const ktpEl: ListedDocumentView = {
  requestId: 'req-1',
  documentKind: 'ktpEl',
  state: 'siapCetak',
  subjectName: 'S*** A*****',
  authority: 'self',
  reason: 'damaged',
  pages: null,
  unavailable: null,
};
export const kk: ListedDocumentView = {
  ...ktpEl,
  requestId: 'req-2',
  documentKind: 'kk',
  reason: 'changed',
  pages: 2,
};
const kia: ListedDocumentView = {
  ...ktpEl,
  requestId: 'req-3',
  documentKind: 'kia',
  subjectName: "N** P**** D'****",
  authority: 'parent',
  reason: 'first',
};
/** One word of forty letters, a title, an apostrophe and eight words: names that exist. */
const uglyNames = [
  'W***************************************',
  'R** D*. H. M******* A*** K***** B** S**** W********',
  "D'**** O'*********",
  'Y',
  'A** B** C** D** E** F** G** H**',
];
const uglyList: readonly ListedDocumentView[] = [
  { ...kia, requestId: 'u-1', subjectName: uglyNames[0] ?? '', unavailable: 'blanksOut' },
  { ...kia, requestId: 'u-2', subjectName: uglyNames[1] ?? '', authority: 'appointed' },
  { ...ktpEl, requestId: 'u-3', subjectName: uglyNames[2] ?? '', reason: 'lost' },
  {
    ...kk,
    requestId: 'u-4',
    subjectName: uglyNames[3] ?? '',
    unavailable: 'outcomeUnresolved',
  },
  {
    ...kia,
    requestId: 'u-5',
    subjectName: uglyNames[4] ?? '',
    state: 'kedaluwarsa',
    unavailable: 'notReady',
  },
  { ...kia, requestId: 'u-6', state: 'takDiambil', unavailable: 'notReady' },
  { ...kia, requestId: 'u-7', state: 'diajukan', unavailable: 'notReady' },
  { ...ktpEl, requestId: 'u-8', state: 'perluPeriksa', unavailable: 'notReady' },
  { ...kk, requestId: 'u-9', state: 'ditolak', unavailable: 'notReady', authority: 'applicant' },
];

const OFFICE = 'Dinas Kependudukan dan Pencatatan Sipil Kabupaten Contoh';
export const LONG_OFFICE =
  'Unit Pelaksana Teknis Dinas Kependudukan dan Pencatatan Sipil Kecamatan Contoh Utara Kabupaten Kepulauan Contoh';
export const REFERENCE = 'LMG01-2K7Q-0042';

const cardSteps = [
  'reserving',
  'checking',
  'feeding',
  'encoding',
  'printing',
  'verifying',
  'presenting',
] as const;
export const replacementSteps = [
  'reserving',
  'checking',
  'feeding',
  'encoding',
  'printing',
  'verifying',
  'capturingOldCard',
  'presenting',
] as const;

const withProblem = (
  code: NonNullable<SessionView['problem']>['code'],
  params: NonNullable<SessionView['problem']>['params'] = {},
): Pick<SessionView, 'problem'> => ({ problem: { code, params } });

const allWays = (['eKtp', 'code', 'nik'] as const).map((way) => ({ way, unavailable: null }));

/** At least one view for each screen, and the forms in which a screen looks different. */
export const sampleViews: readonly SampleView[] = [
  ...outOfServiceReasonSchema.options.map((reason) =>
    sample(`out-of-service-${reason}`, { name: 'outOfService', reason }, outside),
  ),
  sample(
    'welcome',
    {
      name: 'welcome',
      documents: (['ktpEl', 'kia', 'kk'] as const).map((documentKind) => ({
        documentKind,
        unavailable: null,
      })),
      ways: allWays,
    },
    outside,
  ),
  sample(
    'welcome-scarce',
    {
      name: 'welcome',
      documents: [
        { documentKind: 'ktpEl', unavailable: null, onlyFor: ['first', 'lost', 'damaged'] },
        { documentKind: 'kia', unavailable: null, onlyFor: ['first'] },
        { documentKind: 'kk', unavailable: null },
      ],
      ways: allWays,
    },
    outside,
  ),
  sample(
    'welcome-troubled',
    {
      name: 'welcome',
      documents: [
        { documentKind: 'ktpEl', unavailable: 'printerInMaintenance' },
        { documentKind: 'kia', unavailable: 'outcomeUnresolved' },
        { documentKind: 'kk', unavailable: null },
      ],
      ways: [
        { way: 'eKtp', unavailable: 'readerInMaintenance' },
        { way: 'code', unavailable: 'scannerInMaintenance' },
        { way: 'nik', unavailable: null },
      ],
    },
    { ...outside, helpCalled: true },
  ),
  sample(
    'welcome-on-battery',
    {
      name: 'welcome',
      documents: [
        { documentKind: 'ktpEl', unavailable: 'powerFailing' },
        { documentKind: 'kia', unavailable: null },
        { documentKind: 'kk', unavailable: 'powerFailing' },
      ],
      ways: allWays,
    },
    outside,
  ),
  sample('present-card', { name: 'presentCard' }),
  sample('present-card-problem', { name: 'presentCard' }, withProblem('cardUnreadable')),
  sample('reading-card', { name: 'readingCard' }, noBack),
  sample('present-code', { name: 'presentCode' }),
  sample('present-code-problem', { name: 'presentCode' }, withProblem('codeNotOurs')),
  sample('enter-nik', { name: 'enterNik' }),
  sample('enter-nik-problem', { name: 'enterNik' }, withProblem('nikMalformed')),
  sample('enter-pin', { name: 'enterPin', way: 'eKtp' }),
  sample(
    'enter-pin-problem',
    { name: 'enterPin', way: 'nik' },
    { ...withProblem('refused', { triesLeft: 3 }), helpCalled: true },
  ),
  sample('enter-print-code', { name: 'enterPrintCode', documentKind: null }),
  sample(
    'enter-print-code-problem',
    { name: 'enterPrintCode', documentKind: 'ktpEl' },
    withProblem('wrongPrintCode', { triesLeft: 2 }),
  ),
  sample('verifying', { name: 'verifying' }, noBack),
  sample(
    'choose-document',
    {
      name: 'chooseDocument',
      claimantName: 'S*** A*****',
      documents: [ktpEl, kk, kia],
    },
    noBack,
  ),
  sample(
    'choose-document-ugly',
    {
      name: 'chooseDocument',
      claimantName: uglyNames[1] ?? '',
      documents: [...uglyList],
    },
    noBack,
  ),
  sample(
    'choose-document-none',
    { name: 'chooseDocument', claimantName: 'Y', documents: [] },
    { ...noBack, ...withProblem('nothingReady') },
  ),
  sample('confirm-card', {
    name: 'confirm',
    document: ktpEl,
    oldCard: 'toBeCapturedHere',
    issuingOffice: OFFICE,
  }),
  sample('confirm-old-card-in', {
    name: 'confirm',
    document: ktpEl,
    oldCard: 'capturedBefore',
    issuingOffice: OFFICE,
  }),
  sample('confirm-paper', {
    name: 'confirm',
    document: kk,
    oldCard: 'none',
    issuingOffice: OFFICE,
  }),
  sample(
    'confirm-ugly',
    {
      name: 'confirm',
      document: { ...kia, subjectName: uglyNames[1] ?? '', authority: 'appointed' },
      oldCard: 'toBeCapturedHere',
      issuingOffice: LONG_OFFICE,
    },
    withProblem('oldCardNotInserted'),
  ),
  sample('wait-for-old-card', { name: 'waitForOldCard' }, unstoppable),
  sample('surrender-card', { name: 'surrenderCard', document: ktpEl }, unstoppable),
  sample(
    'printing-card',
    {
      name: 'printing',
      documentKind: 'ktpEl',
      step: 'printing',
      steps: [...replacementSteps],
    },
    unstoppable,
  ),
  sample(
    'printing-paper',
    {
      name: 'printing',
      documentKind: 'kk',
      step: 'checking',
      steps: ['reserving', 'checking', 'printing', 'presenting'],
    },
    unstoppable,
  ),
  sample(
    'printing-again',
    {
      name: 'printing',
      documentKind: 'kia',
      step: 'feeding',
      steps: [...cardSteps],
    },
    { ...unstoppable, ...withProblem('printFailedCardKept') },
  ),
  sample(
    'place-finger',
    { name: 'placeFinger', finger: 'rightIndex', guidance: null, again: false },
    unstoppable,
  ),
  sample(
    'place-finger-guided',
    { name: 'placeFinger', finger: 'leftIndex', guidance: 'moveToCentre', again: true },
    unstoppable,
  ),
  sample(
    'place-finger-again',
    { name: 'placeFinger', finger: 'leftLittle', guidance: null, again: true },
    unstoppable,
  ),
  sample('take-card', { name: 'takeCard', documentKind: 'ktpEl', reminded: false }, unstoppable),
  sample(
    'take-card-reminded',
    { name: 'takeCard', documentKind: 'ktpEl', reminded: true },
    unstoppable,
  ),
  sample('take-paper', { name: 'takePaper', pages: 2 }, unstoppable),
  ...outcomeSchema.options.map((outcome) =>
    sample(
      `result-card-${outcome}`,
      {
        name: 'result',
        documentKind: 'ktpEl',
        outcome,
        referenceNumber: REFERENCE,
        codeStillCounts: outcome === 'notPrinted' || outcome === 'spoiled',
        codeUsed: outcome === 'delivered',
        cardKept: null,
        oldCard: oldCardAfter[outcome],
        moreReady: outcome !== 'uncertain',
        mayRepeat: false,
      },
      {
        ...unstoppable,
        ...(outcome === 'spoiled' ? withProblem('printerTrouble') : {}),
        ...(outcome === 'uncertain' ? withProblem('outcomeUncertain') : {}),
      },
    ),
  ),
  sample(
    'result-card-stuck',
    {
      name: 'result',
      documentKind: 'ktpEl',
      outcome: 'notPrinted',
      referenceNumber: REFERENCE,
      codeStillCounts: true,
      codeUsed: false,
      cardKept: null,
      oldCard: 'keptForDesk',
      moreReady: true,
      mayRepeat: false,
    },
    { ...unstoppable, ...withProblem('oldCardNotReturned'), helpCalled: true },
  ),
  sample(
    'result-paper-delivered',
    {
      name: 'result',
      documentKind: 'kk',
      outcome: 'delivered',
      referenceNumber: REFERENCE,
      codeStillCounts: false,
      codeUsed: true,
      cardKept: null,
      oldCard: 'notConcerned',
      moreReady: false,
      mayRepeat: false,
    },
    unstoppable,
  ),
  sample(
    'result-paper-uncertain',
    {
      name: 'result',
      documentKind: 'kk',
      outcome: 'uncertain',
      referenceNumber: REFERENCE,
      codeStillCounts: true,
      codeUsed: false,
      cardKept: null,
      oldCard: 'notConcerned',
      moreReady: true,
      mayRepeat: true,
    },
    { ...unstoppable, ...withProblem('paperUncertain') },
  ),
  ...ikmElementSchema.options.map((element) =>
    sample(`satisfaction-${element}`, { name: 'satisfaction', element }, unstoppable),
  ),
  sample('take-your-card', { name: 'takeYourCard' }, unstoppable),
  sample('goodbye', { name: 'goodbye' }, outside),
  sample(
    'goodbye-problem',
    { name: 'goodbye' },
    { ...outside, ...withProblem('goToOffice', { office: LONG_OFFICE }) },
  ),
  sample(
    'time-limit',
    { name: 'enterPin', way: 'eKtp' },
    { timeLimit: { remainingMs: 15_000, warnAtMs: 15_000 } },
  ),
  sample('live-mode', { name: 'presentCard' }, { mode: 'live' }),
];
