import type { CitizenProblem } from '../rpc/citizen-view.ts';

/**
 * How long each question waits for an answer, in milliseconds; null where something else ends the wait
 * (the printer, the registry's deadline, the retraction of a card that nobody takes, the end of a
 * question about paper). Limits are data,
 * so that voice, large-text and reach modes may lengthen them.
 */
export const timeLimitsMs = {
  outOfService: null,
  idle: null,
  presentCard: 45_000,
  readingCard: null,
  presentCode: 45_000,
  enterNik: 90_000,
  enterPin: 60_000,
  enterPrintCode: 90_000,
  verifying: null,
  listing: null,
  choosing: 90_000,
  confirming: 90_000,
  enterDocumentCode: 90_000,
  surrendering: null,
  printing: null,
  takeCard: null,
  takePaper: 60_000,
  checkPaper: null,
  settlingPaper: null,
  givingBack: null,
  leavingWithCardHeld: null,
  result: 45_000,
  satisfaction: 20_000,
  takeYourCard: 30_000,
  goodbye: 12_000,
} as const satisfies Record<string, number | null>;

export type SessionState = keyof typeof timeLimitsMs;

/** A closing screen that tells what went wrong stays until its sentences can be read. */
const TROUBLE_TOLD_MS = 45_000;

/** The limit of a state, with the problem that its screen tells. */
export function timeLimitMs(state: SessionState, problem: CitizenProblem | null): number | null {
  const leftBySelf = problem === null || problem === 'timedOut' || problem === 'cancelled';
  return state === 'goodbye' && !leftBySelf ? TROUBLE_TOLD_MS : timeLimitsMs[state];
}

/** The screen asks "still there?" this long before the limit. */
export const WARN_BEFORE_MS = 15_000;

/** An extension gives the whole limit again, at most this often in one question. */
export const MAX_EXTENSIONS = 3;
