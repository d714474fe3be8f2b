import { jumpClock } from './clock.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { points, violations } = await jumpClock(undefined, say);
for (const line of violations) say(line);
say(`${points} jumps, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
