import type { CardCounters } from '../../../drivers/contract/card-printer.ts';
import { binProves, growth, isInside, type Senses, type Sight } from './sight.ts';

/**
 * How the command ended: `done` by its own word; `notStarted`, of which the contract says that nothing
 * moved; `refused` by a code that means the same, but is a sensor's opinion; `failed` in any other way;
 * `unheard` when a restart lies between.
 */
export type CommandEnd = 'done' | 'notStarted' | 'refused' | 'failed' | 'unheard';

export interface Scene {
  readonly end: CommandEnd;
  readonly before: CardCounters | null;
  /** null: the device does not answer. */
  readonly sight: Sight | null;
  /**
   * null: the device has not told what it can sense. It may sense all or nothing, so that neither what it
   * reports nor its silence proves where a card is.
   */
  readonly senses: Senses | null;
}

/** Where a blank is that should be in the transport. */
export function judgeInside({ sight, senses }: Scene): 'inside' | 'tryBin' | 'atExit' | 'unproved' {
  if (sight === null || senses === null) return 'unproved';
  switch (sight.media) {
    case 'present':
    case 'entering':
      return 'inside';
    case 'jammed':
    case 'unknown':
      return binProves(senses) ? 'tryBin' : 'unproved';
    case 'atExit':
      return senses.retract ? 'atExit' : 'unproved';
    case 'notPresent':
      return 'unproved';
  }
}

/** How many blanks left the feeder at one command, where it counts more than one; null: no more are counted. */
export function fedTogether({ before, sight }: Pick<Scene, 'before' | 'sight'>): number | null {
  const fed = growth(before, sight?.counters ?? null)?.fed ?? 0;
  return fed > 1 ? fed : null;
}

/** Whether a blank left the feeder. Only a counter that stood still, or a refusal that is seen to be true, says no. */
export function judgeFeed(
  scene: Scene,
): 'done' | 'nothingMoved' | 'inside' | 'tryBin' | 'unproved' {
  const { end, sight, senses } = scene;
  if (senses === null) return 'unproved';
  if (sight === null) return end === 'done' ? 'inside' : 'unproved';
  const grown = growth(scene.before, sight.counters);
  const counterLost = grown === null && senses.counters;
  if (counterLost || fedTogether(scene) !== null) return inTransport(scene);
  if (end === 'done') return grown?.fed === 0 ? inTransport(scene) : 'done';
  const said = end === 'refused' || end === 'notStarted';
  if (isInside(sight)) return said && grown?.fed === 0 ? 'nothingMoved' : 'inside';
  if (grown !== null) {
    const stoodStill = grown.fed === 0 && (sight.media === 'notPresent' || said);
    return stoodStill ? 'nothingMoved' : inTransport(scene);
  }
  // Nothing counts: an empty feeder is believed only where the empty transport is seen as well.
  const seenEmpty = end === 'refused' && sight.media === 'notPresent';
  return seenEmpty || end === 'notStarted' ? 'nothingMoved' : inTransport(scene);
}

/** One side more, as far as the device counts; a side that may be half printed is never tried again. */
export function judgePrint(scene: Scene): 'done' | ReturnType<typeof judgeInside> {
  const { end, sight, senses } = scene;
  const where = judgeInside(scene);
  if (end !== 'done' || sight === null || senses === null) return where;
  if (sight.media === 'notPresent' || where === 'atExit') return where;
  if (!senses.counters) return 'done';
  return growth(scene.before, sight.counters)?.printedSides === 1 ? 'done' : where;
}

/** Where the card is after it was, or may have been, presented. */
export function judgeExit(
  scene: Scene,
): 'atExit' | 'leftAtExit' | 'taken' | 'presentedUnseen' | 'inside' | 'unproved' {
  const { end, sight, senses } = scene;
  if (senses === null) return 'unproved';
  if (sight === null) return end === 'done' && !senses.exitSensor ? 'presentedUnseen' : 'unproved';
  const grown = growth(scene.before, sight.counters);
  if (sight.media === 'atExit') return senses.retract ? 'atExit' : 'leftAtExit';
  if (isInside(sight)) return grown === null || grown.taken === 0 ? 'inside' : 'unproved';
  if (!senses.exitSensor) {
    const counted = grown?.presented === 1 && grown.rejected + grown.retracted === 0;
    const proved = senses.counters ? counted : end === 'done';
    return proved && sight.media !== 'jammed' ? 'presentedUnseen' : 'unproved';
  }
  // Gone from the exit proves a taker only where the counts of both bins stood still.
  const wentOut = grown?.taken === 1 && grown.retracted === 0 && grown.rejected === 0;
  return wentOut ? 'taken' : 'unproved';
}

export function judgeRetract(
  scene: Scene,
): 'done' | 'taken' | 'atExit' | 'leftAtExit' | 'inside' | 'unproved' {
  const { end, sight, senses } = scene;
  if (sight === null || senses === null) return 'unproved';
  const grown = growth(scene.before, sight.counters);
  if (sight.media === 'atExit') return end === 'unheard' ? 'atExit' : 'leftAtExit';
  if (isInside(sight)) return 'inside';
  if (!senses.counters) {
    return end === 'done' && sight.media === 'notPresent' ? 'done' : 'unproved';
  }
  if (grown === null) return 'unproved';
  if (grown.retracted === 1 && grown.taken === 0) return 'done';
  return grown.taken === 1 && grown.retracted === 0 ? 'taken' : 'unproved';
}

export function judgeReject(scene: Scene): 'done' | 'inside' | 'tryBin' | 'unproved' {
  const { end, sight, senses } = scene;
  if (sight === null || senses === null) return 'unproved';
  if (binProves(senses)) {
    const grown = growth(scene.before, sight.counters);
    if (grown === null || grown.rejected > 1) return 'unproved';
    if (grown.rejected === 1) return isInside(sight) ? 'unproved' : 'done';
    if (isInside(sight)) return 'inside';
    const unseen = sight.media === 'unknown' || sight.media === 'jammed';
    return unseen ? 'tryBin' : 'unproved';
  }
  if (isInside(sight)) return senses.rejectBin ? 'inside' : 'unproved';
  // No count: the device's word and its empty transport together.
  const emptied = end === 'done' && senses.cardPosition && sight.media === 'notPresent';
  return senses.rejectBin && emptied ? 'done' : 'unproved';
}

function inTransport(scene: Scene): 'inside' | 'tryBin' | 'unproved' {
  const where = judgeInside(scene);
  return where === 'atExit' ? 'unproved' : where;
}
