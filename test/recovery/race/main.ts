import { runRace } from './race.ts';

const [terminals = '100', requests = '1000'] = process.argv.slice(2);
const begun = performance.now();
const { points, violations, notes } = await runRace(Number(terminals), Number(requests));
for (const line of [...violations.slice(0, 50), ...notes]) process.stdout.write(`${line}\n`);
const seconds = Math.round((performance.now() - begun) / 1000);
process.stdout.write(`${points} requests, ${violations.length} violations, ${seconds} s\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
