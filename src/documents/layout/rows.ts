import type { ElementOf, Layout } from './layout.ts';
import type { Values } from './template.ts';
import { layOutText, type LaidOut } from './text.ts';

/** Label, colon and value, line under line; a value that wraps pushes the following lines down. */
export function layOutRows(layout: Layout, block: ElementOf<'rows'>, values: Values): LaidOut {
  const parts: LaidOut[] = [];
  const valueX = block.xMm + block.labelWidthMm + block.colonWidthMm;
  const fullWidthMm = block.widthMm - block.labelWidthMm - block.colonWidthMm;
  let yMm = block.yMm;
  for (const row of block.rows) {
    const one = { yMm, heightMm: block.pitchMm, align: 'left', maxLines: 1 } as const;
    const slot = { ...one, xMm: valueX, widthMm: row.valueWidthMm ?? fullWidthMm };
    const style = layout.styles[block.style];
    let laidOut = layOutText(row.text, values, slot, style);
    let heightMm = block.pitchMm;
    if (row.wrapHeightMm !== undefined && laidOut.abbreviated.length > 0) {
      heightMm = row.wrapHeightMm;
      laidOut = layOutText(row.text, values, { ...slot, heightMm, maxLines: row.maxLines }, style);
    }
    const label = { ...one, xMm: block.xMm + row.indentMm };
    const labelStyle = layout.styles[block.labelStyle];
    parts.push(
      layOutText(
        row.label,
        values,
        { ...label, widthMm: block.labelWidthMm - row.indentMm },
        labelStyle,
      ),
      layOutText(
        ':',
        values,
        { ...one, xMm: valueX - block.colonWidthMm, widthMm: block.colonWidthMm },
        labelStyle,
      ),
      laidOut,
    );
    if (row.aside !== undefined) {
      const { text, xMm, widthMm } = row.aside;
      parts.push(layOutText(text, values, { ...one, xMm, widthMm }, labelStyle));
    }
    yMm += heightMm;
  }
  return {
    items: parts.flatMap((part) => part.items),
    abbreviated: parts.flatMap((part) => part.abbreviated),
  };
}
