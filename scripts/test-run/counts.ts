/** How many tests of a suite ended how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const sum = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** Of a run that ended so. A test that did not run proved nothing. */
export const exitCodeOf = ({ failed, skipped }: Counts): 0 | 1 =>
  failed === 0 && skipped === 0 ? 0 : 1;
