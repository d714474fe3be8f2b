import { runLane, takeCensus, titleOf } from './lane.ts';
import { everyMovement } from './plan.ts';

// node in-flight.main.ts [STRIDE]: core dies with each movement, or each of so many, and is back before it ends.
/** Longer than core needs until it looks at its devices. */
const STEP_MS = 3_000;

const [stride = '1'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { census, stage } = await takeCensus(STEP_MS);
const tasks = everyMovement(census).filter((_, index) => index % Number(stride) === 0);
let taken = 0;
let struck = 0;
const broken: string[] = [];
await runLane(
  () => tasks[taken++],
  (task, run) => {
    const found = [
      ...run.violations,
      ...(run.struck ? [] : ['was not reached']),
      ...(run.uncertain === 0 ? [] : [`${run.uncertain} uncertain`]),
    ];
    if (run.struck) struck += 1;
    for (const text of found) say(`VIOLATION ${titleOf(task)}: ${text}`);
    broken.push(...found);
  },
  stage,
  STEP_MS,
);
say(`${struck} points, ${broken.length} violations`);
process.exitCode = broken.length === 0 ? 0 : 1;
