import type { Line } from '../drawing-list.ts';
import type { ElementOf, Layout } from './layout.ts';
import type { Values } from './template.ts';
import { layOutText, type LaidOut, type TextBox } from './text.ts';

type Table = ElementOf<'table'>;
type Column = Table['columns'][number];

interface PlacedColumn {
  readonly column: Column;
  readonly xMm: number;
}

/** Heads, column numbers and `rowCount` rows; rows beyond the data stay empty. */
export function layOutTable(layout: Layout, table: Table, rows: readonly Values[]): LaidOut {
  const columns = placeColumns(table);
  const totalMm = table.columns.reduce((sum, { widthMm }) => sum + widthMm, 0);
  const headMm = table.headHeightMm + table.numberHeightMm;
  const background: LaidOut = {
    items: [
      {
        kind: 'rect',
        xMm: table.xMm,
        yMm: table.yMm,
        widthMm: totalMm,
        heightMm: headMm,
        fill: table.headFill,
      },
      ...rules(table, columns, totalMm),
    ],
    abbreviated: [],
  };
  const parts = [background, ...heads(layout, table, columns)];
  for (let index = 0; index < table.rowCount; index += 1) {
    const yMm = table.yMm + headMm + index * table.rowHeightMm;
    const values = rows[index];
    if (values === undefined) break;
    for (const { column, xMm } of columns) {
      const box = cell(table, xMm, yMm, column.widthMm, table.rowHeightMm, column.align);
      parts.push(
        middle(layout, column.style ?? table.style, column.text, values, {
          ...box,
          maxLines: table.maxLines,
        }),
      );
    }
  }
  return {
    items: parts.flatMap((part) => part.items),
    abbreviated: parts.flatMap((part) => part.abbreviated),
  };
}

function placeColumns(table: Table): PlacedColumn[] {
  let xMm = table.xMm;
  return table.columns.map((column) => {
    const placed = { column, xMm };
    xMm += column.widthMm;
    return placed;
  });
}

function cell(
  table: Table,
  xMm: number,
  yMm: number,
  widthMm: number,
  heightMm: number,
  align: TextBox['align'],
): TextBox {
  return {
    xMm: xMm + table.paddingMm,
    yMm,
    widthMm: widthMm - 2 * table.paddingMm,
    heightMm,
    align,
    maxLines: 1,
  };
}

/** Text in the vertical middle of its box. */
function middle(
  layout: Layout,
  styleName: string,
  template: string,
  values: Values,
  box: TextBox,
): LaidOut {
  const laidOut = layOutText(template, values, box, layout.styles[styleName]);
  const baselines = laidOut.items.flatMap((item) => (item.kind === 'text' ? [item] : []));
  const [first] = baselines;
  const last = baselines.at(-1);
  if (first === undefined || last === undefined) return laidOut;
  // Capitals of this face are 0.714 em high: the ink between the first cap line and the last baseline.
  const capMm = (first.sizePt * 0.714 * 25.4) / 72;
  const inkMm = last.baselineMm - first.baselineMm + capMm;
  const shiftMm = box.yMm + (box.heightMm - inkMm) / 2 + capMm - first.baselineMm;
  return {
    items: baselines.map((run) => ({ ...run, baselineMm: run.baselineMm + shiftMm })),
    abbreviated: laidOut.abbreviated,
  };
}

function heads(layout: Layout, table: Table, columns: readonly PlacedColumn[]): LaidOut[] {
  const halfMm = table.headHeightMm / 2;
  const parts: LaidOut[] = [];
  for (const { column, xMm } of columns) {
    const grouped = column.group !== undefined;
    const yMm = grouped ? table.yMm + halfMm : table.yMm;
    const heightMm = grouped ? halfMm : table.headHeightMm;
    const box = cell(table, xMm, yMm, column.widthMm, heightMm, 'center');
    parts.push(
      middle(layout, table.headStyle, column.title, {}, { ...box, maxLines: grouped ? 1 : 3 }),
    );
    const numberY = table.yMm + table.headHeightMm;
    const numberBox = cell(table, xMm, numberY, column.widthMm, table.numberHeightMm, 'center');
    parts.push(middle(layout, table.numberStyle, column.number, {}, numberBox));
  }
  for (const { title, xMm, widthMm } of groupsOf(columns)) {
    const box = cell(table, xMm, table.yMm, widthMm, halfMm, 'center');
    parts.push(middle(layout, table.headStyle, title, {}, box));
  }
  return parts;
}

function groupsOf(
  columns: readonly PlacedColumn[],
): { title: string; xMm: number; widthMm: number }[] {
  const groups: { title: string; xMm: number; widthMm: number }[] = [];
  for (const { column, xMm } of columns) {
    if (column.group === undefined) continue;
    const last = groups.at(-1);
    if (last?.title === column.group) last.widthMm += column.widthMm;
    else groups.push({ title: column.group, xMm, widthMm: column.widthMm });
  }
  return groups;
}

function rules(table: Table, columns: readonly PlacedColumn[], totalMm: number): Line[] {
  const topMm = table.yMm;
  const headBottomMm = topMm + table.headHeightMm;
  const bodyTopMm = headBottomMm + table.numberHeightMm;
  const bottomMm = bodyTopMm + table.rowCount * table.rowHeightMm;
  const rightMm = table.xMm + totalMm;
  const stroke = { kind: 'line', strokeMm: table.strokeMm, colour: table.lineColour } as const;
  const across = (yMm: number, fromMm = table.xMm, toMm = rightMm): Line => ({
    ...stroke,
    x1Mm: fromMm,
    y1Mm: yMm,
    x2Mm: toMm,
    y2Mm: yMm,
  });
  const down = (xMm: number, fromMm: number): Line => ({
    ...stroke,
    x1Mm: xMm,
    y1Mm: fromMm,
    x2Mm: xMm,
    y2Mm: bottomMm,
  });
  const bodyLines = Array.from({ length: table.rowCount + 1 }, (_, index) =>
    across(bodyTopMm + index * table.rowHeightMm),
  );
  const groups = groupsOf(columns);
  const midMm = topMm + table.headHeightMm / 2;
  const insideGroup = (xMm: number): boolean =>
    groups.some((group) => xMm > group.xMm + 1e-6 && xMm < group.xMm + group.widthMm - 1e-6);
  return [
    across(topMm),
    across(headBottomMm),
    ...bodyLines,
    ...groups.map((group) => across(midMm, group.xMm, group.xMm + group.widthMm)),
    ...columns.map(({ xMm }) => down(xMm, insideGroup(xMm) ? midMm : topMm)),
    down(rightMm, topMm),
  ];
}
