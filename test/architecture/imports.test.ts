import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

const root = path.resolve(import.meta.dirname, '../..');
const output = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});

function cruise(cwd: string, ...folders: string[]): { cruised: number; violations: string[] } {
  const run = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      path.join(root, '.dependency-cruiser.js'),
      '--output-type',
      'json',
      ...folders,
    ],
    { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  const { summary } = output.parse(JSON.parse(run.stdout));
  return {
    cruised: summary.totalCruised,
    violations: summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`),
  };
}

describe('the import rules', () => {
  it('hold in every folder', () => {
    const { cruised, violations } = cruise(root, 'src', 'drivers', 'scripts');
    expect(violations).toEqual([]);
    expect(cruised).toBeGreaterThan(150);
  }, 120_000);

  it('would catch a domain file that reads a device', () => {
    const house = mkdtempSync(path.join(os.tmpdir(), 'planted-'));
    try {
      for (const folder of ['src/domain', 'src/devices']) {
        mkdirSync(path.join(house, folder), { recursive: true });
      }
      writeFileSync(path.join(house, 'tsconfig.json'), '{}');
      writeFileSync(path.join(house, 'src/devices/ports.ts'), 'export const port = 1;\n');
      writeFileSync(path.join(house, 'src/domain/person.ts'), "import '../devices/ports.ts';\n");
      expect(cruise(house, 'src').violations).toEqual([
        'src-domain-imports: src/domain/person.ts → src/devices/ports.ts',
      ]);
    } finally {
      rmSync(house, { recursive: true });
    }
  }, 120_000);
});
