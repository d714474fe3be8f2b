import type { CommandResult } from '../../../drivers/contract/driver.ts';
import { assert } from '../../base/assert.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { sensorsOf, trouble, type Finding } from '../finding.ts';
import { isInside } from '../judge/sight.ts';
import { judgeBlank } from '../judge/judge-blank.ts';
import { fedTogether, judgeFeed, judgePrint } from '../judge/judge-card.ts';
import { doubleFeed } from '../stock/double-feed.ts';
import { faultOf } from './answered.ts';
import { countersNow, moveCard } from './card-command.ts';
import { cardOf, needsChip } from './prepare.ts';
import { chipStation } from './chip-station.ts';
import { readBlank, type BlankRules } from './read-blank.ts';

/** Error codes by which the printer says that no blank left the feeder. */
const FEED_REFUSALS = ['feederEmpty', 'mediaPresent'] as const;

/** Told as what the feeding came to, or as why it was not begun. */
const feederIsEmpty = (answer: CommandResult<'cardPrinter', 'feedBlank'>): boolean =>
  !answer.ok &&
  ((answer.error.kind === 'commandError' && answer.error.errorCode === 'feederEmpty') ||
    (answer.error.kind === 'notReady' && answer.error.reason === 'feederEmpty'));

export const blankRules: BlankRules = { judgeBlank };

export const feedUnder =
  (rules: BlankRules) =>
  async (run: AttemptRun): Promise<Finding> => {
    const { blank, feeder } = run.detail;
    assert(blank !== null && feeder !== null, 'a blank is expected from a feeder');
    const asked = { feeder, blankKind: blank.kind };
    const { answer, scene, said } = await moveCard(run, 'feedBlank', asked, FEED_REFUSALS);
    const read = answer.ok ? readBlank(run, rules, { feeder, expected: blank }, answer.value) : {};
    const cause = judgeFeed(scene);
    const code = fedTogether(scene) === null ? faultOf(answer) : 'doubleFed';
    const together = doubleFeed(run.deps.journal.reader, feeder, scene, run.detail.attemptId);
    const problem = feederIsEmpty(answer) ? 'blanksOut' : problemOf(cause);
    return {
      cause,
      facts: { ...said, ...sensorsOf(run.sight) },
      events: [...(read.events ?? []), ...together],
      detail: {
        ...(cause === 'done' ? {} : trouble(run.detail, problem, code)),
        ...read.detail,
      },
    };
  };

/** The last look at the blank before it is altered. */
export function checkBlank(run: AttemptRun): Promise<Finding> {
  const { blank, state, faultCode } = run.detail;
  if (faultCode !== null) return Promise.resolve({ cause: 'unfit' });
  const { blankKind, chipDigest } = cardOf(run);
  assert(blank?.kind === blankKind, 'a blank of the ordered kind is loaded');
  if (state === 'blankLoaded' && chipDigest !== null) {
    return Promise.resolve({ cause: 'doneChipNext', facts: { digest: chipDigest } });
  }
  return Promise.resolve({ cause: 'done', ...nextSide(run) });
}

export async function writeChip(run: AttemptRun): Promise<Finding> {
  const { documents } = run.deps;
  const written = await documents.writeChip(run.detail.attemptId, chipStation(run));
  const fault = written.ok
    ? written.value.digest === cardOf(run).chipDigest
      ? null
      : 'readBackDiffers'
    : written.error.kind;
  // It reads back as the intent says: that digest is on record already.
  return fault === null ? { cause: 'done' } : unfit(run, `chip.${fault}`);
}

export async function printSide(run: AttemptRun): Promise<Finding> {
  const side = run.card?.sides[run.sideIndex];
  assert(side !== undefined, 'there is a side to print');
  const moved = await moveCard(
    run,
    'printSide',
    {
      side: side.side,
      widthDots: side.widthDots,
      heightDots: side.heightDots,
      rgbBase64: side.rgb,
    },
    [],
  );
  const cause = judgePrint(moved.scene);
  return {
    cause,
    facts: { side: side.side, ...moved.said, ...sensorsOf(run.sight) },
    ...(cause === 'done'
      ? {}
      : { detail: trouble(run.detail, problemOf(cause), faultOf(moved.answer)) }),
  };
}

/** After the last side: the chip is read again, and the card is where it should be. */
export async function verify(run: AttemptRun): Promise<Finding> {
  if (run.card?.sides[run.sideIndex + 1] !== undefined) {
    run.sideIndex += 1;
    return { cause: 'moreSides', ...nextSide(run) };
  }
  run.sayStep('verifying');
  const { sight, senses } = run;
  if (senses?.cardPosition === true && (sight === null || !isInside(sight))) {
    return unfit(run, 'cardNotInside');
  }
  if (!needsChip(run)) return { cause: 'done' };
  const { documents } = run.deps;
  const read = await documents.verifyChip(run.detail.attemptId, chipStation(run));
  if (!read.ok) return unfit(run, `chip.${read.error.kind}`);
  return { cause: 'done', facts: { digest: read.value.digest } };
}

const nextSide = (run: AttemptRun): Pick<Finding, 'detail' | 'facts'> => {
  const side = run.card?.sides[run.sideIndex];
  return {
    detail: countersNow(run),
    facts: { ...(side === undefined ? {} : { side: side.side }), ...sensorsOf(run.sight) },
  };
};

const unfit = (run: AttemptRun, code: string): Finding => ({
  cause: 'unfit',
  detail: { ...trouble(run.detail, 'printFailedCardKept', code), ...countersNow(run) },
});

const problemOf = (cause: Finding['cause']) =>
  cause === 'nothingMoved' ? 'printerTrouble' : 'printFailedCardKept';
