import { assertNever } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import type { Issuance } from '../issuance/issuance.ts';
import type { Journal } from '../journal/journal.ts';
import type { Deliver, Delivery } from '../journal/outbox/outbox-sender.ts';
import type { NotTaken, Registry, RegistryTrouble } from '../registry/ports.ts';

const DELIVERY_DEADLINE_MS = 15_000;

/** What the record is to say of the registry's answers to reports. */
export type ReportEvents = Pick<Issuance, 'receiptEvents' | 'conflictEvents'>;

const retry: Delivery = { end: 'retry' };
const done: Delivery = { end: 'done', events: () => [] };

/**
 * Carries one message of the outbox to the registry. An answer we cannot use, nonsense included, is
 * tried again for ever; a refusal that repeating cannot change is a conflict for people.
 */
export function deliverTo(
  registry: Pick<Registry, 'outcomes' | 'requests'>,
  journal: Pick<Journal, 'head'>,
  says: ReportEvents,
): Deliver {
  return async ({ message, idempotencyKey }) => {
    const options = { deadlineMs: DELIVERY_DEADLINE_MS, idempotencyKey };
    switch (message.kind) {
      case 'outcomeReport': {
        const { attemptId } = message.report;
        const answer = await registry.outcomes.reportOutcome(
          message.report,
          journal.head(),
          options,
        );
        if (answer.ok) return { end: 'done', events: () => says.receiptEvents(answer.value) };
        const { kind } = answer.error;
        return kind === 'conflict' || kind === 'unknownReservation'
          ? { end: 'conflict', events: () => says.conflictEvents(attemptId, kind) }
          : retry;
      }
      case 'outcomeCorrection': {
        const { attemptId, outcome } = message.correction;
        const answer = await registry.outcomes.correctOutcome(
          message.correction,
          journal.head(),
          options,
        );
        if (answer.ok) return { end: 'done', events: () => says.receiptEvents(answer.value) };
        const { kind } = answer.error;
        // A registry that never heard of an attempt has nothing to correct where nothing was printed.
        if (kind === 'unknownReservation' && outcome === 'notPrinted') return done;
        return kind === 'conflict' || kind === 'unknownReservation'
          ? { end: 'conflict', events: () => says.conflictEvents(attemptId, kind) }
          : retry;
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
        return noteDelivery(await registry.outcomes.sendCorrection(message.correction, options));
      case 'feedback':
        return noteDelivery(await registry.outcomes.sendFeedback(message.feedback, options));
      default:
        return assertNever(message);
    }
  };
}

/** A registry that has no place for notes will have none tomorrow. */
function noteDelivery(answer: Result<void, NotTaken | RegistryTrouble>): Delivery {
  return answer.ok || answer.error.kind === 'notTaken' ? done : retry;
}
