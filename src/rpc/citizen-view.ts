import * as z from 'zod';
import { biometricGuidanceSchema, fingerPositionSchema } from '../../drivers/contract/biometric.ts';
import { outcomeSchema } from '../domain/attempt.ts';
import { attemptProblemSchema } from '../domain/attempt-problem.ts';
import { authoritySchema } from '../domain/authority.ts';
import { documentKindSchema, modeSchema } from '../domain/document.ts';
import { printStepSchema } from '../domain/print-step.ts';
import { oldCardSchema, requestReasonSchema, requestStateSchema } from '../domain/request.ts';

export const languageSchema = z.enum(['id', 'en']);
export type Language = z.infer<typeof languageSchema>;

/** The three ways in. */
export const waySchema = z.enum(['eKtp', 'code', 'nik']);
export type Way = z.infer<typeof waySchema>;

/** Why a document or a way in is not offered now. Each has a sentence in every language file. */
export const unavailableReasonSchema = z.enum([
  'blanksOut',
  'blanksKept',
  'printerInMaintenance',
  'paperOut',
  'readerInMaintenance',
  'scannerInMaintenance',
  'registryUnreachable',
  'outcomeUnresolved',
  'countersWentBack',
  'registryForgot',
  'testCardUnsettled',
  'strangeBlank',
  'countNeeded',
  'powerFailing',
]);
export type UnavailableReason = z.infer<typeof unavailableReasonSchema>;

/** Why the whole terminal serves nobody. */
export const outOfServiceReasonSchema = z.enum([
  'starting',
  'maintenance',
  'registryUnreachable',
  'diskFull',
  'noDocumentAvailable',
  'alreadyRunning',
  'recordDamaged',
  'clockWrong',
  'powerFailing',
]);
export type OutOfServiceReason = z.infer<typeof outOfServiceReasonSchema>;

/**
 * What went wrong, as said to the citizen above the question that is asked again or on a closing
 * screen. Each has a sentence: what happened, what became of the document and the code, what to do.
 */
export const citizenProblemSchema = z.enum([
  'nikMalformed',
  'nikNotSpecimen',
  'refused',
  'refusedLastTry',
  'waitBeforeRetry',
  'triesUsedUp',
  'locked',
  'codeUsed',
  'factorsNotAccepted',
  'goToOffice',
  'codeNotOurs',
  'codeMisread',
  'cardRemovedEarly',
  'cardNotEKtp',
  'cardUnreadable',
  'cardNotAuthenticated',
  'nothingReady',
  'nothingOpen',
  'waitsForOfficer',
  'dataWrong',
  'cardJammed',
  'holderWaits',
  'oldCardNotInserted',
  'otherCardInserted',
  'oldCardNotTaken',
  'oldCardAtOffice',
  'oldCardNotReturned',
  'oldCardSlotTrouble',
  'officerContinues',
  'paperStopped',
  'paperUnclear',
  'paperMissing',
  'timedOut',
  'terminalStopping',
  ...attemptProblemSchema.options,
]);
export type CitizenProblem = z.infer<typeof citizenProblemSchema>;

const problem = z.strictObject({
  code: citizenProblemSchema,
  /** Numbers and office names that the sentence may hold; never personal data. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ProblemView = z.infer<typeof problem>;

/** One line of the list. */
const listedDocument = z.strictObject({
  requestId: z.string(),
  documentKind: documentKindSchema,
  state: requestStateSchema,
  subjectName: z.string(),
  authority: authoritySchema,
  reason: requestReasonSchema,
  pages: z.number().int().positive().nullable(),
  /** null: it can be printed here and now. */
  unavailable: z.union([unavailableReasonSchema, z.literal('notReady')]).nullable(),
});
export type ListedDocumentView = z.infer<typeof listedDocument>;

/** The nine elements of the satisfaction survey, Permen PANRB 14/2017. */
export const ikmElementSchema = z.enum([
  'persyaratan',
  'prosedur',
  'waktu',
  'biaya',
  'produk',
  'kompetensi',
  'perilaku',
  'pengaduan',
  'sarana',
]);
export type IkmElement = z.infer<typeof ikmElementSchema>;

/**
 * What is proved of the card that the new one replaces. `stillYours`: the machine never had it;
 * `returned`: it had, and gave it back; `captured`: in the bin for old cards; `keptForDesk`: the slot
 * holds it and could not give it back.
 */
export const oldCardFateSchema = z.enum([
  'notConcerned',
  'stillYours',
  'returned',
  'captured',
  'keptForDesk',
  'uncertain',
]);
export type OldCardFate = z.infer<typeof oldCardFateSchema>;

export const screenSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('outOfService'), reason: outOfServiceReasonSchema }),
  z.strictObject({
    name: z.literal('welcome'),
    documents: z.array(
      z.strictObject({
        documentKind: documentKindSchema,
        unavailable: unavailableReasonSchema.nullable(),
        /** Blanks are few: only requests with these reasons are served. Absent: all are. */
        onlyFor: z.array(requestReasonSchema).optional(),
      }),
    ),
    ways: z.array(
      z.strictObject({ way: waySchema, unavailable: unavailableReasonSchema.nullable() }),
    ),
  }),
  z.strictObject({ name: z.literal('presentCard') }),
  z.strictObject({ name: z.literal('readingCard') }),
  z.strictObject({ name: z.literal('presentCode') }),
  z.strictObject({ name: z.literal('enterNik') }),
  z.strictObject({ name: z.literal('enterPin'), way: waySchema }),
  z.strictObject({
    name: z.literal('enterPrintCode'),
    /** null on the code way, where the registry says which document only after it. */
    documentKind: documentKindSchema.nullable(),
  }),
  z.strictObject({ name: z.literal('verifying') }),
  z.strictObject({
    name: z.literal('chooseDocument'),
    claimantName: z.string(),
    documents: z.array(listedDocument),
  }),
  z.strictObject({
    name: z.literal('confirm'),
    document: listedDocument,
    /** `capturedBefore`: an earlier attempt has it in the bin, and it is not asked for again. */
    oldCard: z.enum([...oldCardSchema.options, 'capturedBefore']),
    issuingOffice: z.string(),
  }),
  /** The slot is open and waits for the old card. */
  z.strictObject({ name: z.literal('surrenderCard'), document: listedDocument }),
  /** The slot was told to give the old card back; what became of it is told next. */
  z.strictObject({ name: z.literal('waitForOldCard') }),
  z.strictObject({
    name: z.literal('printing'),
    documentKind: documentKindSchema,
    step: printStepSchema,
    steps: z.array(printStepSchema),
  }),
  /** The card is printed and waits inside for its holder's finger. */
  z.strictObject({
    name: z.literal('placeFinger'),
    finger: fingerPositionSchema,
    /** What the sensor wants of the finger that lies on it; null while it wants nothing in particular. */
    guidance: biometricGuidanceSchema.nullable(),
    /** A finger was put there before, and settled nothing. */
    again: z.boolean(),
  }),
  z.strictObject({
    name: z.literal('takeCard'),
    documentKind: documentKindSchema,
    /** Half of its time has passed: the screen says it again, and that the card is soon drawn back. */
    reminded: z.boolean(),
  }),
  z.strictObject({ name: z.literal('takePaper'), pages: z.number().int().positive() }),
  z.strictObject({
    name: z.literal('result'),
    documentKind: documentKindSchema,
    outcome: outcomeSchema,
    /** What a citizen may quote to an officer; it names the attempt and nobody. */
    referenceNumber: z.string(),
    /** Whether the same codes may be used again for this document at a terminal. */
    codeStillCounts: z.boolean(),
    /** The registry was told of a hand-over, which ends the codes. Neither: people go on with them. */
    codeUsed: z.boolean(),
    /**
     * `spoiled` alone, where the card is not a damaged one: nothing was put on a stranger (`unprinted`), or
     * it was printed well and its holder is not known (`heldBack`).
     */
    cardKept: z.enum(['unprinted', 'heldBack']).nullable(),
    oldCard: oldCardFateSchema,
    /** Another document of the list is still ready. */
    moreReady: z.boolean(),
    /** Paper whose outcome nobody knows may be printed again by the same citizen. */
    mayRepeat: z.boolean(),
  }),
  z.strictObject({ name: z.literal('satisfaction'), element: ikmElementSchema }),
  /** Take your card back from the reader before leaving. */
  z.strictObject({ name: z.literal('takeYourCard') }),
  z.strictObject({ name: z.literal('goodbye') }),
]);
export type Screen = z.infer<typeof screenSchema>;
export type ScreenName = Screen['name'];

/** All that the citizen's screen shows. It is whole each time: a client that lost one needs no other. */
export const sessionViewSchema = z.strictObject({
  /** Grows with each view; a choice names the view it answers, so that a late press does nothing. */
  viewId: z.number().int(),
  mode: modeSchema,
  language: languageSchema,
  terminalId: z.string(),
  screen: screenSchema,
  problem: problem.nullable(),
  /** The time limit that runs, from the moment this view was sent; null where none runs. */
  timeLimit: z
    .strictObject({
      remainingMs: z.number().int(),
      /** The screen asks "still there?" when this much is left. */
      warnAtMs: z.number().int(),
    })
    .nullable(),
  canCancel: z.boolean(),
  canGoBack: z.boolean(),
  /** An officer was called and it is on record. */
  helpCalled: z.boolean(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;
