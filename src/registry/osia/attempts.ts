import { err, ok, type Result } from '../../base/result.ts';
import type { DocumentKind } from '../../domain/document.ts';
import type { RequestState } from '../../domain/request.ts';
import type { Reservation, ReserveRefusal, UnknownReservation } from '../ports.ts';
import type { PrintAttempt } from './cms-record.ts';
import { requestStateOf, stageOf, type WrittenState } from './states.ts';

const LEASE_MS = 10 * 60_000;
/** More attempts than this at one request are a matter for people. */
const MOST_ATTEMPTS = 20;

/** One credential request as far as its print attempts go. */
export interface Ledger {
  readonly requestId: string;
  readonly documentKind: DocumentKind;
  readonly status: string | undefined;
  readonly credentials: readonly string[];
  readonly attempts: readonly PrintAttempt[];
}

/** What is to be written, if anything, and what is answered once it stands. */
export interface Decision<T, E> {
  readonly write: {
    readonly attempts: readonly PrintAttempt[];
    /** null leaves the request's status as it is. */
    readonly state: WrittenState | null;
  } | null;
  readonly answer: Result<T, E>;
}

export interface Own {
  readonly attemptId: string;
  readonly terminalId: string;
}

export const stateOf = ({ status, credentials, attempts }: Ledger): RequestState =>
  requestStateOf(status, credentials, stageOf(attempts));

/** The attempt id is the key: one that stands in the record is answered as it stands. */
export const find = ({ attempts }: Ledger, { attemptId, terminalId }: Own): PrintAttempt | null =>
  attempts.find((one) => one.attemptId === attemptId && one.terminalId === terminalId) ?? null;

export const reservationOf = (requestId: string, own: PrintAttempt): Reservation => ({
  requestId,
  attemptId: own.attemptId,
  terminalId: own.terminalId,
  state: own.state,
  leaseExpiresAt: Date.parse(own.leaseExpiresAt),
});

export const replaced = (
  attempts: readonly PrintAttempt[],
  own: PrintAttempt,
): readonly PrintAttempt[] => attempts.map((one) => (one.attemptId === own.attemptId ? own : one));

const stays = <T, E>(answer: Result<T, E>): Decision<T, E> => ({ write: null, answer });
const until = (now: number): string => new Date(now + LEASE_MS).toISOString();
const isLapsed = (one: PrintAttempt, now: number): boolean =>
  one.state === 'held' && !one.printing && Date.parse(one.leaseExpiresAt) <= now;

export function reserve(
  ledger: Ledger,
  own: Own,
  now: number,
): Decision<Reservation, ReserveRefusal> {
  const mine = find(ledger, own);
  if (mine !== null) return stays(ok(reservationOf(ledger.requestId, mine)));
  const attempts = ledger.attempts.map((one) =>
    isLapsed(one, now) ? { ...one, state: 'ended' as const } : one,
  );
  if (attempts.some(({ state }) => state === 'held')) {
    return stays(err({ kind: 'reservedElsewhere' }));
  }
  if (stateOf({ ...ledger, attempts }) !== 'siapCetak') return stays(err({ kind: 'notReady' }));
  if (attempts.length >= MOST_ATTEMPTS) return stays(err({ kind: 'limitReached' }));
  const made: PrintAttempt = {
    ...own,
    state: 'held',
    printing: false,
    leaseExpiresAt: until(now),
    outcome: null,
    correction: null,
  };
  return {
    write: { attempts: [...attempts, made], state: null },
    answer: ok(reservationOf(ledger.requestId, made)),
  };
}

type OwnChange = (mine: PrintAttempt, now: number) => PrintAttempt;

/** Each changes only what is held still; whatever ended stays ended, and what people are to decide stays held up. */
export const renewed: OwnChange = (mine, now) => ({ ...mine, leaseExpiresAt: until(now) });
export const frozen: OwnChange = (mine) => ({ ...mine, state: 'onHold' });
export const ended: OwnChange = (mine) => ({ ...mine, state: 'ended' });

export function changeHeld(
  ledger: Ledger,
  own: Own,
  now: number,
  change: OwnChange,
): Decision<Reservation, UnknownReservation> {
  const mine = find(ledger, own);
  if (mine === null) return stays(err({ kind: 'unknownReservation' }));
  if (mine.state !== 'held') return stays(ok(reservationOf(ledger.requestId, mine)));
  const next = change(mine, now);
  return {
    write: { attempts: replaced(ledger.attempts, next), state: null },
    answer: ok(reservationOf(ledger.requestId, next)),
  };
}

/** Says, before any material is given, that it may be printed from now on. */
export function beginPrinting(
  ledger: Ledger,
  own: Own,
  now: number,
): Decision<Reservation, UnknownReservation> {
  const mine = find(ledger, own);
  if (mine?.state !== 'held' || isLapsed(mine, now)) {
    return stays(err({ kind: 'unknownReservation' }));
  }
  if (mine.printing) return stays(ok(reservationOf(ledger.requestId, mine)));
  return changeHeld(ledger, own, now, (held) => ({ ...held, printing: true }));
}
