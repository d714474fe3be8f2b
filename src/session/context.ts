import type { EKtpIdentity } from '../../drivers/contract/card-reader.ts';
import type { BiometricGuidance, FingerPosition } from '../../drivers/contract/biometric.ts';
import type { PresentedFactor } from '../domain/claim.ts';
import type { BlankKind, DocumentKind } from '../domain/document.ts';
import type { PrintStep } from '../domain/print-step.ts';
import type { ListedRequest } from '../domain/request.ts';
import type {
  IkmElement,
  Language,
  OldCardFate,
  OutOfServiceReason,
  ProblemView,
  UnavailableReason,
  Way,
} from '../rpc/citizen-view.ts';
import type { ServedWhenScarce } from '../issuance/stock/scarcity.ts';
import type { Claim } from '../registry/ports.ts';

/** What the terminal can do now, as the welcome and the list tell it. */
export interface ServiceStatus {
  /** Why nobody is served; null when at least one document can be printed. */
  readonly outOfService: OutOfServiceReason | null;
  readonly documents: Readonly<Record<DocumentKind, UnavailableReason | null>>;
  /** Blanks are few: of these kinds only some requests are served. Absent: none is scarce. */
  readonly scarce?: ServedWhenScarce;
  /** Blanks that cannot be fed now, of documents that can be printed for others. Absent: there are none. */
  readonly without?: readonly BlankKind[];
  readonly ways: Readonly<Record<Way, UnavailableReason | null>>;
}

/** A listed request with what the record of this terminal adds to it. */
export type OfferedRequest = ListedRequest & {
  /** The old card fell into the bin in an earlier attempt: nobody asks for it again. */
  readonly oldCardCaptured: boolean;
};

/** What became of an attempt, as far as the session needs it. */
export interface SettledAttempt {
  readonly attemptId: string;
  readonly outcome: 'delivered' | 'notPrinted' | 'spoiled' | 'retracted' | 'uncertain';
  readonly problem: ProblemView | null;
  readonly codeStillCounts: boolean;
  readonly codeUsed: boolean;
  /**
   * What the machine kept, where it is no damaged card: no blank of this terminal's, which bears nothing
   * (`unprinted`), or a card printed well whose holder is not known (`heldBack`). Both wait for people.
   */
  readonly cardKept: 'unprinted' | 'heldBack' | null;
  /** `held`: the slot has it, and the machine tries again with it or gives it back. */
  readonly oldCard: OldCardFate | 'held';
  /** The machine may try again at once with a new blank. */
  readonly mayRetryNow: boolean;
}

export interface FingerAsked {
  readonly finger: FingerPosition;
  readonly guidance: BiometricGuidance | null;
  readonly again: boolean;
}

/** Everything of one citizen lives here and is gone with `wiped`. */
export interface SessionContext {
  readonly service: ServiceStatus;
  readonly cardPresent: boolean;
  /** It was put there while nobody could begin with a card, and is read as soon as somebody can. */
  readonly cardUnread: boolean;
  readonly language: Language;
  readonly way: Way | null;
  readonly presented: PresentedFactor | null;
  readonly claim: Claim | null;
  readonly requests: readonly OfferedRequest[];
  readonly chosen: OfferedRequest | null;
  readonly printCode: string | null;
  readonly step: PrintStep;
  /** The finger that the printed card waits for. */
  readonly fingerAsked: FingerAsked | null;
  /** This print asked, or asks, whose card it is. */
  readonly checksHolder: boolean;
  readonly settled: SettledAttempt | null;
  readonly oldCardHeld: boolean;
  /** The new card has lain at the exit for a while. */
  readonly takeReminded: boolean;
  readonly problem: ProblemView | null;
  readonly helpCalled: boolean;
  readonly ikmElement: IkmElement;
}

export type IdentityRead = EKtpIdentity;

/** Who the citizen is and what they came for: gone as soon as the session has ended. */
export const nobody = {
  presented: null,
  claim: null,
  requests: [],
  chosen: null,
  printCode: null,
  step: 'reserving',
  fingerAsked: null,
  checksHolder: false,
  settled: null,
  oldCardHeld: false,
  takeReminded: false,
} as const satisfies Partial<SessionContext>;

/** Also what the closing screens still need, up to the next citizen. */
export const nothingPersonal = {
  ...nobody,
  language: 'id',
  way: null,
  problem: null,
  helpCalled: false,
} as const satisfies Partial<SessionContext>;
