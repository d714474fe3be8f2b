import type { Mark } from '../drawing-list.ts';
import { textWidthMm } from '../fonts.ts';

export const SPECIMEN_WORD = 'SPESIMEN';
export const SPECIMEN_COLOUR = '#c8102e';

/** Share of the diagonal that the word spans: on every page format it stays inside the edges. */
const SPAN = 0.74;
/** On large pages a broader line would hide what it crosses. */
const BROADEST_STROKE_MM = 0.6;
const FACE = 'bold';

/**
 * The mark of a page of this size. It follows from the size alone and is no part of any layout, so that
 * no layout can leave it out. Outlined, so that what lies beneath stays readable.
 */
export function specimenMark(widthMm: number, heightMm: number): Mark {
  const spanMm = SPAN * Math.hypot(widthMm, heightMm);
  const sizePt = spanMm / textWidthMm(FACE, SPECIMEN_WORD, 1);
  return {
    kind: 'mark',
    text: SPECIMEN_WORD,
    centreXMm: widthMm / 2,
    centreYMm: heightMm / 2,
    angleDegrees: (Math.atan2(heightMm, widthMm) * 180) / Math.PI,
    sizePt,
    strokeMm: Math.min(spanMm / 200, BROADEST_STROKE_MM),
    face: FACE,
    colour: SPECIMEN_COLOUR,
  };
}
