import { collected, kia, lesserProfiles, scenarios, violationsOf } from './commit-points.ts';

const [stride = '1'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const runs = [
  ...scenarios.map(([name, , scenario]) => [name, scenario] as const),
  ...lesserProfiles.map(
    ([name, profile]) => [`profile ${name}`, { request: kia, profile, ...collected }] as const,
  ),
];
let points = 0;
let broken = 0;
for (const [name, scenario] of runs) {
  const run = await violationsOf(scenario, Number(stride));
  points += run.points;
  broken += run.violations.length;
  for (const text of run.violations) say(`VIOLATION ${name}: ${text}`);
}
say(`${points} points, ${broken} violations`);
process.exitCode = broken === 0 ? 0 : 1;
