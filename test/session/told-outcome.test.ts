import { describe, expect, it } from '@jest/globals';
import type { AttemptProblem } from '../../src/domain/attempt-problem.ts';
import type { AttemptSettlement } from '../../src/issuance/issuance.ts';
import type { CitizenProblem } from '../../src/rpc/citizen-view.ts';
import { settledAttempt } from '../../src/session/problems.ts';
import { fateOfCode } from '../ui/fate-of-code.ts';
import { delivered } from './bench.ts';

type Outcome = AttemptSettlement['outcome'];

/** What happened first, how the attempt ended, whether the code counts, and the only sentence that is true of it. */
const rows: readonly (readonly [AttemptProblem, Outcome, boolean, CitizenProblem])[] = [
  ['printFailedCardKept', 'spoiled', true, 'printFailedCardKept'],
  ['printFailedCardKept', 'spoiled', false, 'officerContinues'],
  ['printFailedCardKept', 'retracted', false, 'officerContinues'],
  ['printFailedCardKept', 'uncertain', false, 'outcomeUncertain'],
  ['strangeBlank', 'spoiled', true, 'strangeBlank'],
  ['strangeBlank', 'spoiled', false, 'officerContinues'],
  ['strangeBlank', 'uncertain', false, 'outcomeUncertain'],
  ['wrongBlanksOnly', 'notPrinted', true, 'wrongBlanksOnly'],
  ['notCollected', 'spoiled', true, 'printFailedCardKept'],
  ['notCollected', 'spoiled', false, 'officerContinues'],
  ['notCollected', 'retracted', false, 'notCollected'],
  ['notCollected', 'uncertain', false, 'outcomeUncertain'],
  ['outcomeUncertain', 'spoiled', true, 'printFailedCardKept'],
  ['outcomeUncertain', 'spoiled', false, 'officerContinues'],
  ['outcomeUncertain', 'retracted', false, 'officerContinues'],
  ['outcomeUncertain', 'uncertain', false, 'outcomeUncertain'],
  ['holderNotMatched', 'spoiled', false, 'holderNotMatched'],
  ['holderNotChecked', 'spoiled', false, 'holderNotChecked'],
  ['holderCheckNotPossible', 'notPrinted', true, 'holderCheckNotPossible'],
  ['holderNotMatched', 'uncertain', false, 'outcomeUncertain'],
  ['readerTrouble', 'notPrinted', true, 'oldCardSlotTrouble'],
  ['readerTrouble', 'spoiled', true, 'oldCardSlotTrouble'],
  ['readerTrouble', 'spoiled', false, 'officerContinues'],
  ['readerTrouble', 'uncertain', false, 'outcomeUncertain'],
  ['cancelled', 'notPrinted', true, 'terminalStopping'],
  ['cancelled', 'uncertain', false, 'outcomeUncertain'],
  ['paperUncertain', 'uncertain', true, 'paperUncertain'],
  ['paperUncertain', 'uncertain', false, 'limitReached'],
  ['printerTrouble', 'notPrinted', true, 'printerTrouble'],
  ['printerTrouble', 'uncertain', true, 'paperUncertain'],
  ['limitReached', 'notPrinted', false, 'limitReached'],
];

/** What is told of a card that the machine kept and that is not damaged. */
const keptWhole: Partial<Record<AttemptProblem, 'unprinted' | 'heldBack'>> = {
  strangeBlank: 'unprinted',
  holderNotMatched: 'heldBack',
  holderNotChecked: 'heldBack',
};

describe('the sentence of an attempt', () => {
  it.each(rows)('that met %s first and ended %s (code counts: %s) is %s', (...row) => {
    const [problem, outcome, codeStillCounts, told] = row;
    const settlement = { ...delivered, problem, outcome, codeStillCounts };
    const settled = settledAttempt(settlement);
    expect(settled.problem?.code).toBe(told);
    // No sentence promises a code that a terminal then refuses.
    expect([codeStillCounts, fateOfCode[told]]).not.toEqual([false, 'counts']);
    expect(settled.cardKept).toBe(outcome === 'spoiled' ? (keptWhole[problem] ?? null) : null);
  });
});
