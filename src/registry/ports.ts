import * as z from 'zod';
import { fingerFormatSchema, fingerPositionSchema } from '../../drivers/contract/biometric.ts';
import type { Result } from '../base/result.ts';
import type { OutcomeCorrection, OutcomeReport } from '../domain/attempt.ts';
import { cardFieldsSchema } from '../domain/card-fields.ts';
import type { KnownFactor, PresentedFactor } from '../domain/claim.ts';
import { referenceSchema } from '../domain/reference.ts';
import type { ListedRequest } from '../domain/request.ts';

/**
 * Every call takes a deadline in milliseconds from now and, where it changes anything, an idempotency
 * key: the same key with the same content may be sent any number of times and is carried out once.
 */
export interface CallOptions {
  readonly deadlineMs: number;
  readonly idempotencyKey?: string;
  /** The request of the attempt that is asked about, for a registry that keeps attempts by their requests. */
  readonly requestId?: string;
}

/**
 * No answer we can use. `unreachable`: nothing was sent. `noAnswer`: it may have been carried out and
 * must be repeated with the same key or read back. `nonsense`: an answer that breaks the contract; the
 * detail names the rule and never quotes the answer.
 */
export type RegistryTrouble =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'noAnswer' }
  | { readonly kind: 'nonsense'; readonly detail: string };

/** One opaque token for one verified claimant in one session; it dies with the session or after minutes. */
export const claimSchema = z.strictObject({
  claimToken: z.string().max(200),
  /** Masked: `S*** A*****`. */
  claimantName: z.string(),
  expiresAt: z.number().int(),
});
export type Claim = z.infer<typeof claimSchema>;

/**
 * `refused` stands for unknown NIK, wrong PIN, foreign code or wrong print code alike: the screen may not tell
 * them apart. `codeUsed` is only for who has both a code and its print code: the document was handed over on
 * them, and the try does not count. `triesLeft` is null once the next try must wait. `goToOffice` covers moved, deceased, protected,
 * duplicate: only where to go is said.
 */
export const verifyRefusalSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('refused'), triesLeft: z.number().int().nullable() }),
  z.strictObject({ kind: z.literal('waitBeforeRetry'), waitSeconds: z.number().int() }),
  z.strictObject({ kind: z.literal('locked') }),
  z.strictObject({ kind: z.literal('codeUsed') }),
  z.strictObject({ kind: z.literal('factorsNotAccepted') }),
  z.strictObject({ kind: z.literal('goToOffice'), office: z.string() }),
]);
export type VerifyRefusal = z.infer<typeof verifyRefusalSchema>;

export interface ClaimantVerifier {
  /** Checks two factors together. The registry counts the try before it compares. */
  verify(
    factors: { readonly presented: PresentedFactor; readonly known: KnownFactor },
    session: { readonly sessionId: string },
    options: CallOptions,
  ): Promise<Result<Claim, VerifyRefusal | RegistryTrouble>>;
  /** Ends the claim. Safe to repeat; unknown tokens count as ended. */
  endClaim(claimToken: string, options: CallOptions): Promise<Result<void, RegistryTrouble>>;
}

export const reservationSchema = z.strictObject({
  requestId: referenceSchema,
  attemptId: referenceSchema,
  terminalId: z.string(),
  /** `held`: a lease runs; `onHold`: frozen for people to decide; `ended`: released, handed over or lapsed. */
  state: z.enum(['held', 'onHold', 'ended']),
  /** Milliseconds since the Unix epoch. */
  leaseExpiresAt: z.number().int(),
});
export type Reservation = z.infer<typeof reservationSchema>;

export const reserveRefusalSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reservedElsewhere') }),
  z.strictObject({ kind: z.literal('notReady') }),
  z.strictObject({ kind: z.literal('wrongPrintCode'), triesLeft: z.number().int() }),
  z.strictObject({ kind: z.literal('claimEnded') }),
  z.strictObject({ kind: z.literal('limitReached') }),
]);
export type ReserveRefusal = z.infer<typeof reserveRefusalSchema>;

export type UnknownReservation = { readonly kind: 'unknownReservation' };

export interface RequestQueue {
  /** What is there for this claimant, ready or not, for themselves or those they have authority over. */
  list(
    claimToken: string,
    options: CallOptions,
  ): Promise<Result<readonly ListedRequest[], { readonly kind: 'claimEnded' } | RegistryTrouble>>;
  /**
   * Gives this terminal the only right to print the request until the lease ends. The attempt id is the
   * idempotency key: repeating it returns the same reservation.
   */
  reserve(
    ask: {
      readonly claimToken: string;
      readonly requestId: string;
      readonly attemptId: string;
      readonly printCode: string | null;
    },
    options: CallOptions,
  ): Promise<Result<Reservation, ReserveRefusal | RegistryTrouble>>;
  /** Reads this terminal's own reservation back, after a lost answer or a restart. */
  readReservation(
    attemptId: string,
    options: CallOptions,
  ): Promise<Result<Reservation, UnknownReservation | RegistryTrouble>>;
  renew(
    attemptId: string,
    options: CallOptions,
  ): Promise<Result<Reservation, UnknownReservation | RegistryTrouble>>;
  /**
   * Freezes the request: no terminal may reserve it until people decide, at the registry or by a
   * `correctOutcome` of this attempt. A report that follows frees nothing. So a card printed well whose holder
   * nobody proved is put on hold and then reported `spoiled`: it lies in the reject bin, for people.
   */
  hold(
    attemptId: string,
    options: CallOptions,
  ): Promise<Result<Reservation, UnknownReservation | RegistryTrouble>>;
  /** Gives the request back; only said when nothing of it was printed. */
  release(
    attemptId: string,
    options: CallOptions,
  ): Promise<Result<Reservation, UnknownReservation | RegistryTrouble>>;
}

/** One finger as it goes onto the chip of a KTP-el, which holds two at most. */
export const fingerprintSchema = z.strictObject({
  finger: fingerPositionSchema,
  format: fingerFormatSchema,
  templateBase64: z.base64().min(4).max(2800),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** The signed permission with what it covers. Bytes are standard base64. */
export const printMaterialSchema = z.discriminatedUnion('media', [
  z.strictObject({
    media: z.literal('controlledBlank'),
    orderJws: z.string().max(8192),
    fields: cardFieldsSchema,
    photoJpegBase64: z.string().max(1_400_000).nullable(),
    fingerprints: z.array(fingerprintSchema).max(2),
  }),
  z.strictObject({
    media: z.literal('plainPaper'),
    orderJws: z.string().max(8192),
    pdfBase64: z.string().max(7_000_000),
  }),
]);
export type PrintMaterial = z.infer<typeof printMaterialSchema>;

/** Something that must be printed is not there: `missing` names the members, never their values. */
export type IncompleteDocument = {
  readonly kind: 'incompleteDocument';
  readonly missing: readonly string[];
};

export interface DocumentSource {
  /**
   * The print order and everything it covers, for a reservation this terminal holds. Nothing in the
   * answer is believed before its digests and signatures were checked.
   */
  printMaterial(
    attemptId: string,
    options: CallOptions,
  ): Promise<
    Result<
      PrintMaterial,
      UnknownReservation | { readonly kind: 'notSignedYet' } | IncompleteDocument | RegistryTrouble
    >
  >;
}

/** `reportOutcome` again with the same content: the same receipt. With other content: `conflict`, for people. */
export const outcomeReceiptSchema = z.strictObject({
  attemptId: referenceSchema,
  receiptId: referenceSchema,
  requestState: referenceSchema,
});
export type OutcomeReceipt = z.infer<typeof outcomeReceiptSchema>;

/** A signed journal head, as the registry keeps it: the verifier's anchor. */
export const journalHeadSchema = z.strictObject({
  terminalId: z.string(),
  /** Number of rows covered. */
  size: z.number().int(),
  /** Hexadecimal SHA-256 of the last row covered. */
  head: z.string().regex(/^[0-9a-f]{64}$/),
  /** Milliseconds since the Unix epoch. */
  at: z.number().int(),
  algorithm: z.enum(['ed25519', 'ecdsa-p256-sha256']),
  /** Standard base64. */
  signature: z.string(),
});
export type JournalHead = z.infer<typeof journalHeadSchema>;

export const feedbackSchema = z.strictObject({
  sessionId: z.string(),
  /** One of the nine elements of Permen PANRB 14/2017. */
  element: z.string(),
  score: z.number().int().min(1).max(4),
});
export type Feedback = z.infer<typeof feedbackSchema>;

export const correctionSchema = z.strictObject({
  requestId: z.string(),
  sessionId: z.string(),
  /** The claimant said that the data shown are wrong; details are settled at the office. */
  note: z.literal('dataWrong'),
});
export type Correction = z.infer<typeof correctionSchema>;

export const heartbeatSchema = z.strictObject({
  terminalId: z.string(),
  at: z.number().int(),
  journalHead: journalHeadSchema.nullable(),
  inService: z.boolean(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** This registry has no place for it (`RegistrySupport`); sending it again changes nothing. */
export type NotTaken = { readonly kind: 'notTaken' };

export interface OutcomeSink {
  /** Completes when the registry has stored the report. Sent again for ever until it has. */
  reportOutcome(
    report: OutcomeReport,
    head: JournalHead | null,
    options: CallOptions,
  ): Promise<
    Result<OutcomeReceipt, { readonly kind: 'conflict' } | UnknownReservation | RegistryTrouble>
  >;
  /**
   * Tells what people at the terminal decided of an attempt that was put on hold or reported uncertain, or
   * that this registry disputes. The same decision again: the same receipt. With other content: `conflict`.
   */
  correctOutcome(
    correction: OutcomeCorrection,
    head: JournalHead | null,
    options: CallOptions,
  ): Promise<
    Result<OutcomeReceipt, { readonly kind: 'conflict' } | UnknownReservation | RegistryTrouble>
  >;
  sendCorrection(
    correction: Correction,
    options: CallOptions,
  ): Promise<Result<void, NotTaken | RegistryTrouble>>;
  sendFeedback(
    feedback: Feedback,
    options: CallOptions,
  ): Promise<Result<void, NotTaken | RegistryTrouble>>;
  /** `journalHead` is kept where the registry says that it keeps heads. */
  heartbeat(beat: Heartbeat, options: CallOptions): Promise<Result<void, RegistryTrouble>>;
}

/** Gives back the signed heads of the journal that came with heartbeats and reports. */
export interface HeadKeeper {
  /**
   * Heads of this terminal over more than `afterSize` rows, oldest first, a page at a time; `more`: ask
   * again after the size of the last one. So heads of one size, which prove that a record was rewritten,
   * come on one page; where they are more than a page, those on it prove it.
   */
  readHeads(
    afterSize: number,
    options: CallOptions,
  ): Promise<
    Result<{ readonly heads: readonly JournalHead[]; readonly more: boolean }, RegistryTrouble>
  >;
}

/** What the other side can do; the conformance suite runs what is claimed. */
export interface RegistrySupport {
  readonly listByPerson: boolean;
  readonly exclusiveReservation: boolean;
  readonly signedPdf: boolean;
  readonly cardMaterial: boolean;
  /** Corrections and feedback of citizens. */
  readonly notes: boolean;
  /** Heads of the journal, which come with heartbeats and reports. */
  readonly journalHeads: boolean;
}

export interface Registry {
  readonly support: RegistrySupport;
  readonly claimants: ClaimantVerifier;
  readonly requests: RequestQueue;
  readonly documents: DocumentSource;
  readonly outcomes: OutcomeSink;
}
