import { rmSync } from 'node:fs';
import os from 'node:os';
import { printTable } from '../table.ts';
import { measureAppends } from './appends.ts';
import { flushesPerTransaction } from './flushes.ts';
import { benchFolder } from './record.ts';
import { measureStarts } from './starts.ts';
import { measureVerifying } from './verifying.ts';

const folder = benchFolder();
const load = (): string => os.loadavg()[0]?.toFixed(1) ?? '?';
process.stdout.write(
  `floor of appends: 4 kB overwritten and fdatasync; load ${load()} on ${os.cpus().length} cores\n`,
);
const appends = await measureAppends(folder);
const flushes = flushesPerTransaction(folder);
const verifying = await measureVerifying(folder);
const start = measureStarts(folder);
printTable([
  ...appends,
  {
    name: 'flushes a transaction, as strace counts',
    ours: flushes,
    peer: null,
    floor: 1,
    goal: { atMost: 1 },
  },
  ...verifying,
  start,
]);
process.stdout.write(`load at the end ${load()}\n`);
rmSync(folder, { recursive: true });
