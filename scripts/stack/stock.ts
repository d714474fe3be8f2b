import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { root } from './program.ts';
import type { Web } from './web.ts';

const ranges = [
  { feeder: 'ktp', kind: 'ktpEl', batch: 'SPES-KTP-1', firstSerial: 'SPKTP00001', count: 40 },
  { feeder: 'kia', kind: 'kia', batch: 'SPES-KIA-1', firstSerial: 'SPKIA00001', count: 40 },
] as const;

const state = z.object({
  cardPrinter: z.object({ feeders: z.array(z.object({ name: z.string(), count: z.number() })) }),
});

const serialsOf = (first: string, count: number): string[] => {
  const [, stem = '', digits = ''] = /^(.*?)(\d+)$/.exec(first) ?? [];
  return Array.from({ length: count }, (_, index) =>
    stem.concat(String(Number(digits) + index).padStart(digits.length, '0')),
  );
};

/** Puts specimen blanks into the simulated feeders and the same serials into the ledger; once. */
export async function loadBlanks(dataDir: string, panel: Web): Promise<void> {
  const { cardPrinter } = await panel.get('/api/state', state);
  for (const { feeder, kind, batch, firstSerial, count } of ranges) {
    const inFeeder = cardPrinter.feeders.find(({ name }) => name === feeder)?.count ?? 0;
    if (inFeeder > 0) continue;
    const blanks = serialsOf(firstSerial, count).map((serial) => ({ kind, batch, serial }));
    await panel.post('/api/feeder/load', { feeder, blanks });
    const options = { feeder, kind, batch, 'first-serial': firstSerial, count: String(count) };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const run = spawnSync(
      path.join(root, 'scripts/anjungan'),
      ['--data', dataDir, 'stock', 'load', ...args],
      { encoding: 'utf8' },
    );
    if (run.status !== 0) throw new Error(`stock load: ${run.stdout}${run.stderr}`);
  }
}
