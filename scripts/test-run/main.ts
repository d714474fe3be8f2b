import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { exitCodeOf, sum, type Counts } from './counts.ts';
import { countsOf } from './jest-report.ts';
import { inLanes, type Job, type Lane } from './lanes.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** Holds the project's own Node 24; the tools start whatever `node` comes first. */
const bin = path.join(root, 'node_modules/.bin');
const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** A check without tests of its own counts as one. */
async function check(lane: Lane, name: string, tool: string, ...args: string[]): Promise<Counts> {
  const good = (await lane.run(path.join(bin, tool), args)) === 0;
  lane.say(`${good ? 'PASS' : 'FAIL'} ${name}\n`);
  return { ...none, [good ? 'passed' : 'failed']: 1 };
}

async function jestOnce(lane: Lane, name: string, args: readonly string[]): Promise<Counts> {
  const file = path.join(root, 'out/test', `${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const jestArgs = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    path.join(root, 'node_modules/jest/bin/jest.js'),
    '--json',
    `--outputFile=${file}`,
    '--runInBand',
    ...args,
  ];
  const exitCode = await lane.run(process.execPath, jestArgs, file);
  const counts = countsOf(file, exitCode);
  if (counts !== null) return counts;
  lane.say(`FAIL ${name}: jest left no report (exit ${exitCode})\n`);
  return { ...none, failed: 1 };
}

const checks = [
  (lane: Lane) => check(lane, 'types', 'tsc', '-p', 'tsconfig.json'),
  (lane: Lane) => check(lane, 'types of the pages', 'tsc', '-p', 'src/ui/tsconfig.json'),
  (lane: Lane) => check(lane, 'lint', 'eslint', '.'),
  (lane: Lane) => check(lane, 'format', 'prettier', '--check', '--log-level', 'warn', '.'),
];

/**
 * Suites that are a folder of test/, and how many processes run each: those are dealt to the lanes one by one,
 * the longest first, so that none is left over when the others are through. What jest keeps of each file until
 * it ends makes every collection of garbage slower: one more reason for several.
 */
const folders = {
  recovery: 3,
  journey: 2,
  lockdown: 1,
  console: 1,
  ui: 1,
  conformance: 1,
  shell: 1,
} as const;
const UNIT_PROCESSES = 5;

/** All folders that are no suite of their own. */
const unit = Object.keys(folders).flatMap((name) => ['--testPathIgnorePatterns', `/test/${name}/`]);

/** Several: some wait for daemons and browsers as often as others compute. */
const LANES = 3;

type Program = (lane: Lane) => Promise<Counts>;

const shards = (suite: string, count: number, args: readonly string[]): Program[] =>
  Array.from({ length: count }, (_, index) => {
    const name = count === 1 ? suite : `${suite}-${index + 1}`;
    return (lane) => jestOnce(lane, name, [...args, `--shard=${index + 1}/${count}`]);
  });

const suites: Readonly<Record<string, readonly Program[]>> = {
  ...Object.fromEntries(
    Object.entries(folders).map(([name, count]) => [name, shards(name, count, [`test/${name}/`])]),
  ),
  unit: shards('unit', UNIT_PROCESSES, unit),
};
/** Nothing in them waits, so that nothing comes too late on a busy machine. */
const patient: Readonly<Record<string, readonly Program[]>> = { static: checks };
const names = Object.keys({ ...suites, ...patient });

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No such suite: ${unknown.join(', ')}. There are: ${names.join(', ')}.\n`);
  process.exit(2);
}

let total = none;
const lines: string[] = [];
const jobsOf = (all: Readonly<Record<string, readonly Program[]>>): Job[] =>
  Object.entries(all)
    .filter(([name]) => asked.length === 0 || asked.includes(name))
    .flatMap(([name, programs]) => jobsOfSuite(name, programs));

/** The last of them to end sums the suite up, over the time from the first's begin. */
function jobsOfSuite(name: string, programs: readonly Program[]): Job[] {
  let began: number | null = null;
  let left = programs.length;
  let counts = none;
  return programs.map((program, index) => ({
    name: programs.length === 1 ? name : `${name} ${index + 1} of ${programs.length}`,
    work: async (lane) => {
      began ??= performance.now();
      const counted = await program(lane);
      counts = sum(counts, counted);
      left -= 1;
      if (left > 0) return;
      total = sum(total, counts);
      const seconds = Math.round((performance.now() - began) / 1000);
      const { passed, failed, skipped } = counts;
      lines.push(
        `${name.padEnd(12)} ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`,
      );
    },
  }));
}

await inLanes({ queue: jobsOf(suites), patient: jobsOf(patient) }, LANES, root, {
  ...process.env,
  FORCE_COLOR: '0',
  PATH: `${bin}:${process.env['PATH'] ?? ''}`,
});
const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
process.stdout.write(
  `\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed${skipped}\n`,
);
process.exitCode = exitCodeOf(total);
