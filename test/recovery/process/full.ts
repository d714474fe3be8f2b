import path from 'node:path';
import { parseArgs } from 'node:util';
import { killedMutants, mutants } from '../mutants.ts';
import { belowFloor, kindsOf, LEAST_IN_ALL, LEAST_OF_A_REAL_CORE, uncounted } from './floor.ts';
import { runLane, takeCensus, titleOf, type Stage } from './lane.ts';
import { shortPlan, tasksOf, wholePlan, type Task } from './plan.ts';
import { parts, runPart, type Part, type PartRun } from './programs.ts';
import { commitOfFiles, RunBook } from './run-book.ts';
import { runDiskFaults } from './run-disk-faults.ts';
import { uncertainCeiling, type Tally } from './uncertain.ts';

// All of it: see README.md of this folder. Ends with one line that counts, and with 1 where anything failed.
const SAY_EVERY = 25;
const { values } = parseArgs({
  options: {
    'no-soak': { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
  },
});
const soak = !values['no-soak'];
const { short } = values;

const folder = path.resolve(
  import.meta.dirname,
  '../../../out/recovery',
  short ? 'short' : 'whole',
);
const commit = commitOfFiles();
const book = values.resume ? RunBook.goOn(folder, commit) : RunBook.begin(folder, commit);
const seconds = (): number => book.seconds();
const say = (line: string): void => void process.stdout.write(`[${seconds()} s] ${line}\n`);

const points = { real: 0, inProcess: 0, disks: 0 };
const others: string[] = [];
let violations = 0;
const broke = (what: string, broken: readonly string[]): void => {
  violations += broken.length;
  for (const one of broken) say(`VIOLATION ${what}: ${one}`);
};

const { census, stage } = await takeCensus();
say(`calls of an undisturbed session: ${JSON.stringify(census)}`);
broke('the census', uncounted(census));
const planned = tasksOf(census, short ? shortPlan : wholePlan);
const done = new Set(book.done.map(({ key }) => key));
const tasks = planned.filter((task) => !done.has(JSON.stringify(task)));
const left = done.size === 0 ? '' : `, ${tasks.length} of them not tried before`;
say(`${planned.length} points of a real core${left}`);
let taken = 0;
let unreached = 0;
const tally: Tally = { struck: 0, uncertain: 0 };
const kinds = new Set<string>();
function took(key: string, struck: boolean, uncertain: number): void {
  tally.uncertain += uncertain;
  if (!struck) return void (unreached += 1);
  points.real += 1;
  tally.struck += 1;
  for (const kind of kindsOf(JSON.parse(key) as Task)) kinds.add(kind);
  if (points.real % SAY_EVERY === 0) say(`${points.real} points, ${violations} violations`);
}
const laneOfTasks = (first: Stage | null = null): Promise<void> =>
  runLane(
    () => tasks[taken++],
    (task, run) => {
      broke(titleOf(task), run.violations);
      if (run.uncertain > 0) say(`${run.uncertain} uncertain: ${titleOf(task)}`);
      const { struck, uncertain } = run;
      const key = JSON.stringify(task);
      book.note({ of: 'point', key, struck, uncertain, violations: run.violations.length });
      took(key, struck, uncertain);
    },
    first,
  );

/** A part with its end; what `points` are, in the words of the summary. */
interface Job {
  readonly name: string;
  readonly points: Part['points'];
  readonly run: () => Promise<PartRun>;
}

const diskFaults: Job = {
  name: 'disks that fail',
  points: 'inProcess',
  run: async () => {
    const sum = { tried: 0, violations: 0 };
    await runDiskFaults(short ? { sync: 8, write: 64 } : { sync: 1, write: 1 }, (line) => {
      const what = `${line.name}, failing ${line.callClass}`;
      const broken = line.points === 0 ? ['nothing was struck'] : line.violations;
      for (const one of broken) say(`VIOLATION ${what}: ${one}`);
      say(`${what}: ${line.blow.error} at ${line.points}, ${line.refused} refused`);
      sum.tried += line.points;
      sum.violations += broken.length;
    });
    return sum;
  },
};
const allJobs: readonly Job[] = [
  ...parts({ short, soak }).map((part) => ({ ...part, run: () => runPart(part, say) })),
  diskFaults,
];
function ended({ name, points: kind }: Job, { tried, violations: broken }: PartRun): void {
  violations += broken;
  if (kind === 'other') others.push(`${name}: ${tried}`);
  else points[kind] += tried;
}

for (const entry of book.done) {
  if (entry.of === 'point') {
    violations += entry.violations;
    took(entry.key, entry.struck, entry.uncertain);
  } else {
    const job = allJobs.find(({ name }) => name === entry.key);
    if (job !== undefined) ended(job, entry);
  }
}
const jobs = allJobs.filter(({ name }) => !done.has(name));
const laneOfJobs = async (): Promise<void> => {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    const run = await job.run();
    book.note({ of: 'part', key: job.name, ...run });
    ended(job, run);
  }
};

// Three lanes on two cores, for a session waits as long as it computes; each helps with what others began.
await Promise.all([
  laneOfTasks(stage).then(laneOfJobs),
  laneOfTasks().then(laneOfJobs),
  laneOfJobs().then(() => laneOfTasks()),
]);
broke('uncertain', uncertainCeiling(tally));
const struck = { struck: points.real, unreached, kinds };
broke('too little', belowFloor(struck, short ? 0 : LEAST_OF_A_REAL_CORE));

const killed = await killedMutants();
for (const one of mutants) if (!killed.includes(one)) say(`SURVIVED ${one.fault}: ${one.test}`);
const { real, inProcess, disks } = points;
const crashPoints = real + inProcess + disks;
if (!short && crashPoints < LEAST_IN_ALL) {
  broke('too little', [`${crashPoints} crash points, fewer than ${LEAST_IN_ALL}`]);
}
say(`${unreached} sessions were over before their point, which was not tried`);
say(`${tally.uncertain} card attempts came to uncertain at the ${real} points of a real core`);
say(`beside the crash points: ${others.join('; ')}`);
if (short) say('short: not every point, but every kind');
say(`${real} of a real core, ${inProcess} in process, ${disks} disks after a power cut`);
if (!soak) say('--no-soak left the soak of 10,000 sessions out');
process.exitCode = violations === 0 && killed.length === mutants.length ? 0 : 1;
process.stdout.write(
  `${crashPoints} crash points, ${violations} violations, ` +
    `${killed.length} of ${mutants.length} mutants killed, ${seconds()} s\n`,
);
