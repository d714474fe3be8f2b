import { assert } from '../../base/assert.ts';
import type { AttemptDetail } from '../attempt-detail.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { sensorsOf, trouble, type Finding } from '../finding.ts';
import { isInside } from '../judge/sight.ts';
import { judgeFeed, judgePrint } from '../judge/judge-card.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import { faultOf } from './answered.ts';
import { countersNow, moveCard } from './card-command.ts';
import { cardOf, needsChip } from './prepare.ts';
import { chipChannel } from './chip-channel.ts';

/** Error codes by which the printer says that no blank left the feeder. */
const FEED_REFUSALS = ['feederEmpty', 'mediaPresent'] as const;

export async function feed(run: AttemptRun): Promise<Finding> {
  const { blank, feeder } = run.detail;
  assert(blank !== null && feeder !== null, 'a blank is expected from a feeder');
  const moved = await moveCard(run, 'feedBlank', { feeder, blankKind: blank.kind }, FEED_REFUSALS);
  const cause = judgeFeed(moved.scene);
  const events = [moved.event];
  const facts = sensorsOf(run.sight);
  if (cause !== 'done' || !moved.answer.ok) {
    const code = faultOf(moved.answer);
    const problem =
      code === 'wrongBlankKind'
        ? 'wrongBlanksOnly'
        : code === 'feederEmpty'
          ? 'blanksOut'
          : problemOf(cause);
    // What came is not the blank that the ledger expected: that one still lies in the feeder, and would
    // be taken for a forgery when it comes next if it were voided in place of the stray.
    const stray = code === 'wrongBlankKind' ? { blank: null } : {};
    return { cause, events, facts, detail: { ...trouble(run.detail, problem, code), ...stray } };
  }
  const { serial } = moved.answer.value;
  const read = serial === null ? { blank } : nameRead(run, blank, serial);
  return {
    cause,
    facts,
    events: [...events, ...('renamed' in read ? [read.renamed] : [])],
    detail: { blank: read.blank, ...('fault' in read ? read.fault : {}) },
  };
}

type Blank = NonNullable<AttemptDetail['blank']>;

/** Which row of the ledger the blank is whose serial was read. */
function nameRead(
  run: AttemptRun,
  expected: Blank,
  serial: string,
): { blank: Blank; renamed?: JournalEvent; fault?: Partial<AttemptDetail> } {
  if (serial === expected.serial) return { blank: { ...expected, source: 'read' } };
  const known = run.stock.find(serial);
  if (known === null) {
    return {
      blank: { ...expected, serial, source: 'read' },
      renamed: { kind: 'blank.renamed', expectedSerial: expected.serial, readSerial: serial },
      fault: trouble(run.detail, 'printFailedCardKept', 'blankUnknown'),
    };
  }
  const { kind, batch, place } = known;
  if (place === 'inFeeder') return { blank: { kind, batch, serial, source: 'read', place } };
  // A serial that was issued or voided before comes out of the feeder again: a forgery or a reader's error.
  return {
    blank: expected,
    fault: trouble(run.detail, 'printFailedCardKept', 'blankSeenBefore'),
  };
}

/** Which blank may be written and printed; tests replace a rule to see that it matters. */
export interface BlankRules {
  readonly kindFits: (blank: Blank, ordered: Blank['kind']) => boolean;
}

export const blankRules: BlankRules = {
  kindFits: (blank, ordered) => blank.kind === ordered,
};

/** The last look at the blank before it is altered. */
export const checkBlankUnder =
  (rules: BlankRules) =>
  (run: AttemptRun): Promise<Finding> => {
    const { blank, state, faultCode } = run.detail;
    assert(blank !== null, 'a blank is loaded');
    const material = cardOf(run);
    if (faultCode !== null) return Promise.resolve({ cause: 'unfit' });
    if (!rules.kindFits(blank, material.blankKind)) {
      return Promise.resolve({
        cause: 'unfit',
        detail: trouble(run.detail, 'wrongBlanksOnly', 'wrongBlankKind'),
      });
    }
    if (state === 'blankLoaded' && needsChip(run)) {
      const digest = run.deps.personaliser.digestOf(material);
      return Promise.resolve({ cause: 'doneChipNext', facts: { digest } });
    }
    return Promise.resolve({ cause: 'done', ...nextSide(run) });
  };

export async function writeChip(run: AttemptRun): Promise<Finding> {
  const content = cardOf(run);
  const written = await run.deps.personaliser.personalise(chipChannel(run), content);
  const fault = written.ok
    ? written.value.digest === run.deps.personaliser.digestOf(content)
      ? null
      : 'readBackDiffers'
    : written.error.kind;
  if (fault !== null) return unfit(run, `chip.${fault}`);
  return { cause: 'done', ...(written.ok ? { facts: { digest: written.value.digest } } : {}) };
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
      rgbBase64: Buffer.from(side.rgb).toString('base64'),
    },
    [],
  );
  const cause = judgePrint(moved.scene);
  return {
    cause,
    events: [moved.event],
    facts: { side: side.side, ...sensorsOf(run.sight) },
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
  const content = cardOf(run);
  const read = await run.deps.personaliser.verify(chipChannel(run), content);
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
