import { err, ok } from '../../base/result.ts';
import type { AttemptRun } from '../attempt-run.ts';
import type { ChipStation } from '../ports.ts';

/** The printer's contactless station, lent to the process that holds the document: the chip's bytes pass core by. */
export const chipStation = (run: AttemptRun): ChipStation => ({
  async lend(to) {
    const { cardPrinter, sessionId } = run;
    const lent = await cardPrinter.lend('transmitToChip', to, { sessionId });
    return lent.ok ? ok(undefined) : err({ kind: 'readerGone' });
  },
});
