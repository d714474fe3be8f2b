import { assert } from '../base/assert.ts';
import type { PresentedFactor } from '../domain/claim.ts';
import type { Claim } from '../registry/ports.ts';
import type { CitizenProblem } from '../rpc/citizen-view.ts';
import type { SessionContext } from './context.ts';
import type { EndReason } from './events.ts';

/** Why the session ends follows from what the citizen is told; what is not here is a refusal. */
const endReasonOf: Readonly<Partial<Record<CitizenProblem, EndReason>>> = {
  dataWrong: 'finished',
  oldCardNotReturned: 'deviceTrouble',
  terminalStopping: 'outOfService',
  timedOut: 'timedOut',
  cancelled: 'cancelled',
};

const endReason = ({ problem }: SessionContext): EndReason =>
  problem === null ? 'finished' : (endReasonOf[problem.code] ?? 'failed');

export const endParams = ({ context }: { readonly context: SessionContext }) => ({
  reason: endReason(context),
  claimToken: context.claim?.claimToken ?? null,
});

export const factors = (context: SessionContext): PresentedFactor => {
  assert(context.presented !== null, 'a second factor follows a first');
  return context.presented;
};

export const claimOf = (context: SessionContext): Claim => {
  assert(context.claim !== null, 'the list follows a verified claim');
  return context.claim;
};

/** Where a presented factor leads: to the question that goes with it. */
export const afterFactor = [
  { guard: 'askedForPrintCode', target: '#session.active.enterPrintCode', actions: 'takeFactor' },
  { target: '#session.active.enterPin', actions: 'takeFactor' },
] as const;

const firstScreen = {
  eKtp: '#session.active.presentCard',
  code: '#session.active.presentCode',
  nik: '#session.active.enterNik',
} as const;

/** A citizen begins by touching the way they come. */
export const startWays = (['eKtp', 'code', 'nik'] as const).map((way) => ({
  guard: { type: 'wayIsOpen', params: { way } } as const,
  target: firstScreen[way],
  actions: { type: 'openSession', params: { trigger: 'touch' } } as const,
}));

export const leave = { target: '#session.leaving' } as const;

/** Of a state in which something of the citizen's is on its way: neither they nor a time limit end it. */
export const endsByItself = { 'choice.cancel': {}, 'time.out': {} } as const;

/** A citizen whose card the machine has, or may have, is never sent away without an officer. */
export const cardIsInside = ['oldCardIsInside', 'callOfficer', 'helpWasCalled'] as const;

/** Where an attempt that is over leads: to its result, once it is known where the old card is. */
export const afterAttempt = [
  {
    guard: 'oldCardIsLost',
    target: '#session.active.result',
    actions: ['takeSettled', ...cardIsInside],
  },
  { guard: 'cardHeldAfter', target: '#session.active.givingBack', actions: 'takeSettled' },
  { target: '#session.active.result', actions: 'takeSettled' },
] as const;
