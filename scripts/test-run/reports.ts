import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Counts } from './counts.ts';

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/** What jest wrote into its report, or null where it left none that can be read. */
export function countsOf(file: string, exitCode: number): Counts | null {
  const parsed = report.safeParse(readJson(file));
  if (!parsed.success) return null;
  const { data } = parsed;
  // A file that could not even be loaded runs no test; it must still count as a failure.
  const broken = data.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
  ).length;
  const failed = data.numFailedTests + broken;
  return {
    passed: data.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: data.numPendingTests + data.numTodoTests,
  };
}

const labReport = z.strictObject({ passed: z.number(), failed: z.number() });

/** What the virtual USB lab wrote, or null where it left nothing that can be read. */
export function labCountsOf(file: string, exitCode: number): Counts | null {
  const parsed = labReport.safeParse(readJson(file));
  if (!parsed.success) return null;
  const { passed, failed } = parsed.data;
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped: 0 };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause as NodeJS.ErrnoException).code === 'ENOENT')
      return null;
    throw cause;
  }
}
