import { nothingPersonal } from './context.ts';
import { attemptParams, correctionParams, sessionSetup, surrenderParams } from './machine-setup.ts';
import {
  afterAttempt,
  afterFactor,
  cardIsInside,
  claimOf,
  endParams,
  endsByItself,
  factors,
  leave,
  startWays,
} from './transitions.ts';

/**
 * The citizen session. Pure: `transition(sessionMachine, snapshot, event)` gives the next snapshot and
 * the effects as named actions. It uses neither `invoke` nor `after`: answers and time limits come in
 * as events, so that every path can be replayed.
 */
export const sessionMachine = sessionSetup.createMachine({
  id: 'session',
  context: ({ input }) => ({
    ...nothingPersonal,
    service: input.service,
    cardPresent: false,
    cardUnread: false,
    ikmElement: 'persyaratan',
  }),
  initial: 'idle',
  on: {
    'service.changed': { actions: 'takeService' },
    'card.inserted': { actions: 'cardIsThere' },
    'card.removed': { actions: 'cardIsGone' },
    'choice.setLanguage': { actions: 'takeLanguage' },
    'choice.callOfficer': {
      guard: 'helpIsNotCalled',
      actions: ['callOfficer', 'helpWasCalled'],
    },
  },
  states: {
    outOfService: {
      always: { guard: 'serves', target: 'idle' },
      on: { 'time.out': { actions: 'wipe' }, 'card.inserted': { actions: 'cardWaits' } },
    },
    idle: {
      entry: 'wipe',
      always: { guard: 'servesNobody', target: 'outOfService' },
      on: {
        'time.out': { actions: 'wipe' },
        'choice.startWay': startWays,
        'card.inserted': [
          {
            guard: { type: 'wayIsOpen', params: { way: 'eKtp' } },
            target: 'active.readingCard',
            actions: ['cardIsThere', { type: 'openSession', params: { trigger: 'card' } }],
          },
          { actions: 'cardWaits' },
        ],
        'factor.presented': afterFactor.map((branch) => ({
          ...branch,
          actions: [{ type: 'openSession', params: { trigger: 'code' } }, branch.actions] as const,
        })),
        'factor.rejected': {
          target: 'active.presentCode',
          actions: [{ type: 'openSession', params: { trigger: 'code' } }, 'takeProblem'],
        },
      },
    },
    active: {
      initial: 'presentCard',
      on: {
        'choice.cancel': {
          target: 'leaving',
          actions: { type: 'sayWhy', params: { code: 'cancelled' } },
        },
        'time.out': {
          target: 'leaving',
          actions: { type: 'sayWhy', params: { code: 'timedOut' } },
        },
        'terminal.stopping': [
          {
            guard: 'noAttemptSettled',
            target: 'leaving',
            actions: { type: 'sayWhy', params: { code: 'terminalStopping' } },
          },
          leave,
        ],
      },
      states: {
        presentCard: {
          entry: { type: 'takeWay', params: { way: 'eKtp' } },
          on: {
            'card.inserted': { target: 'readingCard', actions: ['cardIsThere', 'forgetProblem'] },
            'choice.back': leave,
          },
        },
        readingCard: {
          entry: [{ type: 'takeWay', params: { way: 'eKtp' } }, 'readCard'],
          on: {
            // A code that is scanned meanwhile says nothing of the card whose answer is awaited.
            'factor.presented': {
              guard: 'saysTheCard',
              target: 'enterPin',
              actions: 'takeFactor',
            },
            'factor.rejected': {
              guard: 'saysTheCard',
              target: 'presentCard',
              actions: 'takeProblem',
            },
          },
        },
        presentCode: {
          entry: { type: 'takeWay', params: { way: 'code' } },
          on: {
            'factor.presented': afterFactor,
            'factor.rejected': { actions: 'takeProblem' },
            'choice.back': leave,
          },
        },
        enterNik: {
          entry: { type: 'takeWay', params: { way: 'nik' } },
          on: {
            'choice.submitNik': {
              actions: { type: 'parseNik', params: ({ event }) => ({ nik: event.nik }) },
            },
            'factor.presented': afterFactor,
            'factor.rejected': { actions: 'takeProblem' },
            'choice.back': leave,
          },
        },
        enterPin: {
          on: {
            'choice.submitPin': {
              target: 'verifying',
              actions: {
                type: 'verifyFactors',
                params: ({ context, event }) => ({
                  presented: factors(context),
                  known: { kind: 'pin', pin: event.pin },
                }),
              },
            },
            'choice.back': leave,
          },
        },
        enterPrintCode: {
          on: {
            'choice.submitPrintCode': {
              target: 'verifying',
              actions: {
                type: 'verifyFactors',
                params: ({ context, event }) => ({
                  presented: factors(context),
                  known: { kind: 'printCode', printCode: event.printCode },
                }),
              },
            },
            'choice.back': leave,
          },
        },
        verifying: {
          entry: 'forgetProblem',
          on: {
            'claim.verified': { target: 'listing', actions: 'takeClaim' },
            'claim.refused': [
              {
                guard: ({ context, event }) => event.mayRetry && context.way === 'code',
                target: 'enterPrintCode',
                actions: 'takeProblem',
              },
              { guard: 'mayRetry', target: 'enterPin', actions: 'takeProblem' },
              { target: '#session.leaving', actions: 'takeProblem' },
            ],
          },
        },
        listing: {
          entry: { type: 'listRequests', params: ({ context }) => ({ claim: claimOf(context) }) },
          on: {
            'requests.listed': { target: 'listed', actions: ['takeRequests', 'noteNothingReady'] },
            'requests.failed': { target: '#session.leaving', actions: 'takeProblem' },
          },
        },
        listed: {
          always: [
            { guard: 'onlyOneByCode', target: 'confirming', actions: 'chooseOnly' },
            { target: 'choosing' },
          ],
        },
        choosing: {
          on: {
            'choice.chooseDocument': {
              guard: 'requestIsOffered',
              target: 'confirming',
              actions: 'takeChoice',
            },
            'choice.finish': leave,
          },
        },
        confirming: {
          on: {
            'choice.confirmPrint': { target: 'preparing', actions: 'forgetProblem' },
            'choice.back': [
              { guard: 'oldCardIsHeld', target: 'givingBack', actions: 'forgetDocument' },
              { target: 'choosing', actions: 'forgetDocument' },
            ],
            'choice.dataWrong': {
              target: '#session.leaving',
              actions: [{ type: 'sendCorrection', params: correctionParams }, 'sayDataWrong'],
            },
          },
        },
        preparing: {
          always: [
            { guard: 'oldCardIsUnnamed', target: 'confirming', actions: 'sendToOffice' },
            { guard: 'needsPrintCode', target: 'enterDocumentCode' },
            { guard: 'needsOldCard', target: 'surrendering' },
            { target: 'printing' },
          ],
        },
        enterDocumentCode: {
          on: {
            'choice.submitPrintCode': {
              target: 'preparing',
              actions: ['forgetProblem', 'takePrintCode'],
            },
            'choice.back': { target: 'confirming', actions: 'forgetProblem' },
          },
        },
        surrendering: {
          entry: { type: 'acceptOldCard', params: surrenderParams },
          on: {
            'oldCard.held': { target: 'printing', actions: 'oldCardIsHeld' },
            'oldCard.failed': { target: 'confirming', actions: 'takeProblem' },
            'oldCard.handedBack': {
              target: '#session.leaving',
              actions: ['takeOldCardFate', ...cardIsInside],
            },
            ...endsByItself,
          },
        },
        printing: {
          entry: ['restartSteps', { type: 'startAttempt', params: attemptParams }],
          on: {
            'attempt.stepped': { actions: ['forgetFinger', 'takeStep'] },
            'attempt.fingerAsked': { actions: 'takeFingerAsked' },
            'attempt.waiverAwaited': {
              actions: ['forgetFinger', 'takeProblem', 'callOfficer', 'helpWasCalled'],
            },
            'attempt.jammed': { actions: ['takeProblem', 'callOfficer', 'helpWasCalled'] },
            'attempt.paperStopped': { actions: 'takeProblem' },
            'attempt.paperGoesOn': { actions: 'forgetProblem' },
            'attempt.presented': { target: 'takeCard', actions: 'forgetProblem' },
            'attempt.paperUnclear': { target: 'checkPaper', actions: 'takeProblem' },
            'attempt.settled': [
              {
                guard: 'wrongPrintCode',
                target: 'enterDocumentCode',
                actions: ['takeSettled', 'forgetPrintCode'],
              },
              {
                guard: 'retriesNow',
                target: 'printing',
                reenter: true,
                actions: 'takeSettled',
              },
              { guard: 'paperIsOut', target: 'takePaper', actions: 'takeSettled' },
              ...afterAttempt,
            ],
            ...endsByItself,
          },
        },
        /** What is told of the old card waits for what the slot shows of it. */
        givingBack: {
          entry: 'returnOldCard',
          on: {
            'oldCard.handedBack': [
              { guard: 'documentWasLeft', target: 'choosing', actions: 'takeOldCardFate' },
              { guard: 'oldCardIsBack', target: 'result', actions: 'takeOldCardFate' },
              {
                guard: 'noAttemptSettled',
                target: '#session.leaving',
                actions: ['takeOldCardFate', ...cardIsInside],
              },
              { target: 'result', actions: ['takeOldCardFate', ...cardIsInside] },
            ],
            ...endsByItself,
          },
        },
        takeCard: {
          on: {
            'attempt.takeReminded': { actions: 'remindToTake' },
            'attempt.settled': afterAttempt,
            ...endsByItself,
          },
        },
        /** The printer reported every sheet; the citizen takes them, or says that some are missing. */
        takePaper: {
          on: {
            'choice.paperTaken': 'result',
            'choice.paperMissing': {
              target: 'result',
              actions: ['paperIsMissing', 'callOfficer', 'helpWasCalled'],
            },
            'time.out': 'result',
            'choice.cancel': {},
          },
        },
        /** Nobody knows whether the sheets came: the citizen's word settles it, and issuance ends the wait. */
        checkPaper: {
          on: {
            'choice.paperTaken': {
              target: 'settlingPaper',
              actions: { type: 'sayPaper', params: { taken: true } },
            },
            'choice.paperMissing': {
              target: 'settlingPaper',
              actions: { type: 'sayPaper', params: { taken: false } },
            },
            'attempt.settled': afterAttempt,
            ...endsByItself,
          },
        },
        settlingPaper: {
          on: { 'attempt.settled': afterAttempt, ...endsByItself },
        },
        result: {
          on: {
            'choice.repeatPrint': {
              guard: 'mayRepeatPaper',
              target: 'preparing',
              actions: 'forgetProblem',
            },
            'choice.another': { target: 'listing', actions: 'forgetDocument' },
            'choice.finish': { target: 'satisfaction', actions: 'forgetProblem' },
            'time.out': { target: 'satisfaction', actions: 'forgetProblem' },
            'choice.cancel': {},
          },
        },
        satisfaction: {
          on: {
            'choice.rate': {
              target: '#session.leaving',
              actions: {
                type: 'sendFeedback',
                params: ({ context, event }) => ({
                  element: context.ikmElement,
                  score: event.score,
                }),
              },
            },
            'choice.skipRating': leave,
            'choice.cancel': {},
            'time.out': leave,
          },
        },
      },
    },
    leaving: {
      always: [{ guard: 'oldCardIsHeld', target: 'leavingWithCardHeld' }, { target: 'ending' }],
    },
    leavingWithCardHeld: {
      entry: 'returnOldCard',
      on: {
        'oldCard.handedBack': [
          { guard: 'oldCardIsBack', target: 'ending', actions: 'takeOldCardFate' },
          { target: 'ending', actions: ['takeOldCardFate', ...cardIsInside] },
        ],
      },
    },
    ending: {
      entry: [{ type: 'endSession', params: endParams }, 'forgetCitizen'],
      always: [{ guard: 'cardLeft', target: 'takeYourCard' }, { target: 'goodbye' }],
    },
    takeYourCard: {
      on: {
        'card.removed': { target: 'goodbye', actions: 'cardIsGone' },
        'time.out': 'goodbye',
      },
    },
    goodbye: {
      exit: 'nextIkmElement',
      on: {
        'time.out': 'idle',
        'choice.finish': 'idle',
        'card.inserted': { actions: 'cardWaits' },
      },
    },
  },
});
