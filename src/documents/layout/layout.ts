import * as z from 'zod';
import { lineHeightMm } from '../text-fit.ts';

const mm = z.number().min(0).max(500);
const sizeMm = z.number().positive().max(500);
const sizePt = z.number().min(3).max(72);
const colour = z.string().regex(/^#[0-9a-f]{6}$/);
const box = { xMm: mm, yMm: mm, widthMm: sizeMm, heightMm: sizeMm };

/** Text with places for values: `{birthPlace}, {birthDate}`. */
const template = z.string().max(400);
const modes = z
  .array(z.enum(['specimen', 'live']))
  .nonempty()
  .default(['specimen', 'live']);
const align = z.enum(['left', 'center', 'right']).default('left');

const style = z.strictObject({
  face: z.enum(['regular', 'bold']),
  sizePt,
  /** No value of this style is set smaller; see the fitting rule in text-fit.ts. */
  floorPt: sizePt,
  colour,
});

const text = z.strictObject({
  kind: z.literal('text'),
  ...box,
  text: template,
  style: z.string(),
  align,
  maxLines: z.number().int().min(1).max(12).default(1),
  modes,
});

const row = z.strictObject({
  label: z.string(),
  text: template,
  indentMm: mm.default(0),
  /** Narrower than the block's value column, where something stands beside. */
  valueWidthMm: sizeMm.optional(),
  /** With `wrapHeightMm`: a value that does not fit one line takes this height and pushes the rest down. */
  maxLines: z.number().int().min(1).max(3).default(1),
  wrapHeightMm: sizeMm.optional(),
  /** A second, short value on the same line. */
  aside: z.strictObject({ text: template, xMm: mm, widthMm: sizeMm }).optional(),
});

/** Label, colon, value; line under line. */
const rows = z.strictObject({
  kind: z.literal('rows'),
  ...box,
  labelWidthMm: sizeMm,
  colonWidthMm: sizeMm,
  pitchMm: sizeMm,
  labelStyle: z.string(),
  style: z.string(),
  rows: z.array(row).nonempty(),
});

const line = z.strictObject({
  kind: z.literal('line'),
  x1Mm: mm,
  y1Mm: mm,
  x2Mm: mm,
  y2Mm: mm,
  strokeMm: z.number().positive().max(2),
  colour,
});

const rect = z.strictObject({ kind: z.literal('rect'), ...box, fill: colour });
const photo = z.strictObject({ kind: z.literal('photo'), ...box });
const qr = z.strictObject({
  kind: z.literal('qr'),
  xMm: mm,
  yMm: mm,
  sizeMm,
  text: template,
  modes,
});

const column = z.strictObject({
  title: z.string(),
  /** Columns of the same group stand under one common head. */
  group: z.string().optional(),
  /** The number under the head; the row number's column has none. */
  number: z.string().default(''),
  text: template,
  widthMm: sizeMm,
  /** Of its cells, where it is not the table's. */
  style: z.string().optional(),
  align,
});

const table = z.strictObject({
  kind: z.literal('table'),
  xMm: mm,
  yMm: mm,
  headHeightMm: sizeMm,
  numberHeightMm: sizeMm,
  rowHeightMm: sizeMm,
  rowCount: z.number().int().min(1).max(40),
  maxLines: z.number().int().min(1).max(3),
  paddingMm: mm,
  strokeMm: z.number().positive().max(1),
  headFill: colour,
  lineColour: colour,
  headStyle: z.string(),
  numberStyle: z.string(),
  style: z.string(),
  columns: z.array(column).nonempty(),
});

export const layoutSchema = z
  .strictObject({
    widthMm: sizeMm,
    heightMm: sizeMm,
    styles: z.record(z.string(), style),
    elements: z
      .array(z.discriminatedUnion('kind', [text, rows, line, rect, photo, qr, table]))
      .nonempty(),
  })
  .superRefine((layout, context) => {
    const complain = (message: string): void => {
      context.addIssue({ code: 'custom', message });
    };
    for (const [name, { sizePt: size, floorPt }] of Object.entries(layout.styles)) {
      if (floorPt > size) complain(`style ${name}: the floor is above the size`);
    }
    for (const element of layout.elements) {
      for (const name of stylesOf(element)) {
        if (!(name in layout.styles)) complain(`no style ${name}`);
      }
      const { rightMm, bottomMm } = extentOf(element);
      if (rightMm > layout.widthMm + 1e-6 || bottomMm > layout.heightMm + 1e-6) {
        complain(`a ${element.kind} reaches ${rightMm} × ${bottomMm} mm, beyond the page`);
      }
      for (const { styleName, heightMm } of slotHeightsOf(element)) {
        const floorPt = layout.styles[styleName]?.floorPt ?? 0;
        if (heightMm < lineHeightMm(floorPt)) {
          complain(`a ${element.kind} of ${heightMm} mm is too low for ${floorPt} pt`);
        }
      }
      if (element.kind === 'rows') {
        const tallestMm = element.rows.reduce(
          (sum, { wrapHeightMm }) => sum + (wrapHeightMm ?? element.pitchMm),
          0,
        );
        if (tallestMm > element.heightMm + 1e-6) {
          complain(`rows may grow to ${tallestMm} mm in a box of ${element.heightMm} mm`);
        }
      }
    }
  });

export type Layout = z.infer<typeof layoutSchema>;
export type LayoutElement = Layout['elements'][number];
export type Style = Layout['styles'][string];
export type ElementOf<K extends LayoutElement['kind']> = Extract<LayoutElement, { kind: K }>;

function stylesOf(element: LayoutElement): string[] {
  if (element.kind === 'text') return [element.style];
  if (element.kind === 'rows') return [element.labelStyle, element.style];
  if (element.kind === 'table') {
    const ofColumns = element.columns.flatMap(({ style }) => (style === undefined ? [] : [style]));
    return [element.headStyle, element.numberStyle, element.style, ...ofColumns];
  }
  return [];
}

function slotHeightsOf(element: LayoutElement): { styleName: string; heightMm: number }[] {
  if (element.kind === 'text') return [{ styleName: element.style, heightMm: element.heightMm }];
  if (element.kind === 'rows') {
    return [element.style, element.labelStyle].map((styleName) => ({
      styleName,
      heightMm: element.pitchMm,
    }));
  }
  if (element.kind === 'table') {
    return [
      { styleName: element.headStyle, heightMm: element.headHeightMm / 2 },
      { styleName: element.numberStyle, heightMm: element.numberHeightMm },
      { styleName: element.style, heightMm: element.rowHeightMm },
    ];
  }
  return [];
}

function extentOf(element: LayoutElement): { rightMm: number; bottomMm: number } {
  switch (element.kind) {
    case 'line':
      return {
        rightMm: Math.max(element.x1Mm, element.x2Mm),
        bottomMm: Math.max(element.y1Mm, element.y2Mm),
      };
    case 'qr':
      return { rightMm: element.xMm + element.sizeMm, bottomMm: element.yMm + element.sizeMm };
    case 'table':
      return {
        rightMm: element.xMm + element.columns.reduce((sum, { widthMm }) => sum + widthMm, 0),
        bottomMm:
          element.yMm +
          element.headHeightMm +
          element.numberHeightMm +
          element.rowHeightMm * element.rowCount,
      };
    case 'text':
    case 'rows':
    case 'rect':
    case 'photo':
      return { rightMm: element.xMm + element.widthMm, bottomMm: element.yMm + element.heightMm };
  }
}
