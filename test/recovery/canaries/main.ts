import { searchForCanaries } from './canaries.ts';

const [sessions = '50', waitSeconds = '60'] = process.argv.slice(2);
const begun = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const run = await searchForCanaries(Number(sessions), Number(waitSeconds), say);
for (const line of [...run.violations, ...run.notes, JSON.stringify(run.controls)]) say(line);
const seconds = Math.round((performance.now() - begun) / 1000);
say(`${run.points} sessions, ${run.violations.length} violations, ${seconds} s`);
process.exitCode = run.violations.length === 0 ? 0 : 1;
