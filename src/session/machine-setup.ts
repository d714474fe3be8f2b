import { assign, setup } from 'xstate';
import { assert } from '../base/assert.ts';
import { knownFactorFor } from '../domain/claim.ts';
import { ikmElementSchema } from '../rpc/citizen-view.ts';
import {
  nobody,
  nothingPersonal,
  type OfferedRequest,
  type ServiceStatus,
  type SessionContext,
  type SettledAttempt,
} from './context.ts';
import type { SessionEffect, SessionEvent } from './events.ts';
import { factors } from './transitions.ts';
import { canPrintHere, mayRepeatPaper, wantsOldCard, whyNothing } from './offer.ts';

type Params<T extends SessionEffect['type']> = Extract<
  SessionEffect,
  { readonly type: T; readonly params: unknown }
>['params'];

/** The transition only names an effect and its parameters; the runner carries it out. */
const effect = <T extends SessionEffect['type']>(): ((_: unknown, params: Params<T>) => void) => {
  return () => undefined;
};

/** The vocabulary of the machine: effects, changes of its memory, and conditions. */
export const sessionSetup = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionEvent,
    input: {} as { readonly service: ServiceStatus },
  },
  actions: {
    openSession: effect<'openSession'>(),
    readCard: () => undefined,
    parseNik: effect<'parseNik'>(),
    verifyFactors: effect<'verifyFactors'>(),
    listRequests: effect<'listRequests'>(),
    acceptOldCard: effect<'acceptOldCard'>(),
    returnOldCard: () => undefined,
    startAttempt: effect<'startAttempt'>(),
    sayPaper: effect<'sayPaper'>(),
    sendCorrection: effect<'sendCorrection'>(),
    sendFeedback: effect<'sendFeedback'>(),
    callOfficer: () => undefined,
    endSession: effect<'endSession'>(),

    wipe: assign(nothingPersonal),
    forgetCitizen: assign(nobody),
    takeService: assign(({ event }) =>
      event.type === 'service.changed' ? { service: event.service } : {},
    ),
    cardIsThere: assign({ cardPresent: true, cardUnread: false }),
    cardWaits: assign({ cardPresent: true, cardUnread: true }),
    cardIsGone: assign({ cardPresent: false, cardUnread: false }),
    takeLanguage: assign(({ event }) =>
      event.type === 'choice.setLanguage' ? { language: event.language } : {},
    ),
    helpWasCalled: assign({ helpCalled: true }),
    takeWay: assign((_, params: { readonly way: SessionContext['way'] }) => ({ way: params.way })),
    takeFactor: assign(({ event }) =>
      event.type === 'factor.presented'
        ? { presented: event.factor, way: event.way, problem: null }
        : {},
    ),
    takeClaim: assign(({ event }) =>
      event.type === 'claim.verified' ? { claim: event.claim, problem: null } : {},
    ),
    takeRequests: assign(({ event }) =>
      event.type === 'requests.listed' ? { requests: event.requests } : {},
    ),
    noteNothingReady: assign(({ context }) => {
      const code = whyNothing(context.requests, context.service);
      return { problem: code === null ? null : { code, params: {} } };
    }),
    chooseOnly: assign(({ context }) => ({ chosen: context.requests[0] ?? null })),
    takeChoice: assign(({ context, event }) =>
      event.type === 'choice.chooseDocument'
        ? {
            chosen: context.requests.find((r) => r.requestId === event.requestId) ?? null,
            problem: null,
          }
        : {},
    ),
    takePrintCode: assign(({ event }) =>
      event.type === 'choice.submitPrintCode' ? { printCode: event.printCode } : {},
    ),
    oldCardIsHeld: assign({ oldCardHeld: true, problem: null }),
    takeStep: assign(({ context, event }) =>
      event.type === 'attempt.stepped'
        ? {
            step: event.step,
            checksHolder: context.checksHolder || event.step === 'checkingHolder',
          }
        : {},
    ),
    takeFingerAsked: assign(({ event }) =>
      event.type === 'attempt.fingerAsked' ? { fingerAsked: event.asked } : {},
    ),
    forgetFinger: assign({ fingerAsked: null }),
    restartSteps: assign({
      step: 'reserving',
      fingerAsked: null,
      checksHolder: false,
      settled: null,
      takeReminded: false,
    }),
    remindToTake: assign({ takeReminded: true }),
    takeSettled: assign(({ context, event }) =>
      event.type === 'attempt.settled'
        ? {
            settled: event.attempt,
            problem: event.attempt.problem,
            chosen: withOldCard(context.chosen, event.attempt),
            oldCardHeld: event.attempt.oldCard === 'held',
          }
        : {},
    ),
    takeOldCardFate: assign(({ context, event }) =>
      event.type === 'oldCard.handedBack'
        ? {
            oldCardHeld: false,
            settled: context.settled === null ? null : { ...context.settled, oldCard: event.fate },
          }
        : {},
    ),
    oldCardIsInside: assign({ problem: { code: 'oldCardNotReturned' as const, params: {} } }),
    sendToOffice: assign(({ context }) => ({
      problem: {
        code: 'oldCardAtOffice' as const,
        params: { office: context.chosen?.issuingOffice ?? '' },
      },
    })),
    /** The registry has it as handed over by then, so no code is promised. */
    paperIsMissing: assign(({ context }) => ({
      problem: { code: 'paperMissing' as const, params: {} },
      settled:
        context.settled === null ? null : { ...context.settled, outcome: 'uncertain' as const },
    })),
    sayDataWrong: assign(({ context }) => ({
      problem: {
        code: 'dataWrong' as const,
        params: { office: context.chosen?.issuingOffice ?? '' },
      },
    })),
    forgetDocument: assign({ chosen: null, settled: null, printCode: null, problem: null }),
    forgetPrintCode: assign({ printCode: null }),
    forgetProblem: assign({ problem: null }),
    takeProblem: assign(({ event }) => ('problem' in event ? { problem: event.problem } : {})),
    sayWhy: assign(
      (_, params: { readonly code: 'timedOut' | 'cancelled' | 'terminalStopping' }) => ({
        problem: { code: params.code, params: {} },
      }),
    ),
    nextIkmElement: assign(({ context }) => {
      const elements = ikmElementSchema.options;
      const next = elements[(elements.indexOf(context.ikmElement) + 1) % elements.length];
      assert(next !== undefined, 'the survey has elements');
      return { ikmElement: next };
    }),
  },
  guards: {
    serves: ({ context }) => context.service.outOfService === null,
    servesNobody: ({ context }) => context.service.outOfService !== null,
    wayIsOpen: ({ context, event }, params: { readonly way: 'eKtp' | 'code' | 'nik' }) =>
      context.service.ways[params.way] === null &&
      (event.type !== 'choice.startWay' || event.way === params.way),
    askedForPrintCode: ({ event }) =>
      event.type === 'factor.presented' && knownFactorFor[event.factor.kind] === 'printCode',
    saysTheCard: ({ event }) =>
      (event.type === 'factor.presented' || event.type === 'factor.rejected') &&
      event.way === 'eKtp',
    helpIsNotCalled: ({ context }) => !context.helpCalled,
    onlyOneByCode: ({ context }) => {
      const [only, ...others] = context.requests;
      return (
        context.way === 'code' &&
        only !== undefined &&
        others.length === 0 &&
        canPrintHere(only, context.service)
      );
    },
    requestIsOffered: ({ context, event }) =>
      event.type === 'choice.chooseDocument' &&
      context.requests.some(
        (r) => r.requestId === event.requestId && canPrintHere(r, context.service),
      ),
    needsPrintCode: ({ context }) =>
      context.chosen?.needsPrintCode === true && context.printCode === null,
    needsOldCard: ({ context: { chosen, oldCardHeld } }) =>
      chosen !== null && wantsOldCard(chosen) && !oldCardHeld,
    oldCardIsUnnamed: ({ context: { chosen } }) =>
      chosen !== null && wantsOldCard(chosen) && chosen.oldCardUid === null,
    oldCardIsHeld: ({ context }) => context.oldCardHeld,
    oldCardIsBack: ({ event }) => event.type === 'oldCard.handedBack' && event.fate === 'returned',
    /** The citizen went back to the list while the slot held the card of what they had chosen. */
    documentWasLeft: ({ context, event }) =>
      context.settled === null && event.type === 'oldCard.handedBack' && event.fate === 'returned',
    noAttemptSettled: ({ context }) => context.settled === null,
    oldCardIsLost: ({ event }) =>
      event.type === 'attempt.settled' && event.attempt.oldCard === 'uncertain',
    mayRetry: ({ event }) => event.type === 'claim.refused' && event.mayRetry,
    wrongPrintCode: ({ event }) =>
      event.type === 'attempt.settled' && event.attempt.problem?.code === 'wrongPrintCode',
    retriesNow: ({ event }) => event.type === 'attempt.settled' && event.attempt.mayRetryNow,
    paperIsOut: ({ context, event }) =>
      event.type === 'attempt.settled' &&
      event.attempt.outcome === 'delivered' &&
      context.chosen?.documentKind === 'kk',
    cardHeldAfter: ({ event }) =>
      event.type === 'attempt.settled' && event.attempt.oldCard === 'held',
    cardLeft: ({ context }) => context.cardPresent && context.way === 'eKtp',
    mayRepeatPaper: ({ context }) => mayRepeatPaper(context),
  },
});

/** An attempt that captured the old card settles it for all further ones of this request. */
const withOldCard = (
  chosen: OfferedRequest | null,
  { oldCard }: SettledAttempt,
): OfferedRequest | null =>
  chosen !== null && oldCard === 'captured' ? { ...chosen, oldCardCaptured: true } : chosen;

/** The note that goes to the issuing office. */
export const correctionParams = ({
  context,
}: {
  readonly context: SessionContext;
}): Params<'sendCorrection'> => ({
  requestId: attemptParams({ context }).request.requestId,
});

/** Which card the slot is to take: the one the registry names, whatever was presented before. */
export function surrenderParams({
  context: { chosen },
}: {
  readonly context: SessionContext;
}): Params<'acceptOldCard'> {
  assert(chosen?.oldCardUid != null, 'a slot opens for a named card alone');
  const { requestId, oldCardUid, issuingOffice } = chosen;
  return { requestId, expectedUidHex: oldCardUid, issuingOffice };
}

/** Parameters of an attempt, from what the session has gathered. */
export function attemptParams({
  context,
}: {
  readonly context: SessionContext;
}): Params<'startAttempt'> {
  const { claim, chosen, printCode, oldCardHeld } = context;
  assert(claim !== null && chosen !== null, 'an attempt needs a claim and a chosen request');
  return { presented: factors(context), claim, request: chosen, printCode, oldCardHeld };
}
