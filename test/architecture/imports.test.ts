import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../..');
const output = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});

function cruise(...folders: string[]): { cruised: number; violations: string[] } {
  const run = spawnSync(
    process.execPath,
    [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--output-type',
      'json',
      ...folders,
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  const { summary } = output.parse(JSON.parse(run.stdout));
  return {
    cruised: summary.totalCruised,
    violations: summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`),
  };
}

describe('the import rules', () => {
  it('hold in every folder', () => {
    const { cruised, violations } = cruise('src', 'drivers', 'scripts');
    expect(violations).toEqual([]);
    expect(cruised).toBeGreaterThan(150);
  }, 120_000);

  it('would catch a domain file that reads a device', () => {
    const planted = path.join(root, 'src/domain/planted-for-the-import-test.ts');
    mkdirSync(path.dirname(planted), { recursive: true });
    writeFileSync(planted, "import '../devices/ports.ts';\n");
    try {
      expect(cruise('src/domain').violations).toEqual([
        'src-domain-imports: src/domain/planted-for-the-import-test.ts → src/devices/ports.ts',
      ]);
    } finally {
      rmSync(planted);
    }
  }, 120_000);
});
