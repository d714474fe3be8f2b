import type { BiometricGuidance, FingerPosition } from '../../drivers/contract/biometric.ts';
import type { Evidence, Outcome, OutcomeDispute } from '../domain/attempt.ts';
import type { AttemptProblem } from '../domain/attempt-problem.ts';
import type { BlankKind, DocumentKind } from '../domain/document.ts';
import type { PaperStop } from '../domain/paper-stop.ts';
import type { PrintStep } from '../domain/print-step.ts';
import type { ListedRequest } from '../domain/request.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { OutcomeReceipt } from '../registry/ports.ts';
import type { ServedWhenScarce } from './stock/scarcity.ts';

/** Why a document kind cannot be printed now, in words that have a sentence on the welcome screen. */
export type KindUnavailable =
  | 'blanksOut'
  | 'printerInMaintenance'
  | 'paperOut'
  | 'readerInMaintenance'
  | 'outcomeUnresolved'
  | 'countersWentBack'
  | 'registryForgot'
  | 'testCardUnsettled'
  | 'strangeBlank'
  | 'countNeeded'
  | 'powerFailing';

export type KindAvailability =
  /**
   * `scarce`: some of its blanks are kept for the requests the office ranks first; absent: none are. `without`:
   * blanks that some of its requests need and that cannot be fed now; absent: all can.
   */
  | {
      readonly available: true;
      readonly scarce?: ServedWhenScarce;
      readonly without?: readonly BlankKind[];
    }
  | { readonly available: false; readonly reason: KindUnavailable };

export interface AttemptOrder {
  readonly sessionId: string;
  /** One DocumentRequest in one session; personal fields hang on it, the record holds only the id. */
  readonly caseId: string;
  readonly request: ListedRequest;
  readonly claimToken: string;
  /** Sent to the registry with the reservation and kept nowhere. */
  readonly printCode: string | null;
  /** The motorised reader holds the old card that the order says is to be captured. */
  readonly oldCardHeld: boolean;
}

export type AttemptProgress =
  | { readonly kind: 'step'; readonly step: PrintStep }
  /** The card lies at the exit and the record says so: the screen may say "take your card". */
  | { readonly kind: 'presented' }
  /** Still there after half of its time: the screen says it again. */
  | { readonly kind: 'takeReminder' }
  /** A card is stuck and a technician has to open the printer; the code still counts. */
  | { readonly kind: 'jammed' }
  /** The holder is to put a finger on the sensor; `guidance`: what the sensor wants of it. */
  | {
      readonly kind: 'fingerAsked';
      readonly finger: FingerPosition;
      readonly triesLeft: number;
      readonly guidance?: BiometricGuidance;
    }
  /** No finger told who stands here: the card waits inside for an officer's word. */
  | { readonly kind: 'waiverAwaited' }
  /** The printer has the job and does not go on with it; the attempt waits until its command ends. */
  | { readonly kind: 'paperStopped'; readonly stop: PaperStop }
  /** It goes on with the job. */
  | { readonly kind: 'paperGoesOn' }
  /** Nobody knows whether the paper came whole: the citizen is asked, and `sayPaper` answers. */
  | { readonly kind: 'paperUnclear'; readonly pages: number };

export interface AttemptSettlement {
  readonly attemptId: string;
  readonly outcome: Outcome;
  readonly evidence: Evidence;
  readonly problem: AttemptProblem | null;
  /** Set with `wrongPrintCode`. */
  readonly triesLeft: number | null;
  readonly blankSerial: string | null;
  /**
   * The same codes may be used again for this document at a terminal. False, too, where the entitlement
   * is kept and people have to go on with it.
   */
  readonly codeStillCounts: boolean;
  /** `held`: the motorised reader still has it, and the session gives it back or tries again with it. */
  readonly oldCard: 'notConcerned' | 'kept' | 'held' | 'captured' | 'uncertain';
  /**
   * The machine may start another attempt by itself: `spoiled` not more than twice, and only once the
   * registry has the report; or the citizen may repeat paper whose outcome nobody knows.
   */
  readonly mayRetryNow: boolean;
}

export interface RunningAttempt {
  readonly attemptId: string;
  /** Calls back with each progress, the latest one first if there is one. Returns the end of it. */
  onProgress(listener: (progress: AttemptProgress) => void): () => void;
  /**
   * Completes once evidence, stock fate and outbox row are committed. Rejects with `JournalWriteError`
   * alone: the record cannot be written, and core ends so that recovery finds out what happened.
   */
  readonly settled: Promise<AttemptSettlement>;
  /** Honoured until the first blank or sheet is about to move; later it does nothing. */
  cancelBeforeMotion(): void;
  /** The citizen's answer to `paperUnclear`. Without a pending question it does nothing. */
  sayPaper(taken: boolean): void;
}

export interface RecoverySummary {
  readonly visited: number;
  readonly byOutcome: Readonly<Record<Outcome, number>>;
  /** Attempts that wait for people. */
  readonly unresolved: readonly string[];
  /** An old card stood in the motorised reader and went to the capture bin for the desk. */
  readonly oldCardCaptured: boolean;
}

export interface Issuance {
  /** Visits every unsettled attempt. Runs once, before the first screen, and before any `start`. */
  recover(): Promise<RecoverySummary>;
  /** From the last known state of devices and stock; asks no device. */
  availability(): Readonly<Record<DocumentKind, KindAvailability>>;
  /** Asks the devices again, for `availability`; completes when they answered or timed out. */
  refresh(): Promise<void>;
  /**
   * Whether the old card that this request replaces fell into this terminal's capture bin in an earlier
   * attempt, by the record: it is not asked for again.
   */
  oldCardCaptured(requestId: string): boolean;
  /** One attempt at a time: a second `start` before the first settled is a fault of the caller. */
  start(order: AttemptOrder): RunningAttempt;
  /** Nothing new is printed from now on: what has not moved yet is cancelled, each further `start` refused. */
  close(): void;
  /** True from `start` until the attempt is settled. */
  underWay(): boolean;
  /**
   * A named officer vouches for the person at the terminal, and it is on record: the card is presented
   * unless a finger has settled it by then. Without a check of that attempt under way it does nothing.
   */
  waiveHolderCheck(attemptId: string): void;
  /**
   * What the record is to say of an answer to an `outcomeReport`, for the sender of the outbox to commit
   * together with the end of its message. Wakes a retry that waits for the registry to know.
   */
  receiptEvents(receipt: OutcomeReceipt): readonly JournalEvent[];
  /** The same where the registry holds something else of this attempt, or nothing: people decide. */
  conflictEvents(attemptId: string, why: OutcomeDispute): readonly JournalEvent[];
}
