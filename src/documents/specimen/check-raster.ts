import { assert } from '../../base/assert.ts';
import { markMask, type Raster } from '../render/raster.ts';
import { CARD_HEIGHT_DOTS, CARD_HEIGHT_MM, CARD_WIDTH_DOTS, CARD_WIDTH_MM } from '../units.ts';
import { SPECIMEN_COLOUR, specimenMark } from './mark.ts';

/** The mark of a card covers some fifteen thousand dots; a mask of few would prove nothing. */
const LEAST_MASK_SHARE = 0.01;

const expectedColour = Number.parseInt(SPECIMEN_COLOUR.slice(1), 16);

let cardMask: Uint8Array | undefined;

/**
 * Whether the specimen mark lies uppermost on this card raster: every dot that the mark covers wholly has
 * the mark's colour. It looks at the dots themselves, not at how they came about.
 */
export function specimenMarkIsDrawn({ rgba, widthDots, heightDots }: Raster): boolean {
  assert(
    widthDots === CARD_WIDTH_DOTS && heightDots === CARD_HEIGHT_DOTS,
    'the raster is the canonical one of an ID-1 card',
  );
  assert(rgba.length === widthDots * heightDots * 4, 'the raster has four bytes a dot');
  cardMask ??= maskOfCard();
  return cardMask.every((dot, index) => {
    const at = index * 4;
    const seen = ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);
    return dot === 0 || seen === expectedColour;
  });
}

function maskOfCard(): Uint8Array {
  const mark = specimenMark(CARD_WIDTH_MM, CARD_HEIGHT_MM);
  const mask = markMask(mark, CARD_WIDTH_DOTS, CARD_HEIGHT_DOTS);
  const covered = mask.reduce((sum, dot) => sum + dot, 0);
  assert(covered > LEAST_MASK_SHARE * mask.length, 'the mark covers a visible share of the card');
  return mask;
}
