import type { SessionState } from './time-limits.ts';

/**
 * States that a stop of the terminal lets come to their end: a card or a sheet is on its way, lies at
 * the exit, or its fate hangs on an answer. Each of them ends by itself.
 */
const comesToItsEnd: ReadonlySet<SessionState> = new Set([
  'surrendering',
  'printing',
  'givingBack',
  'takeCard',
  'checkPaper',
  'settlingPaper',
]);

const outsideSession: ReadonlySet<SessionState> = new Set([
  'outOfService',
  'idle',
  'leavingWithCardHeld',
  'takeYourCard',
  'goodbye',
]);

/** Whether a session in this state is ended at once when the terminal stops. */
export const endsByStop = (state: SessionState): boolean =>
  !comesToItsEnd.has(state) && !outsideSession.has(state);
