import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Runs the suites one after another and ends with `N passed, N failed` over all of them. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const root = path.resolve(import.meta.dirname, '..');
/** Holds the project's own Node 24; the tools start whatever `node` comes first. */
const bin = path.join(root, 'node_modules/.bin');
const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

function run(command: string, args: readonly string[]): number {
  const child = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FORCE_COLOR: '0', PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  return child.status ?? 1;
}

/** A check without tests of its own counts as one. */
function check(name: string, tool: string, ...args: string[]): Counts {
  const good = run(path.join(bin, tool), args) === 0;
  process.stdout.write(`${good ? 'PASS' : 'FAIL'} ${name}\n`);
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 };
}

function jest(suite: string, args: readonly string[]): Counts {
  const file = path.join(root, 'out/test', `${suite}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const runner = path.join(root, 'node_modules/jest/bin/jest.js');
  const status = run(process.execPath, [
    ...options,
    runner,
    '--json',
    `--outputFile=${file}`,
    ...args,
  ]);
  const parsed = report.safeParse(readJson(file));
  if (!parsed.success) {
    process.stdout.write(`FAIL ${suite}: jest left no report (exit ${status})\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { data } = parsed;
  // A file that could not even be loaded runs no test; it must still count as a failure.
  const broken = data.testResults.filter(
    ({ status: end, assertionResults }) =>
      end === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
  ).length;
  const failed = data.numFailedTests + broken;
  return {
    passed: data.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: data.numPendingTests + data.numTodoTests,
  };
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

const apart = ['conformance', 'recovery', 'ui', 'console', 'journey', 'shell', 'lockdown'];
const sum = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const suites: Readonly<Record<string, () => Counts>> = {
  static: () =>
    [
      check('types', 'tsc', '-p', 'tsconfig.json'),
      check('types of the pages', 'tsc', '-p', 'src/ui/tsconfig.json'),
      check('lint', 'eslint', '.'),
      check('format', 'prettier', '--check', '--log-level', 'warn', '.'),
    ].reduce(sum),
  unit: () =>
    jest('unit', [...apart.flatMap((folder) => ['--testPathIgnorePatterns', `/test/${folder}/`])]),
  ...Object.fromEntries(
    apart.map((folder) => [folder, () => jest(folder, ['--runInBand', `test/${folder}/`])]),
  ),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in suites));
if (unknown.length > 0) {
  process.stderr.write(
    `No such suite: ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.\n`,
  );
  process.exit(2);
}

let total: Counts = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const [name, runSuite] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stdout.write(`\n=== ${name}\n`);
  const began = performance.now();
  const counts = runSuite();
  total = sum(total, counts);
  const seconds = Math.round((performance.now() - began) / 1000);
  const { passed, failed, skipped } = counts;
  lines.push(
    `${name.padEnd(12)} ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`,
  );
}
const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
process.stdout.write(
  `\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed${skipped}\n`,
);
// A test that did not run proved nothing.
process.exitCode = total.failed === 0 && total.skipped === 0 ? 0 : 1;
