import { assert } from '../../base/assert.ts';
import type { DrawingItem, TextRun } from '../drawing-list.ts';
import { textWidthMm } from '../fonts.ts';
import { fitText, lineHeightMm, type FittedText } from '../text-fit.ts';
import type { Style } from './layout.ts';
import { fillTemplate, placeholdersOf, type Values } from './template.ts';

export interface LaidOut {
  readonly items: readonly DrawingItem[];
  /** Names of values that did not fit, never their text. */
  readonly abbreviated: readonly string[];
}

export interface TextBox {
  readonly xMm: number;
  readonly yMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly align: 'left' | 'center' | 'right';
  readonly maxLines: number;
}

/** Distance from the top of a line to its baseline, as a share of the line's height. */
const BASELINE_SHARE = 0.8;

/**
 * Text fitted into its box. Lines that fit at the nominal size stand at the top of the box; smaller ones
 * are centred in the height that the nominal line, or the box if they are several, would take.
 */
export function layOutText(
  template: string,
  values: Values,
  box: TextBox,
  style: Style | undefined,
): LaidOut {
  assert(style !== undefined, 'the layout was checked for its styles');
  const fitted = fitText(fillTemplate(template, values), { ...box, ...style }, (line) =>
    textWidthMm(style.face, line, 1),
  );
  return {
    items: placeLines(fitted, box, style),
    abbreviated: fitted.abbreviated ? placeholdersOf(template) : [],
  };
}

function placeLines(fitted: FittedText, box: TextBox, style: Style): TextRun[] {
  const blockMm = fitted.lines.length * fitted.lineHeightMm;
  const availableMm = fitted.lines.length > 1 ? box.heightMm : lineHeightMm(style.sizePt);
  const topMm = box.yMm + Math.max(0, Math.min(availableMm, box.heightMm) - blockMm) / 2;
  return fitted.lines.map((line, index) => {
    const slackMm = box.widthMm - textWidthMm(style.face, line, fitted.sizePt);
    const shift = { left: 0, center: slackMm / 2, right: slackMm }[box.align];
    return {
      kind: 'text',
      text: line,
      xMm: box.xMm + shift,
      baselineMm: topMm + (index + BASELINE_SHARE) * fitted.lineHeightMm,
      sizePt: fitted.sizePt,
      face: style.face,
      colour: style.colour,
    };
  });
}
