/** How a command ended: what it found, as data for `--json` and as lines for people, and its exit status. */
export interface Report {
  readonly json: unknown;
  readonly lines: readonly string[];
  readonly exitStatus: number;
}

/** 0 good, 1 bad news that was asked for, 2 the question could not be answered. */
export const GOOD = 0;
export const BAD_NEWS = 1;
export const NO_ANSWER = 2;

/** Writes a report and sets the exit status; output that a closed pipe refuses is no fault of ours. */
export function print(report: Report, asJson: boolean): void {
  const text = asJson ? JSON.stringify(report.json, null, 2) : report.lines.join('\n');
  process.stdout.write(`${text}\n`);
  process.exitCode = report.exitStatus;
}

/** Columns padded to their widest cell, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
