import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { median, type Measure } from '../table.ts';
import { openAt } from './record.ts';

const ROUNDS = 25;

/** Milliseconds until the record is open and its newest part checked, after a crash and after an orderly end. */
export function measureStarts(folder: string): Measure {
  const ends = ['clean', 'crash'] as const;
  const child = path.join(import.meta.dirname, 'starts-child.ts');
  for (const end of ends) {
    spawnSync(process.execPath, [child, path.join(folder, end), end], { stdio: 'inherit' });
  }
  const times = { clean: [] as number[], crash: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    // In turn first and second: the one that is opened second finds warmer caches.
    for (const end of round % 2 === 0 ? ends : ends.toReversed()) {
      const copy = path.join(folder, 'start');
      rmSync(copy, { recursive: true, force: true });
      cpSync(path.join(folder, end), copy, { recursive: true });
      const began = performance.now();
      const opened = openAt(copy);
      times[end].push(performance.now() - began);
      opened.folder.close();
    }
  }
  return {
    name: 'open and check the record after a crash, ms (floor: after a clean end)',
    ours: median(times.crash),
    peer: null,
    floor: median(times.clean),
    goal: { atMost: 1.3 },
    digits: 1,
  };
}
