import { calls, type CallName } from './conversation.ts';
import { cutRegistry, fullPlan } from './cut.ts';

// node main.ts [STRIDE [CALL…]]: every byte and every call where nothing else is said.
const [stride, ...named] = process.argv.slice(2);
const plan = stride === undefined ? fullPlan : { ...fullPlan, stride: Number(stride) };
const asked = calls.filter(([name]) => named.length === 0 || named.includes(name));
const begun = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { points, violations } = await cutRegistry(plan, asked, say);
say(
  `${points} cuts, ${violations.length} violations, ${Math.round((performance.now() - begun) / 1000)} s`,
);
const known = calls.map(([name]) => name);
const isKnown = (name: string): boolean => known.includes(name as CallName);
process.exitCode = violations.length === 0 && named.every(isKnown) ? 0 : 1;
