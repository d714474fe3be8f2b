import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { exitCodeOf, sum, type Counts } from './counts.ts';
import { countsOf, labCountsOf } from './reports.ts';
import { inLanes, type Job, type Lane } from './lanes.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** Holds the project's own Node 24; the tools start whatever `node` comes first. */
const bin = path.join(root, 'node_modules/.bin');
const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** A check without tests of its own counts as one. */
async function check(lane: Lane, name: string, tool: string, ...args: string[]): Promise<Counts> {
  const good = (await lane.run(tool, args)) === 0;
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

/** Its tests run in a machine of their own, and not by jest. */
async function runLab(lane: Lane): Promise<Counts> {
  const file = path.join(root, 'out/lab/counts.json');
  rmSync(file, { force: true });
  const exitCode = await lane.run(process.execPath, ['test/lab/main.ts'], file);
  const counts = labCountsOf(file, exitCode);
  if (counts !== null) return counts;
  lane.say(`FAIL lab: it left no count (exit ${exitCode})\n`);
  return { ...none, failed: 1 };
}

const tool = (name: string): string => path.join(bin, name);
/** A tenth of what the linter computes is the collecting of short-lived objects. */
const ROOM_FOR_THE_YOUNG = '--max-semi-space-size=64';

const checks = [
  (lane: Lane) => check(lane, 'types', tool('tsc'), '-p', 'tsconfig.json'),
  (lane: Lane) => check(lane, 'types of the pages', tool('tsc'), '-p', 'src/ui/tsconfig.json'),
  (lane: Lane) => check(lane, 'lint', process.execPath, ROOM_FOR_THE_YOUNG, tool('eslint'), '.'),
  (lane: Lane) => check(lane, 'format', tool('prettier'), '--check', '--log-level', 'warn', '.'),
];

type Program = (lane: Lane) => Promise<Counts>;

/** In the order in which they begin. Each is a folder of test/, and `unit` whatever is in none of the others. */
const busy = ['recovery', 'journey', 'unit', 'lockdown', 'console', 'ui', 'shell', 'lab'] as const;
/** Three quarters of their time they wait for what a device is given before it counts as silent. */
const waiting = ['conformance'] as const;
const folders = [...busy, ...waiting];
type Folder = (typeof folders)[number];

/**
 * One a processor. More of them only slow each other down: a browser draws for as long as a test waits for it,
 * so that every second of waiting costs some computing.
 */
const PROCESSORS = 2;
/** Of nice(1): whatever time the processors have left. */
const LOWEST_PRIORITY = 19;

/** What runs longest of a suite gets a process of its own, so that both lanes work at it. */
const apart: Readonly<Partial<Record<Folder, readonly string[]>>> = {
  recovery: ['process.test.ts', 'order.test.ts', 'crash-points.test.ts', 'registry-cut/'],
};

/**
 * Into how many processes a suite is cut: one alone then fills both lanes, and what jest keeps of each file
 * until it ends makes every collection of garbage slower.
 */
const shards: Readonly<Partial<Record<Folder, number>>> = { unit: 5, journey: 2 };

const ignored = (places: readonly string[]): string[] =>
  places.flatMap((place) => ['--testPathIgnorePatterns', place]);

function programsOf(suite: Folder): Program[] {
  if (suite === 'lab') return [runLab];
  const alone = (apart[suite] ?? []).map((place) => `test/${suite}/${place}`);
  const others = folders.filter((name) => name !== 'unit').map((name) => `/test/${name}/`);
  const rest = suite === 'unit' ? ignored(others) : [`test/${suite}/`, ...ignored(alone)];
  const count = shards[suite] ?? 1;
  const cut = Array.from({ length: count }, (_, index) => `--shard=${index + 1}/${count}`);
  const all = [...cut.map((shard) => [...rest, shard]), ...alone.map((place) => [place])];
  return all.map((args, index) => (lane) => jestOnce(lane, `${suite}-${index + 1}`, args));
}

/** Nothing in them waits, so that nothing comes too late on a busy machine. */
const patient = ['static'] as const;
const programs: Readonly<Record<string, readonly Program[]>> = {
  ...Object.fromEntries(folders.map((name) => [name, programsOf(name)])),
  static: checks,
};
const names = Object.keys(programs);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No such suite: ${unknown.join(', ')}. There are: ${names.join(', ')}.\n`);
  process.exit(2);
}

let total = none;
const lines: string[] = [];
const jobsOf = (of: readonly string[]): Job[] =>
  of
    .filter((name) => asked.length === 0 || asked.includes(name))
    .flatMap((name) => jobsOfSuite(name, programs[name] ?? []));

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

await inLanes(
  [
    { jobs: jobsOf(busy), sideBySide: PROCESSORS, priority: 0 },
    { jobs: jobsOf(waiting), sideBySide: 1, priority: 0 },
    { jobs: jobsOf(patient), sideBySide: 1, priority: LOWEST_PRIORITY },
  ],
  root,
  { ...process.env, FORCE_COLOR: '0', PATH: `${bin}:${process.env['PATH'] ?? ''}` },
);
const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
process.stdout.write(
  `\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed${skipped}\n`,
);
process.exitCode = exitCodeOf(total);
