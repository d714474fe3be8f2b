import type { KnownFactor, PresentedFactor } from '../domain/claim.ts';
import type { Claim } from '../registry/ports.ts';
import type { Choice } from '../rpc/citizen.ts';
import type { PrintStep } from '../domain/print-step.ts';
import type { IkmElement, ProblemView, Way } from '../rpc/citizen-view.ts';
import type { FingerAsked, OfferedRequest, ServiceStatus, SettledAttempt } from './context.ts';
import type { OldCardReturn } from './old-card.ts';

/** A citizen's choice, with the kind as event type: `choice.cancel`. */
export type ChoiceEvent = {
  [K in Choice['kind']]: { readonly type: `choice.${K}` } & Omit<
    Extract<Choice, { kind: K }>,
    'kind'
  >;
}[Choice['kind']];

/** Everything that can happen to a session. Effects answer with events of their own. */
export type SessionEvent =
  | ChoiceEvent
  | { readonly type: 'service.changed'; readonly service: ServiceStatus }
  /** Sent only where nothing moves and nobody is asked about what moved. */
  | { readonly type: 'terminal.stopping' }
  | { readonly type: 'card.inserted' }
  | { readonly type: 'card.removed' }
  | { readonly type: 'factor.presented'; readonly way: Way; readonly factor: PresentedFactor }
  | { readonly type: 'factor.rejected'; readonly way: Way; readonly problem: ProblemView }
  | { readonly type: 'claim.verified'; readonly claim: Claim }
  | { readonly type: 'claim.refused'; readonly problem: ProblemView; readonly mayRetry: boolean }
  | { readonly type: 'requests.listed'; readonly requests: readonly OfferedRequest[] }
  | { readonly type: 'requests.failed'; readonly problem: ProblemView }
  | { readonly type: 'oldCard.held' }
  /** Nothing of the citizen's is in the slot. */
  | { readonly type: 'oldCard.failed'; readonly problem: ProblemView }
  /** The slot was told to give back what it held, and this is proved of it. */
  | { readonly type: 'oldCard.handedBack'; readonly fate: OldCardReturn }
  | { readonly type: 'attempt.stepped'; readonly step: PrintStep }
  | { readonly type: 'attempt.presented' }
  | { readonly type: 'attempt.takeReminded' }
  | { readonly type: 'attempt.jammed'; readonly problem: ProblemView }
  | { readonly type: 'attempt.fingerAsked'; readonly asked: FingerAsked }
  | { readonly type: 'attempt.waiverAwaited'; readonly problem: ProblemView }
  | { readonly type: 'attempt.paperStopped'; readonly problem: ProblemView }
  | { readonly type: 'attempt.paperGoesOn' }
  | { readonly type: 'attempt.paperUnclear'; readonly problem: ProblemView }
  | { readonly type: 'attempt.settled'; readonly attempt: SettledAttempt }
  | { readonly type: 'time.out' };

/** What the machine asks of the world, as data; the runner carries it out. */
export type SessionEffect =
  | {
      readonly type: 'openSession';
      readonly params: { readonly trigger: 'touch' | 'card' | 'code' };
    }
  | { readonly type: 'readCard' }
  | { readonly type: 'parseNik'; readonly params: { readonly nik: string } }
  | {
      readonly type: 'verifyFactors';
      readonly params: { readonly presented: PresentedFactor; readonly known: KnownFactor };
    }
  | { readonly type: 'listRequests'; readonly params: { readonly claim: Claim } }
  | {
      readonly type: 'acceptOldCard';
      readonly params: {
        readonly requestId: string;
        readonly expectedUidHex: string;
        readonly issuingOffice: string;
      };
    }
  | { readonly type: 'returnOldCard' }
  | {
      readonly type: 'startAttempt';
      readonly params: {
        readonly presented: PresentedFactor;
        readonly claim: Claim;
        readonly request: OfferedRequest;
        readonly printCode: string | null;
        readonly oldCardHeld: boolean;
      };
    }
  | { readonly type: 'sayPaper'; readonly params: { readonly taken: boolean } }
  | { readonly type: 'sendCorrection'; readonly params: { readonly requestId: string } }
  | {
      readonly type: 'sendFeedback';
      readonly params: { readonly element: IkmElement; readonly score: number };
    }
  | { readonly type: 'callOfficer' }
  | {
      readonly type: 'endSession';
      readonly params: {
        readonly reason: EndReason;
        readonly claimToken: string | null;
      };
    };

export type EndReason =
  'finished' | 'cancelled' | 'timedOut' | 'failed' | 'deviceTrouble' | 'outOfService';
