import { soak } from './soak.ts';

const [sessions = '10000', seed = '20261122'] = process.argv.slice(2);
const begun = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { points, violations, notes } = await soak(Number(sessions), Number(seed), say);
for (const line of notes) say(line);
const seconds = Math.round((performance.now() - begun) / 1000);
say(`${points} sessions, ${violations.length} violations, ${seconds} s`);
process.exitCode = violations.length === 0 ? 0 : 1;
