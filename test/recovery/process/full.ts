import { killedMutants, mutants } from '../mutants.ts';
import { kia, collected, lesserProfiles, scenarios, violationsOf } from '../commit-points.ts';
import { runLane, takeCensus, titleOf } from './lane.ts';
import { tasksOf, wholePlan } from './plan.ts';
import { recordAndProve } from './proof.ts';
import { runDiskFaults } from './run-disk-faults.ts';

// All of it: see README.md of this folder. Ends with one line that counts, and with 1 where anything failed.
const LANES = 2;
const SAY_EVERY = 25;

const startedMs = performance.now();
const seconds = (): number => Math.round((performance.now() - startedMs) / 1000);
const say = (line: string): void => void process.stdout.write(`[${seconds()} s] ${line}\n`);

let points = 0;
const violations: string[] = [];
const count = (what: string, tried: number, broken: readonly string[]): void => {
  points += tried;
  violations.push(...broken);
  for (const one of broken) say(`VIOLATION ${what}: ${one}`);
};

const census = await takeCensus();
say(`calls of an undisturbed session: ${JSON.stringify(census)}`);
const tasks = tasksOf(census, wholePlan);
say(`${tasks.length} points of a real core in ${LANES} worlds`);
let done = 0;
let unreached = 0;
const lane = (): Promise<void> =>
  runLane(
    () => tasks[done++],
    (task, run) => {
      if (!run.struck) unreached += 1;
      count(titleOf(task), run.struck ? 1 : 0, run.violations);
      if (points % SAY_EVERY === 0 && run.struck) {
        say(`${points} points, ${violations.length} violations`);
      }
    },
  );
await Promise.all(Array.from({ length: LANES }, lane));
say(`${points} points of a real core; ${unreached} sessions were over before their point`);

for (const [name, , scenario] of scenarios) {
  const run = await violationsOf(scenario);
  count(name, run.points, run.violations);
}
for (const [name, profile] of lesserProfiles) {
  const run = await violationsOf({ request: kia, profile, ...collected });
  count(name, run.points, run.violations);
}
say(`${points} points with the commits and commands of an in-process core`);

await runDiskFaults(1, (line) => {
  count(`${line.name}, failing ${line.callClass}`, line.points, line.violations);
  say(
    `${line.name}: ${line.blow.error} at ${line.points} of ${line.callClass}, ${line.refused} refused`,
  );
});

const { proof, replayed } = await recordAndProve({
  scripts: ['replacement', 'kia', 'kk'],
  stride: 2,
});
count(
  'order',
  0,
  proof.unannounced.map((name) => `${name} before its intent was flushed`),
);
say(`${proof.commands.length} of ${proof.commands.length} movements followed a flushed intent`);
count('power cut', replayed.images, replayed.violations);
say(`${replayed.images} disks after a power cut`);

const killed = await killedMutants();
for (const one of mutants) if (!killed.includes(one)) say(`SURVIVED ${one.fault}: ${one.test}`);
const ok = violations.length === 0 && killed.length === mutants.length;
process.exitCode = ok ? 0 : 1;
process.stdout.write(
  `${points} crash points, ${violations.length} violations, ` +
    `${killed.length} of ${mutants.length} mutants killed, ${seconds()} s\n`,
);
