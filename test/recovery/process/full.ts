import { parseArgs } from 'node:util';
import { killedMutants, mutants } from '../mutants.ts';
import { belowFloor, kindsOf, LEAST_IN_ALL, LEAST_OF_A_REAL_CORE, uncounted } from './floor.ts';
import { runLane, takeCensus, titleOf, type Stage } from './lane.ts';
import { shortPlan, tasksOf, wholePlan } from './plan.ts';
import { parts, runPart, type Part } from './programs.ts';
import { runDiskFaults } from './run-disk-faults.ts';
import { uncertainCeiling, type Tally } from './uncertain.ts';

// All of it: see README.md of this folder. Ends with one line that counts, and with 1 where anything failed.
const SAY_EVERY = 25;
const { values } = parseArgs({
  options: {
    'no-soak': { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
  },
});
const soak = !values['no-soak'];
const { short } = values;

const startedMs = performance.now();
const seconds = (): number => Math.round((performance.now() - startedMs) / 1000);
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
const tasks = tasksOf(census, short ? shortPlan : wholePlan);
say(`${tasks.length} points of a real core`);
let taken = 0;
let unreached = 0;
const tally: Tally = { struck: 0, uncertain: 0 };
const kinds = new Set<string>();
const laneOfTasks = (first: Stage | null = null): Promise<void> =>
  runLane(
    () => tasks[taken++],
    (task, run) => {
      broke(titleOf(task), run.violations);
      if (run.uncertain > 0) say(`${run.uncertain} uncertain: ${titleOf(task)}`);
      tally.uncertain += run.uncertain;
      if (!run.struck) return void (unreached += 1);
      points.real += 1;
      tally.struck += 1;
      for (const kind of kindsOf(task)) kinds.add(kind);
      if (points.real % SAY_EVERY === 0) say(`${points.real} points, ${violations} violations`);
    },
    first,
  );

const diskFaults = (): Promise<unknown> =>
  runDiskFaults(short ? { sync: 8, write: 64 } : { sync: 1, write: 1 }, (line) => {
    points.inProcess += line.points;
    const what = `${line.name}, failing ${line.callClass}`;
    broke(what, line.points === 0 ? ['nothing was struck'] : line.violations);
    say(`${what}: ${line.blow.error} at ${line.points}, ${line.refused} refused`);
  });
const runOf = (part: Part) => async (): Promise<void> => {
  const { tried, violations: broken } = await runPart(part, say);
  violations += broken;
  if (part.points === 'other') others.push(`${part.name}: ${tried}`);
  else points[part.points] += tried;
};
const jobs = [...parts({ short, soak }).map(runOf), diskFaults];
const laneOfJobs = async (): Promise<void> => {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
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
