import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { ShimControl } from './shim.ts';

const line = z.object({
  name: z.string(),
  callClass: z.string(),
  blow: z.object({ kind: z.string(), error: z.string() }),
  points: z.number().int(),
  refused: z.number().int(),
  violations: z.array(z.string()),
});
export type FaultLine = z.infer<typeof line>;

/** Where `Bench` keeps its databases; everything below it counts. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

/**
 * Fails each k-th flush and each k-th write, or one of so many, of core's issuance on real SQLite, in a
 * process of its own beside a simulated printer and registry. Completes with one line a scenario and fault.
 */
export async function runDiskFaults(
  strides: { readonly sync: number; readonly write: number },
  said: (one: FaultLine) => void = () => undefined,
): Promise<readonly FaultLine[]> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'anj-flt-'));
  const shim = new ShimControl(path.join(dir, 'control'));
  const entry = path.join(import.meta.dirname, 'disk-faults.main.ts');
  const args = [`--sync-stride=${strides.sync}`, `--write-stride=${strides.write}`];
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...shim.environment(scratch) },
  });
  try {
    const lines: FaultLine[] = [];
    const wrong = text(child.stderr);
    createInterface({ input: child.stdout }).on('line', (json) => {
      const one = line.parse(JSON.parse(json));
      lines.push(one);
      said(one);
    });
    const [status] = (await once(child, 'close')) as [number | null];
    if (status !== 0)
      throw new Error(`the faulted process ended with ${status ?? 'a signal'}: ${await wrong}`);
    return lines;
  } finally {
    child.kill('SIGKILL');
    shim.close();
    rmSync(dir, { recursive: true });
  }
}
