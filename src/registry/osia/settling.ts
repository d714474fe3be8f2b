import { digestOfJson } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Outcome, OutcomeCorrection, OutcomeReport } from '../../domain/attempt.ts';
import { mediaOf } from '../../domain/document.ts';
import type { RequestState } from '../../domain/request.ts';
import type { OutcomeReceipt, UnknownReservation } from '../ports.ts';
import { find, replaced, type Decision, type Ledger } from './attempts.ts';
import type { PrintAttempt } from './cms-record.ts';
import { requestStateOf, stageOf, written, type WrittenState } from './states.ts';

/** So many spoiled cards of one request are enough; an officer decides then. */
const SPOILED_LIMIT = 2;
/** Copies of one KK that may lie about when nobody knows whether a sheet came out. */
const PAPER_LIMIT = 2;

type Refusal = UnknownReservation | { readonly kind: 'conflict' };
type Settling = Decision<OutcomeReceipt, Refusal>;

const unknown: Settling = { write: null, answer: err({ kind: 'unknownReservation' }) };
const receipt = (
  attemptId: string,
  receiptId: string,
  requestState: RequestState,
): Result<OutcomeReceipt, Refusal> => ok({ attemptId, receiptId, requestState });

/** Two stories of one attempt, or one that was overtaken: whoever holds the request now waits for people. */
const conflict = ({ attempts }: Ledger, mine: PrintAttempt): Settling => ({
  write: {
    attempts: attempts.map((one) =>
      one.attemptId === mine.attemptId || one.state === 'held'
        ? { ...one, state: 'onHold' as const }
        : one,
    ),
    state: null,
  },
  answer: err({ kind: 'conflict' }),
});

/** One report of one attempt is carried out once, however often it comes. */
export function report(ledger: Ledger, told: OutcomeReport): Settling {
  const mine = find(ledger, told);
  if (mine === null) return unknown;
  const digest = digestOfJson({ ...told });
  if (mine.outcome !== null) {
    return mine.outcome.digest === digest
      ? { write: null, answer: receipt(told.attemptId, told.attemptId, mine.outcome.requestState) }
      : conflict(ledger, mine);
  }
  // Ended before it told: something else may have been printed since.
  const overtaken = mine.state === 'ended' && told.outcome !== 'notPrinted';
  if (overtaken || isTakenAway(ledger, told.outcome)) return conflict(ledger, mine);
  const freezes = mine.state === 'onHold' || staysOpen(ledger, told.outcome);
  const state = freezes ? 'onHold' : 'ended';
  return settle(ledger, { ...mine, state }, told.outcome, (requestState) => ({
    outcome: { word: told.outcome, digest, requestState },
    correction: null,
    receiptId: told.attemptId,
  }));
}

/** People decide what is held up for them, and nothing else. */
export function correct(ledger: Ledger, told: OutcomeCorrection): Settling {
  const mine = find(ledger, told);
  if (mine === null) return unknown;
  const digest = digestOfJson({ ...told });
  if (mine.correction !== null) {
    const { decisionId, requestState } = mine.correction;
    return mine.correction.digest === digest
      ? { write: null, answer: receipt(told.attemptId, decisionId, requestState) }
      : { write: null, answer: err({ kind: 'conflict' }) };
  }
  if (mine.state !== 'onHold' || isTakenAway(ledger, told.outcome)) return conflict(ledger, mine);
  const { decisionId, outcome } = told;
  return settle(ledger, { ...mine, state: 'ended' }, outcome, (requestState) => ({
    outcome: mine.outcome,
    correction: { decisionId, word: outcome, digest, requestState },
    receiptId: decisionId,
  }));
}

/** Nobody knows: a card waits for people, a KK only when too many copies may lie about. */
function staysOpen({ documentKind, attempts }: Ledger, outcome: Outcome): boolean {
  if (outcome !== 'uncertain') return false;
  const before = attempts.filter((one) => one.outcome?.word === 'uncertain').length;
  return mediaOf[documentKind] === 'controlledBlank' || before + 1 >= PAPER_LIMIT;
}

function settle(
  ledger: Ledger,
  mine: PrintAttempt,
  word: Outcome,
  note: (
    state: RequestState,
  ) => Pick<PrintAttempt, 'outcome' | 'correction'> & { readonly receiptId: string },
): Settling {
  const attempts = replaced(ledger.attempts, mine);
  const brought = stageOf(attempts) === 'onHold' ? null : broughtAbout(ledger, mine, word);
  const requestState = brought ?? stateAfter(ledger, attempts);
  const { receiptId, ...noted } = note(requestState);
  return {
    write: { attempts: replaced(attempts, { ...mine, ...noted }), state: brought },
    answer: receipt(mine.attemptId, receiptId, requestState),
  };
}

const stateAfter = (ledger: Ledger, attempts: readonly PrintAttempt[]): RequestState =>
  requestStateOf(ledger.status, ledger.credentials, stageOf(attempts));

/** What moves the request itself; all else is said by its attempts alone. */
function broughtAbout(ledger: Ledger, mine: PrintAttempt, word: Outcome): WrittenState | null {
  switch (word) {
    case 'delivered':
      return 'diserahkan';
    case 'retracted':
      return 'takDiambil';
    case 'spoiled': {
      const spoiled = ledger.attempts.filter(
        (one) => one.attemptId !== mine.attemptId && one.outcome?.word === 'spoiled',
      );
      return spoiled.length + 1 >= SPOILED_LIMIT ? 'gagalCetak' : null;
    }
    case 'notPrinted':
    case 'uncertain':
      return null;
  }
}

/** Somebody at the registry moved the request on: a document that may be out all the same is for people. */
const isTakenAway = ({ status }: Ledger, word: Outcome): boolean =>
  status !== written.mencetak.request && word !== 'notPrinted';
