import { SPOILED_LIMIT } from '../../src/issuance/time-limits.ts';

/**
 * Whether a request whose attempts came to these is still printed for the citizen: nothing of theirs moved, or
 * so few blanks were spoiled that another is taken.
 */
export const isStillOwed = (outcomes: readonly (string | null)[]): boolean =>
  outcomes.every((outcome) => outcome === 'notPrinted' || outcome === 'spoiled') &&
  outcomes.filter((outcome) => outcome === 'spoiled').length < SPOILED_LIMIT;
