import { assertNever } from '../../base/assert.ts';
import type { Mode } from '../../domain/document.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { DrawingItem, DrawingList } from '../drawing-list.ts';
import { unprintableCharacter } from '../fonts.ts';
import { qrModules } from '../qr.ts';
import { specimenMark } from '../specimen/mark.ts';
import { tidyText } from '../text-fit.ts';
import type { Layout, LayoutElement } from './layout.ts';
import { layOutRows } from './rows.ts';
import { layOutTable } from './table.ts';
import { fillTemplate, type Values } from './template.ts';
import { layOutText, type LaidOut } from './text.ts';

export interface DocumentData {
  readonly values: Values;
  /** The lines of the tables, in order; empty where the layout has none. */
  readonly rows: readonly Values[];
  readonly photo: Uint8Array | null;
}

export interface UnprintableText {
  readonly kind: 'unprintableText';
  /** Name of the value, and the character as `U+XXXX`. */
  readonly value: string;
  readonly character: string;
}

/** A page, and the names of the values that had to be abbreviated on it. */
export interface LaidOutPage {
  readonly list: DrawingList;
  readonly abbreviated: readonly string[];
}

/**
 * One layout and its data become one drawing list. In specimen mode the mark is its last item.
 * A character that the fonts lack is refused: a name is printed as it is, or not at all.
 */
export function layOut(
  layout: Layout,
  data: DocumentData,
  mode: Mode,
): Result<LaidOutPage, UnprintableText> {
  for (const values of [data.values, ...data.rows]) {
    for (const [value, text] of Object.entries(values)) {
      const character = unprintableCharacter(tidyText(text));
      if (character !== null) return err({ kind: 'unprintableText', value, character });
    }
  }
  const parts = layout.elements.map((element) => layOutElement(layout, element, data, mode));
  const items: DrawingItem[] = parts.flatMap((part) => part.items);
  if (mode === 'specimen') items.push(specimenMark(layout.widthMm, layout.heightMm));
  return ok({
    list: { widthMm: layout.widthMm, heightMm: layout.heightMm, items },
    abbreviated: parts.flatMap((part) => part.abbreviated),
  });
}

function layOutElement(
  layout: Layout,
  element: LayoutElement,
  data: DocumentData,
  mode: Mode,
): LaidOut {
  const only = (item: DrawingItem): LaidOut => ({ items: [item], abbreviated: [] });
  if ('modes' in element && !element.modes.includes(mode)) return { items: [], abbreviated: [] };
  switch (element.kind) {
    case 'text':
      return layOutText(element.text, data.values, element, layout.styles[element.style]);
    case 'rows':
      return layOutRows(layout, element, data.values);
    case 'table':
      return layOutTable(layout, element, data.rows);
    case 'line':
      return only(element);
    case 'rect':
      return only(element);
    case 'photo': {
      const { xMm, yMm, widthMm, heightMm } = element;
      if (data.photo === null) return { items: [], abbreviated: [] };
      return only({ kind: 'picture', jpeg: data.photo, xMm, yMm, widthMm, heightMm });
    }
    case 'qr': {
      const modules = qrModules(fillTemplate(element.text, data.values));
      return only({
        kind: 'qr',
        modules,
        xMm: element.xMm,
        yMm: element.yMm,
        sizeMm: element.sizeMm,
      });
    }
    default:
      return assertNever(element);
  }
}
