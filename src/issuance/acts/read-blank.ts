import { assertNever } from '../../base/assert.ts';
import type { ResultOf } from '../../../drivers/contract/command.ts';
import type { cardPrinterCommands } from '../../../drivers/contract/card-printer.ts';
import { stockNumber } from '../../domain/words.ts';
import type { AttemptDetail } from '../attempt-detail.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { trouble, type Finding } from '../finding.ts';
import type { judgeBlank } from '../judge/judge-blank.ts';
import { strangerFound } from '../stock/strangers.ts';

/** Which blank may be written and printed; tests replace a rule to see that it matters. */
export interface BlankRules {
  readonly judgeBlank: typeof judgeBlank;
}

type Reading = ResultOf<(typeof cardPrinterCommands)['feedBlank']>;

/** Which row of the ledger the fed blank is, by what was read on it; a stranger is none of them. */
export function readBlank(
  run: AttemptRun,
  rules: BlankRules,
  at: { readonly feeder: string; readonly expected: NonNullable<AttemptDetail['blank']> },
  { serial: asRead, blankKind }: Reading,
): Pick<Finding, 'detail' | 'events'> {
  const { expected, feeder } = at;
  // Whatever carries a code can lie in a feeder: what is no stock number is not repeated in the record.
  const serial = stockNumber.safeParse(asRead).success ? asRead : null;
  const known = serial === null ? null : run.stock.find(serial);
  const senses = { serialReader: run.senses?.serialReader === true };
  const judged = rules.judgeBlank({ expected, serial, blankKind, known, senses });
  switch (judged.verdict) {
    case 'asExpected':
      return { detail: { blank: serial === null ? expected : { ...expected, source: 'read' } } };
    case 'outOfOrder': {
      const { kind, batch, serial: readSerial, place } = judged.blank;
      const { attemptId } = run.detail;
      return {
        detail: { blank: { kind, batch, serial: readSerial, source: 'read', place } },
        events: [
          {
            kind: 'blank.fedOutOfOrder',
            attemptId,
            feeder,
            expectedSerial: expected.serial,
            readSerial,
          },
        ],
      };
    }
    case 'stranger': {
      const { cause } = judged;
      return {
        // The card inside is no blank of the ledger, as far as anybody knows.
        detail: { blank: null, ...trouble(run.detail, 'strangeBlank', cause) },
        events: strangerFound(at, { serial, known, cause }, run.detail.attemptId),
      };
    }
    default:
      return assertNever(judged);
  }
}
