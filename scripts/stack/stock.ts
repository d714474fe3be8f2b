import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { openReadOnly } from '../../src/store/open-database.ts';
import { root } from './program.ts';
import type { Web } from './web.ts';

const ranges = [
  { feeder: 'ktp', kind: 'ktpEl', batch: 'SPES-KTP-1', stem: 'SPKTP' },
  { feeder: 'kia', kind: 'kia', batch: 'SPES-KIA-1', stem: 'SPKIA' },
] as const;

const SERIAL_DIGITS = 5;

const state = z.object({
  cardPrinter: z.object({ feeders: z.array(z.object({ name: z.string(), count: z.number() })) }),
});

const lastRow = z.object({ last: z.number().int().nullable() });

/** The number after the highest that the ledger ever had of this stem: an emptied feeder gets new blanks. */
function nextNumber(dataDir: string, stem: string): number {
  const file = path.join(dataDir, 'journal.db');
  if (!existsSync(file)) return 1;
  const journal = openReadOnly(file);
  if (!journal.ok) throw new Error(`the ledger cannot be read: ${journal.error.kind}`);
  const highest = journal.value.get(
    lastRow,
    'SELECT max(CAST(substr(serial, ?) AS INTEGER)) AS last FROM blanks WHERE serial GLOB ?',
    stem.length + 1,
    `${stem}${'[0-9]'.repeat(SERIAL_DIGITS)}`,
  );
  journal.value.close();
  return (highest?.last ?? 0) + 1;
}

/**
 * Puts specimen blanks into the empty ones of the simulated feeders and the same serials into the ledger.
 * Core is down: the ledger is written by the command.
 */
export async function loadBlanks(dataDir: string, panel: Web, count = 40): Promise<void> {
  const { cardPrinter } = await panel.get('/api/state', state);
  for (const { feeder, kind, batch, stem } of ranges) {
    const inFeeder = cardPrinter.feeders.find(({ name }) => name === feeder)?.count ?? 0;
    if (inFeeder > 0) continue;
    const first = nextNumber(dataDir, stem);
    const serials = Array.from(
      { length: count },
      (_, index) => `${stem}${String(first + index).padStart(SERIAL_DIGITS, '0')}`,
    );
    const [firstSerial = ''] = serials;
    const options = { feeder, kind, batch, 'first-serial': firstSerial, count: String(count) };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const run = spawnSync(
      path.join(root, 'scripts/anjungan'),
      ['--data', dataDir, 'stock', 'load', ...args],
      { encoding: 'utf8' },
    );
    if (run.status !== 0) throw new Error(`stock load: ${run.stdout}${run.stderr}`);
    const blanks = serials.map((serial) => ({ kind, batch, serial }));
    await panel.post('/api/feeder/load', { feeder, blanks });
  }
}
