import { assertNever } from '../../base/assert.ts';
import type { TimerHandle } from '../../base/clock.ts';
import type { AttemptRun } from '../attempt-run.ts';

/**
 * Renews the lease while an attempt runs: a jam that waits for a technician, or many sheets, may outlast
 * it. A refusal changes nothing here, for what has moved cannot be called back; the report is what the
 * registry judges then. Call the result once the attempt has settled; it ends the watch.
 */
export function keepLease(run: AttemptRun): () => void {
  const { clock, registry } = run.deps;
  const { leaseLookMs, leaseReserveMs, registryMs } = run.limits;
  let timer: TimerHandle | null = null;
  let over = false;
  let renewedUntil = Number.NEGATIVE_INFINITY;

  const rest = (): void => {
    if (!over) timer = clock.after(leaseLookMs, () => void look());
  };
  const look = async (): Promise<void> => {
    const { leaseExpiresAt, settled, attemptId } = run.detail;
    if (settled) return;
    const endsAt = Math.max(leaseExpiresAt ?? Number.POSITIVE_INFINITY, renewedUntil);
    if (endsAt - clock.now() > leaseReserveMs) {
      rest();
      return;
    }
    const answer = await registry.requests.renew(attemptId, { deadlineMs: registryMs });
    if (answer.ok) {
      if (answer.value.state !== 'held') return;
      renewedUntil = answer.value.leaseExpiresAt;
      rest();
      return;
    }
    switch (answer.error.kind) {
      case 'unknownReservation':
        return;
      case 'unreachable':
      case 'noAnswer':
      case 'nonsense':
        rest();
        return;
      default:
        assertNever(answer.error);
    }
  };

  rest();
  return () => {
    over = true;
    timer?.cancel();
  };
}
