import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { exitCodeOf, sum, type Counts } from './counts.ts';
import { countsOf } from './jest-report.ts';
import { inLanes, type Job, type Lane } from './lanes.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** Holds the project's own Node 24; the tools start whatever `node` comes first. */
const bin = path.join(root, 'node_modules/.bin');
const none: Counts = { passed: 0, failed: 0, skipped: 0 };

type Suite = (lane: Lane) => Promise<Counts>;

/** A check without tests of its own counts as one. */
async function check(lane: Lane, name: string, tool: string, ...args: string[]): Promise<Counts> {
  const good = (await lane.run(path.join(bin, tool), args)) === 0;
  lane.say(`${good ? 'PASS' : 'FAIL'} ${name}\n`);
  return { ...none, [good ? 'passed' : 'failed']: 1 };
}

const processesOf: Readonly<Partial<Record<string, number>>> = { unit: 5, recovery: 3 };

/**
 * Runs jest, in several processes one after another where the suite has many files: what jest keeps of each
 * file until it ends makes every collection of garbage slower.
 */
async function jest(lane: Lane, suite: string, args: readonly string[]): Promise<Counts> {
  const processes = processesOf[suite] ?? 1;
  let counts = none;
  for (let nth = 1; nth <= processes; nth += 1) {
    const name = processes === 1 ? suite : `${suite}-${nth}`;
    counts = sum(counts, await jestOnce(lane, name, [...args, `--shard=${nth}/${processes}`]));
  }
  return counts;
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

const folder =
  (name: string): Suite =>
  (lane) =>
    jest(lane, name, [`test/${name}/`]);

/** Folders of test/ that are a suite of their own; `unit` is all the others. */
const computing = ['recovery'] as const;
const waiting = ['journey', 'console', 'lockdown', 'ui', 'conformance', 'shell'] as const;

const unit: Suite = (lane) =>
  jest(
    lane,
    'unit',
    [...computing, ...waiting].flatMap((name) => ['--testPathIgnorePatterns', `/test/${name}/`]),
  );

function named(names: readonly string[]): Record<string, Suite> {
  return Object.fromEntries(names.map((name) => [name, folder(name)]));
}

const checks: Suite = async (lane) =>
  [
    await check(lane, 'types', 'tsc', '-p', 'tsconfig.json'),
    await check(lane, 'types of the pages', 'tsc', '-p', 'src/ui/tsconfig.json'),
    await check(lane, 'lint', 'eslint', '.'),
    await check(lane, 'format', 'prettier', '--check', '--log-level', 'warn', '.'),
  ].reduce(sum);

/**
 * Two lanes of about the same length: suites that compute, and suites that as often wait for daemons and
 * browsers. Two that compute would slow each other down, and two that wait leave processors idle.
 */
const lanes: readonly Readonly<Record<string, Suite>>[] = [
  { unit, ...named(computing) },
  named(waiting),
];
/** Nothing in them waits, so that nothing comes too late on a busy machine. */
const patient: Readonly<Record<string, Suite>> = { static: checks };
const names = [...lanes, patient].flatMap((suites) => Object.keys(suites));

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No such suite: ${unknown.join(', ')}. There are: ${names.join(', ')}.\n`);
  process.exit(2);
}

let total = none;
const lines: string[] = [];
const jobsOf = (suites: Readonly<Record<string, Suite>>): Job[] =>
  Object.entries(suites)
    .filter(([name]) => asked.length === 0 || asked.includes(name))
    .map(([name, suite]) => ({
      name,
      work: async (lane) => {
        const began = performance.now();
        const counts = await suite(lane);
        total = sum(total, counts);
        const seconds = Math.round((performance.now() - began) / 1000);
        const { passed, failed, skipped } = counts;
        lines.push(
          `${name.padEnd(12)} ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`,
        );
      },
    }));
await inLanes({ lanes: lanes.map(jobsOf), patient: jobsOf(patient) }, root, {
  ...process.env,
  FORCE_COLOR: '0',
  PATH: `${bin}:${process.env['PATH'] ?? ''}`,
});
const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
process.stdout.write(
  `\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed${skipped}\n`,
);
process.exitCode = exitCodeOf(total);
