import type { JournalEventOf } from '../../src/journal/catalogue.ts';
import type { JournalTransaction } from '../../src/journal/journal.ts';

/** Owes the registry what is owed of this settlement, as issuance does: of a card in doubt its hold too. */
export function oweReport(
  tx: JournalTransaction,
  settled: JournalEventOf<'attempt.settled'>,
  terminalId: string,
): void {
  const { attemptId, requestId, outcome, evidence, faultCode, capturedOldCard } = settled;
  const inDoubt = outcome === 'uncertain' || outcome === 'spoiled';
  if (inDoubt) tx.enqueue(`hold:${attemptId}`, { kind: 'hold', attemptId });
  tx.enqueue(`outcomeReport:${attemptId}`, {
    kind: 'outcomeReport',
    report: {
      attemptId,
      requestId,
      terminalId,
      outcome,
      evidence,
      faultCode,
      capturedOldCard,
      blankSerial: settled.blank?.serial ?? null,
      blankBatch: settled.blank?.batch ?? null,
      settledAt: 0,
    },
  });
}
