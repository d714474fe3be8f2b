import { pagePrinterCommands } from '../../drivers/contract/page-printer.ts';
import { assertNever } from '../base/assert.ts';
import type { PaperStop } from '../domain/paper-stop.ts';
import type { AttemptSettlement } from '../issuance/issuance.ts';
import type { RegistryTrouble, VerifyRefusal } from '../registry/ports.ts';
import type { CitizenProblem, ProblemView } from '../rpc/citizen-view.ts';
import type { SettledAttempt } from './context.ts';
import type { NotSurrendered } from './old-card.ts';

export const problem = (code: CitizenProblem, params: ProblemView['params'] = {}): ProblemView => ({
  code,
  params,
});

export function problemOfTrouble(trouble: RegistryTrouble): ProblemView {
  switch (trouble.kind) {
    case 'unreachable':
      return problem('registryUnreachable');
    case 'noAnswer':
      return problem('registryNoAnswer');
    case 'nonsense':
      return problem('registryNonsense');
    default:
      return assertNever(trouble);
  }
}

/** What a refusal tells the citizen, and whether the same question is asked again. */
export function problemOfRefusal(refusal: VerifyRefusal | RegistryTrouble): {
  readonly problem: ProblemView;
  readonly mayRetry: boolean;
} {
  switch (refusal.kind) {
    case 'refused': {
      const { triesLeft } = refusal;
      // The registry does not say yet how long: only the next try is told to wait, or that it is locked.
      if (triesLeft === null) return { problem: problem('waitBeforeRetry'), mayRetry: false };
      if (triesLeft <= 0) return { problem: problem('triesUsedUp'), mayRetry: false };
      const code = triesLeft === 1 ? 'refusedLastTry' : 'refused';
      return { problem: problem(code, { triesLeft }), mayRetry: true };
    }
    case 'waitBeforeRetry':
      return {
        problem: problem('waitBeforeRetry', { waitSeconds: refusal.waitSeconds }),
        mayRetry: false,
      };
    case 'goToOffice':
      return { problem: problem('goToOffice', { office: refusal.office }), mayRetry: false };
    case 'locked':
    case 'codeUsed':
    case 'factorsNotAccepted':
      return { problem: problem(refusal.kind), mayRetry: false };
    case 'unreachable':
    case 'noAnswer':
    case 'nonsense':
      return { problem: problemOfTrouble(refusal), mayRetry: false };
    default:
      return assertNever(refusal);
  }
}

/** How long the job is waited for is counted from its start, so that the rest is never more than is told. */
export const problemOfStop = (cause: PaperStop): ProblemView =>
  problem('paperStopped', { cause, waitMinutes: pagePrinterCommands.printPdf.timeoutMs / 60_000 });

/** A settled attempt in the words of the session. Retries of paper wait for the citizen's own press. */
export function settledAttempt(settlement: AttemptSettlement): SettledAttempt {
  const { attemptId, outcome, codeStillCounts } = settlement;
  return {
    attemptId,
    outcome,
    codeStillCounts,
    codeUsed: outcome === 'delivered',
    cardKept: outcome === 'spoiled' ? cardKeptAfter(settlement.problem) : null,
    problem: problemOfSettlement(settlement),
    oldCard: oldCardOf(settlement.oldCard),
    mayRetryNow: settlement.mayRetryNow && outcome === 'spoiled',
  };
}

function cardKeptAfter(problem: AttemptSettlement['problem']): SettledAttempt['cardKept'] {
  if (problem === 'strangeBlank') return 'unprinted';
  return problem === 'holderNotMatched' || problem === 'holderNotChecked' ? 'heldBack' : null;
}

function problemOfSettlement(settlement: AttemptSettlement): ProblemView | null {
  const { problem: code, outcome, codeStillCounts, triesLeft } = settlement;
  if (code === null) return null;
  // The first trouble is told, and what followed may have made its sentence untrue: the outcome decides.
  if (outcome === 'uncertain' && code !== 'paperUncertain') {
    // Paper alone is uncertain without being frozen.
    return problem(codeStillCounts ? 'paperUncertain' : 'outcomeUncertain');
  }
  if (outcome === 'retracted' && code !== 'notCollected') return problem('officerContinues');
  if (code === 'wrongPrintCode') {
    if (triesLeft === 0) return problem('triesUsedUp');
    return problem(code, triesLeft === null ? {} : { triesLeft });
  }
  // An attempt is cancelled by the terminal alone: no screen offers it once a print has begun.
  if (code === 'cancelled') return problem('terminalStopping');
  if (code === 'paperUncertain' && !codeStillCounts) return problem('limitReached');
  const ofHolder = code === 'holderNotMatched' || code === 'holderNotChecked';
  if (outcome === 'spoiled' && !codeStillCounts && !ofHolder) {
    return problem('officerContinues');
  }
  if (outcome === 'spoiled' && (code === 'outcomeUncertain' || code === 'notCollected')) {
    return problem('printFailedCardKept');
  }
  return problem(code === 'readerTrouble' ? 'oldCardSlotTrouble' : code);
}

/** Issuance says `kept` of a card that its owner never gave away. */
const oldCardOf = (oldCard: AttemptSettlement['oldCard']): SettledAttempt['oldCard'] =>
  oldCard === 'kept' ? 'stillYours' : oldCard;

/** Why the slot took no old card, all of it said of a card that the citizen has. */
export function problemOfSurrender(why: NotSurrendered, office: string): ProblemView {
  switch (why) {
    case 'nothingInserted':
      return problem('oldCardNotInserted');
    case 'otherCard':
      return problem('otherCardInserted');
    case 'unreadable':
      return problem('oldCardAtOffice', { office });
    case 'trouble':
      return problem('oldCardNotTaken');
    default:
      return assertNever(why);
  }
}
