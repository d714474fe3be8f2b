import type { DeviceProxy } from '../../devices/ports.ts';
import type { AttemptDetail } from '../attempt-detail.ts';
import type { AttemptRun } from '../attempt-run.ts';
import type { Finding } from '../finding.ts';
import { judgeOldCard } from '../judge/judge-old-card.ts';

/** What became of the old card that was to be captured, and the row for the ledger where it is in the bin. */
export interface OldCardSeen {
  readonly events: NonNullable<Finding['events']>;
  readonly detail: Pick<AttemptDetail, 'oldCardFate'>;
}

/** Looks at the slot after `captureCard`. `answered`: the command ended well, as far as anybody heard. */
export async function seeOldCard(
  run: AttemptRun,
  reader: DeviceProxy<'cardReader'> | null,
  answered: boolean,
): Promise<OldCardSeen> {
  const { attemptId, requestId, capturedBefore } = run.detail;
  const asked = await reader?.execute('getStatus', {}, { sessionId: run.sessionId });
  const status = asked?.ok === true ? asked.value : null;
  const oldCardFate = judgeOldCard({ answered, capturedBefore, status });
  if (oldCardFate !== 'captured') return { events: [], detail: { oldCardFate } };
  const capturedCount = status?.capturedCount ?? null;
  return {
    events: [{ kind: 'oldCard.captured', attemptId, requestId, capturedCount }],
    detail: { oldCardFate },
  };
}
