import { cutRegistry, fullPlan } from './cut.ts';

const [stride] = process.argv.slice(2);
const plan = stride === undefined ? fullPlan : { ...fullPlan, stride: Number(stride) };
const begun = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { points, violations } = await cutRegistry(plan, say);
say(
  `${points} cuts, ${violations.length} violations, ${Math.round((performance.now() - begun) / 1000)} s`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
