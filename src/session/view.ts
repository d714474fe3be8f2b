import type { SnapshotFrom } from 'xstate';
import { assert, assertNever } from '../base/assert.ts';
import { documentKindSchema, mediaOf, type DocumentKind, type Mode } from '../domain/document.ts';
import type { PrintStep } from '../domain/print-step.ts';
import type { RequestReason } from '../domain/request.ts';
import {
  waySchema,
  type ListedDocumentView,
  type Screen,
  type SessionView,
} from '../rpc/citizen-view.ts';
import type { OfferedRequest, ServiceStatus, SessionContext } from './context.ts';
import type { sessionMachine } from './machine.ts';
import { canPrintHere, mayRepeatPaper, wantsOldCard, whyNotHere } from './offer.ts';
import type { SessionState } from './time-limits.ts';

export type SessionSnapshot = SnapshotFrom<typeof sessionMachine>;

/** The innermost state, by its own name. */
export function stateOf(snapshot: SessionSnapshot): SessionState {
  const { value } = snapshot;
  const name = typeof value === 'string' ? value : value.active;
  return name as SessionState;
}

const stepsOf = (request: OfferedRequest, checksHolder: boolean): PrintStep[] =>
  mediaOf[request.documentKind] === 'plainPaper'
    ? ['reserving', 'checking', 'printing']
    : [
        'reserving',
        'checking',
        'feeding',
        ...(request.documentKind === 'ktpEl' ? (['encoding'] as const) : []),
        'printing',
        // The one is over when the other begins, and a list has room for eight.
        checksHolder ? 'checkingHolder' : 'verifying',
        ...(wantsOldCard(request) ? (['capturingOldCard'] as const) : []),
        'presenting',
      ];

function listed(request: OfferedRequest, service: ServiceStatus): ListedDocumentView {
  const { requestId, documentKind, state, subjectName, authority, reason, pages } = request;
  const unavailable = whyNotHere(request, service);
  return { requestId, documentKind, state, subjectName, authority, reason, pages, unavailable };
}

function chosenOf(context: SessionContext): OfferedRequest {
  assert(context.chosen !== null, 'this screen is about a chosen document');
  return context.chosen;
}

/** Cards for residents of other countries are too rare for the welcome; their line in the list tells. */
function servedFirst(
  { scarce = {} }: ServiceStatus,
  documentKind: DocumentKind,
): { onlyFor?: RequestReason[] } {
  const reasons = documentKind === 'kk' ? undefined : scarce[documentKind];
  return reasons === undefined ? {} : { onlyFor: [...reasons] };
}

function welcome(service: ServiceStatus): Screen {
  return {
    name: 'welcome',
    documents: documentKindSchema.options.map((documentKind: DocumentKind) => ({
      documentKind,
      unavailable: service.documents[documentKind],
      ...servedFirst(service, documentKind),
    })),
    ways: waySchema.options.map((way) => ({ way, unavailable: service.ways[way] })),
  };
}

function resultOf(context: SessionContext): Screen {
  const { settled, requests, service } = context;
  assert(settled !== null, 'a result follows a settled attempt');
  assert(settled.oldCard !== 'held', 'a held card is given back before the result is told');
  const { documentKind, requestId } = chosenOf(context);
  return {
    name: 'result',
    documentKind,
    outcome: settled.outcome,
    referenceNumber: settled.attemptId,
    codeStillCounts: settled.codeStillCounts,
    codeUsed: settled.codeUsed,
    cardKept: settled.cardKept,
    oldCard: settled.oldCard,
    moreReady: requests.some((r) => r.requestId !== requestId && canPrintHere(r, service)),
    mayRepeat: mayRepeatPaper(context),
  };
}

/** The screen of a snapshot. States that pass at once show the screen they come from. */
export function screenOf(snapshot: SessionSnapshot): Screen {
  const { context } = snapshot;
  const state = stateOf(snapshot);
  switch (state) {
    case 'outOfService':
      return { name: 'outOfService', reason: context.service.outOfService ?? 'starting' };
    case 'idle':
      return welcome(context.service);
    case 'presentCard':
    case 'readingCard':
    case 'presentCode':
    case 'enterNik':
    case 'takeYourCard':
    case 'goodbye':
    case 'verifying':
      return { name: state };
    case 'leavingWithCardHeld':
      return { name: 'waitForOldCard' };
    case 'enterPin':
      return { name: 'enterPin', way: context.way ?? 'nik' };
    case 'enterPrintCode':
      return { name: 'enterPrintCode', documentKind: null };
    case 'enterDocumentCode':
      return { name: 'enterPrintCode', documentKind: chosenOf(context).documentKind };
    case 'listing':
      return { name: 'verifying' };
    case 'choosing':
      return {
        name: 'chooseDocument',
        claimantName: context.claim?.claimantName ?? '',
        documents: context.requests.map((request) => listed(request, context.service)),
      };
    case 'confirming': {
      const request = chosenOf(context);
      return {
        name: 'confirm',
        document: listed(request, context.service),
        oldCard: request.oldCardCaptured ? 'capturedBefore' : request.oldCard,
        issuingOffice: request.issuingOffice,
      };
    }
    case 'surrendering':
      return { name: 'surrenderCard', document: listed(chosenOf(context), context.service) };
    case 'settlingPaper':
    case 'printing': {
      if (context.fingerAsked !== null) return { name: 'placeFinger', ...context.fingerAsked };
      const request = chosenOf(context);
      const { documentKind } = request;
      const steps = stepsOf(request, context.checksHolder);
      return { name: 'printing', documentKind, step: context.step, steps };
    }
    case 'givingBack':
      return { name: 'waitForOldCard' };
    case 'takeCard':
      return {
        name: 'takeCard',
        documentKind: chosenOf(context).documentKind,
        reminded: context.takeReminded,
      };
    case 'takePaper':
    case 'checkPaper':
      return { name: 'takePaper', pages: chosenOf(context).pages ?? 1 };
    case 'result':
      return resultOf(context);
    case 'satisfaction':
      return { name: 'satisfaction', element: context.ikmElement };
    default:
      return assertNever(state);
  }
}

const uncancellable: ReadonlySet<SessionState> = new Set([
  'outOfService',
  'idle',
  'surrendering',
  'printing',
  'takeCard',
  'takePaper',
  'checkPaper',
  'settlingPaper',
  'givingBack',
  'leavingWithCardHeld',
  'result',
  'satisfaction',
  'takeYourCard',
  'goodbye',
]);

const withWayBack: ReadonlySet<SessionState> = new Set([
  'presentCard',
  'presentCode',
  'enterNik',
  'enterPin',
  'enterPrintCode',
  'confirming',
  'enterDocumentCode',
]);

/** The whole view; the runner adds what it alone knows: the number of the view and the time limit. */
export function viewOf(
  snapshot: SessionSnapshot,
  terminal: { readonly terminalId: string; readonly mode: Mode },
  runner: Pick<SessionView, 'viewId' | 'timeLimit'>,
): SessionView {
  const state = stateOf(snapshot);
  const { language, problem, helpCalled } = snapshot.context;
  return {
    ...runner,
    ...terminal,
    language,
    problem,
    helpCalled,
    screen: screenOf(snapshot),
    canCancel: !uncancellable.has(state),
    canGoBack: withWayBack.has(state),
  };
}
