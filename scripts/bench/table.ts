/** One line of a bench. Figures are medians; units stand in the name. */
export interface Measure {
  readonly name: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly floor: number;
  /** `atMost`: ours / floor may not exceed it; `atLeast`: may not fall below. Null: no goal. */
  readonly goal: { readonly atMost: number } | { readonly atLeast: number } | null;
  readonly digits?: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 0 ? (low + high) / 2 : high;
}

/** Prints `name  ours  peer  floor  ratio  goal  met`. */
export function printTable(measures: readonly Measure[]): void {
  const rows = measures.map(({ name, ours, peer, floor, goal, digits = 3 }) => {
    const ratio = ours / floor;
    const met =
      goal === null
        ? '-'
        : ('atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast)
          ? 'yes'
          : 'no';
    const bound =
      goal === null ? '-' : 'atMost' in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`;
    const figure = (value: number | null): string => value?.toFixed(digits) ?? '-';
    return [name, figure(ours), figure(peer), figure(floor), ratio.toFixed(2), bound, met];
  });
  const all = [['name', 'ours', 'peer', 'floor', 'ratio', 'goal', 'met'], ...rows];
  const widths = all[0]?.map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of all) {
    const line = row.map((cell, column) => cell.padEnd(widths?.[column] ?? 0)).join('  ');
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}
