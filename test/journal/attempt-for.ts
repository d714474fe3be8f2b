import { newId } from '../../src/base/ids.ts';
import type { JournalEventOf } from '../../src/journal/catalogue.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { oweReport } from './owed-report.ts';

/** Records an attempt for a case, up to an outcome or not. */
export async function attemptFor(
  journal: Journal,
  { sessionId, requestId }: { readonly sessionId: string; readonly requestId: string },
  end: 'open' | 'delivered' | 'uncertain' | 'heldBack',
): Promise<void> {
  const ids = { sessionId, requestId, attemptId: newId('att'), documentKind: 'kk' } as const;
  const to = end === 'uncertain' ? 'unresolved' : end === 'heldBack' ? end : 'printed';
  await journal.append({
    events: [
      { kind: 'attempt.stateEntered', ...ids, from: null, to: 'claiming' },
      { kind: 'attempt.stateEntered', attemptId: ids.attemptId, from: 'claiming', to },
    ],
  });
  if (end === 'open') return;
  const settled: JournalEventOf<'attempt.settled'> = {
    kind: 'attempt.settled',
    ...ids,
    outcome: end === 'heldBack' ? 'spoiled' : end,
    evidence: 'deviceReported',
    faultCode: null,
    blank: null,
    capturedOldCard: false,
  };
  await journal.append({
    events: [settled],
    also: (tx) => oweReport(tx, settled, journal.terminalId),
  });
}
