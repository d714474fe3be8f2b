import { spawnSync } from 'node:child_process';
import { coreEnvironment } from '../../../scripts/stack/parts.ts';
import { soak } from './soak.ts';

const withoutCore = Object.entries(coreEnvironment).some(
  ([name, value]) => process.env[name] !== value,
);
if (withoutCore) {
  // As core is started: the allocator reads its settings once, at the start of a process.
  const { status } = spawnSync(process.execPath, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, ...coreEnvironment },
  });
  process.exit(status ?? 1);
}

const [sessions = '10000', seed = '20261122'] = process.argv.slice(2);
const begun = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { points, violations, notes } = await soak(Number(sessions), Number(seed), say);
for (const line of notes) say(line);
const seconds = Math.round((performance.now() - begun) / 1000);
say(`${points} sessions, ${violations.length} violations, ${seconds} s`);
process.exitCode = violations.length === 0 ? 0 : 1;
