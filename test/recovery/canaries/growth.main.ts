import { watchGrowth } from './growth.ts';

const [sessions = '120'] = process.argv.slice(2);
const begun = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { points, violations, notes } = await watchGrowth(Number(sessions), say);
for (const line of [...violations, ...notes]) say(line);
const seconds = Math.round((performance.now() - begun) / 1000);
say(`${points} sessions, ${violations.length} violations, ${seconds} s`);
process.exitCode = violations.length === 0 ? 0 : 1;
