import type { QrModules } from '../drawing-list.ts';

export interface DarkRun {
  readonly column: number;
  readonly row: number;
  readonly length: number;
}

/** Dark modules joined into horizontal runs: fewer shapes, and no hair lines between neighbours. */
export function darkRuns({ size, dark }: QrModules): DarkRun[] {
  const runs: DarkRun[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (dark[row * size + column] !== true) continue;
      let length = 1;
      while (column + length < size && dark[row * size + column + length] === true) length += 1;
      runs.push({ column, row, length });
      column += length;
    }
  }
  return runs;
}
