import { assertNever } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { ReportDelivery } from '../issuance/ports.ts';
import type { Journal } from '../journal/journal.ts';
import type { Deliver, Delivery, OutboxSender } from '../journal/outbox/outbox-sender.ts';
import type { OutcomeReceipt, Registry } from '../registry/ports.ts';

const DELIVERY_DEADLINE_MS = 15_000;

/** What issuance is told when the registry has answered a report. */
export interface ReportListener {
  receiptArrived(receipt: OutcomeReceipt): Promise<void>;
  conflictArrived(attemptId: string): Promise<void>;
}

const retry: Delivery = { end: 'retry' };
const done: Delivery = { end: 'done', events: [] };
const conflict: Delivery = { end: 'conflict', events: [] };

/**
 * Carries one message of the outbox to the registry. An answer we cannot use, nonsense included, is
 * tried again for ever; a refusal that repeating cannot change is a conflict for people.
 */
export function deliverTo(
  registry: Pick<Registry, 'outcomes' | 'requests'>,
  journal: () => Journal,
  listener: () => ReportListener,
): Deliver {
  return async ({ message, idempotencyKey }) => {
    const options = { deadlineMs: DELIVERY_DEADLINE_MS, idempotencyKey };
    switch (message.kind) {
      case 'outcomeReport': {
        const { attemptId } = message.report;
        const answer = await registry.outcomes.reportOutcome(
          message.report,
          journal().head(),
          options,
        );
        if (answer.ok) {
          await listener().receiptArrived(answer.value);
          const { receiptId, requestState } = answer.value;
          return {
            end: 'done',
            events: [{ kind: 'registry.outcomeReported', attemptId, receiptId, requestState }],
          };
        }
        if (answer.error.kind === 'conflict' || answer.error.kind === 'unknownReservation') {
          await listener().conflictArrived(attemptId);
          return conflict;
        }
        return retry;
      }
      case 'release':
      case 'hold': {
        const { attemptId } = message;
        const answer =
          message.kind === 'release'
            ? await registry.requests.release(attemptId, options)
            : await registry.requests.hold(attemptId, options);
        if (answer.ok) return done;
        // A registry that knows of no such reservation has nothing to give back or to freeze.
        return answer.error.kind === 'unknownReservation' ? done : retry;
      }
      case 'correction':
        return (await registry.outcomes.sendCorrection(message.correction, options)).ok
          ? done
          : retry;
      case 'feedback':
        return (await registry.outcomes.sendFeedback(message.feedback, options)).ok ? done : retry;
      default:
        return assertNever(message);
    }
  };
}

/** Lets issuance wait, for a while, until the registry has the report of an attempt. */
export function reportDelivery(
  journal: Journal,
  sender: () => OutboxSender,
  clock: Clock,
): ReportDelivery {
  return {
    deliverNow: (attemptId, deadlineMs) =>
      new Promise((resolve) => {
        const finish = (delivered: boolean): void => {
          timer.cancel();
          unsubscribe();
          resolve(delivered);
        };
        const timer = clock.after(deadlineMs, () => finish(false));
        const unsubscribe = journal.onAppended((rows) => {
          const reported = rows.some(
            ({ event }) =>
              event.kind === 'registry.outcomeReported' && event.attemptId === attemptId,
          );
          if (reported) finish(true);
        });
        sender().tryNow();
      }),
  };
}
