import type { Journal } from '../../../src/journal/journal.ts';
import { attemptTimeline } from '../../../src/journal/print-log.ts';

/**
 * Attempts whose timeline, which is found by indexes, differs from the rows that name them in the whole
 * chain: a state that may come late, but that the index of late rows does not know, would be left out.
 */
export function shortTimelines(journal: Journal): string[] {
  const named = new Map<string, number[]>();
  for (const { seq, event } of journal.rows(1, journal.size())) {
    if (!('attemptId' in event) || event.attemptId === null) continue;
    named.set(event.attemptId, [...(named.get(event.attemptId) ?? []), seq]);
  }
  return [...named].flatMap(([attemptId, seqs]) => {
    const found = attemptTimeline(journal.reader, attemptId).map(({ seq }) => seq);
    return found.join() === seqs.join()
      ? []
      : [`the timeline of ${attemptId} has rows ${found.join()} of ${seqs.join()}`];
  });
}
