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

  it.each([
    [
      'a domain file that reads a device',
      'src/domain/person.ts',
      'src/devices/ports.ts',
      'src-domain',
    ],
    [
      'a driver that leans on another of its protocol',
      'drivers/ipp-card-printer/driver.ts',
      'drivers/ipp-page-printer/status.ts',
      'drivers-ipp-card-printer',
    ],
    [
      'a protocol that knows a driver of it',
      'drivers/ipp/protocol.ts',
      'drivers/ipp-page-printer/status.ts',
      'drivers-ipp',
    ],
    [
      'a driver that leans on a protocol which is not its own',
      'drivers/hid-code-scanner/driver.ts',
      'drivers/ipp/protocol.ts',
      'drivers-hid-code-scanner',
    ],
  ])(
    'would catch %s',
    (_what, from, to, rule) => {
      const house = mkdtempSync(path.join(os.tmpdir(), 'planted-'));
      try {
        for (const file of [from, to]) {
          mkdirSync(path.join(house, path.dirname(file)), { recursive: true });
        }
        writeFileSync(path.join(house, 'tsconfig.json'), '{}');
        writeFileSync(path.join(house, to), 'export const planted = 1;\n');
        writeFileSync(path.join(house, from), `import '../../${to}';\n`);
        const [folder = ''] = from.split('/');
        expect(cruise(house, folder).violations).toEqual([`${rule}-imports: ${from} → ${to}`]);
      } finally {
        rmSync(house, { recursive: true });
      }
    },
    120_000,
  );

  it('let a driver use the protocol that it speaks', () => {
    const house = mkdtempSync(path.join(os.tmpdir(), 'planted-'));
    try {
      for (const folder of ['drivers/ipp', 'drivers/ipp-page-printer']) {
        mkdirSync(path.join(house, folder), { recursive: true });
      }
      writeFileSync(path.join(house, 'tsconfig.json'), '{}');
      writeFileSync(path.join(house, 'drivers/ipp/protocol.ts'), 'export const planted = 1;\n');
      writeFileSync(
        path.join(house, 'drivers/ipp-page-printer/driver.ts'),
        "import '../ipp/protocol.ts';\n",
      );
      expect(cruise(house, 'drivers').violations).toEqual([]);
    } finally {
      rmSync(house, { recursive: true });
    }
  }, 120_000);
});
