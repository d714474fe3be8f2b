import * as z from 'zod';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { OutcomeSink, OutcomeReceipt, RegistryTrouble, UnknownReservation } from '../ports.ts';
import type { Decision, Ledger } from './attempts.ts';
import { readBody, type OsiaCaller } from './call.ts';
import type { RequestRecord } from './record.ts';
import { correct, report } from './settling.ts';

type Refusal = UnknownReservation | { readonly kind: 'conflict' };

/** No place in OSIA: neither notes of citizens nor heads of a journal. */
const notTaken = Promise.resolve(err({ kind: 'notTaken' as const }));

export function outcomeSink(parts: {
  readonly terminalId: string;
  readonly record: RequestRecord;
  readonly call: OsiaCaller;
  readonly clock: Clock;
}): OutcomeSink {
  const { terminalId, record, call, clock } = parts;

  /** Told first, then carried out to its end; what was left undone is done when the same comes again. */
  const settle = async (
    { requestId, attemptId }: { readonly requestId: string; readonly attemptId: string },
    deadlineMs: number,
    decide: (ledger: Ledger) => Decision<OutcomeReceipt, Refusal>,
  ): Promise<Result<OutcomeReceipt, Refusal | RegistryTrouble>> => {
    const end = clock.monotonicMs() + deadlineMs;
    const settled = await record.change<OutcomeReceipt, Refusal>(
      requestId,
      attemptId,
      deadlineMs,
      ({ ledger }) => decide(ledger),
    );
    if (!settled.ok) {
      const { error } = settled;
      return error.kind === 'noSuchRequest' ? err({ kind: 'unknownReservation' }) : err(error);
    }
    if (settled.value.requestState !== 'diserahkan') return settled;
    const active = await record.activate(
      requestId,
      attemptId,
      terminalId,
      end - clock.monotonicMs(),
    );
    if (active.ok) return settled;
    return active.error.kind === 'noSuchRequest'
      ? err({ kind: 'unknownReservation' })
      : err(active.error);
  };

  return {
    reportOutcome: (told, _head, { deadlineMs }) =>
      settle(told, deadlineMs, (ledger) => report(ledger, told)),
    correctOutcome: (told, _head, { deadlineMs }) =>
      settle(told, deadlineMs, (ledger) => correct(ledger, told)),
    sendCorrection: () => notTaken,
    sendFeedback: () => notTaken,
    heartbeat: async ({ terminalId: transactionId }, { deadlineMs }) => {
      // A question without consequences: whether token, registry and we understand each other.
      const answer = await call('findCredentialProfiles', { transactionId, body: [] }, deadlineMs);
      if (!answer.ok) return answer;
      if (answer.value.status === 404) return ok(undefined);
      const read = readBody(answer.value, z.array(z.unknown()));
      return read.ok ? ok(undefined) : read;
    },
  };
}
