import { assertNever } from '../../src/base/assert.ts';
import { away } from '../contract/status-teller.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { ClientError } from './printer-client.ts';

/** The status of a printer that gave no account of itself; each way has a reason of its own. */
export function statusWithout(error: ClientError): CommonStatus {
  switch (error.kind) {
    case 'unreachable':
      return away('unreachable');
    case 'timedOut':
      return { state: 'hardwareError', reasons: ['answersTooLate'], requiredAction: 'reset' };
    case 'brokenOff':
      // A port behind which nobody is, as of a forwarded one, hangs up at once.
      if (!error.answerBegun) return away('unreachable');
      return { state: 'hardwareError', reasons: ['answerBrokenOff'], requiredAction: 'reset' };
    case 'notIpp':
      return misfitting('answerNotIpp');
    case 'refused':
      return misfitting(
        error.statusCode === 'client-error-not-found' ? 'noSuchQueue' : 'accessRefused',
      );
    case 'unclear':
      return { state: 'hardwareError', reasons: ['answerUnclear'], requiredAction: 'reset' };
    default:
      return assertNever(error);
  }
}

/** What people configured is not what answers. */
export const misfitting = (reason: string): CommonStatus => ({
  state: 'userError',
  reasons: [reason],
  requiredAction: 'configuration',
});

/** A job of a session that is over may still print: nothing else does before it is gone. */
export const OLD_JOB = 'oldJobInQueue';

/** The status of a printer that may still print such a job; what keeps it from printing stays the first reason. */
export const withOldJob = <S extends CommonStatus>(status: S): S =>
  status.state === 'online'
    ? {
        ...status,
        state: 'hardwareError',
        reasons: [OLD_JOB, ...status.reasons],
        requiredAction: 'reset',
      }
    : { ...status, reasons: [...status.reasons, OLD_JOB] };
