import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { printTable } from '../table.ts';
import { measureApdus } from './apdus.ts';
import { measureFrames } from './frames.ts';
import { measurePlanes } from './planes.ts';

const root = path.resolve(import.meta.dirname, '../../../out/bench');
mkdirSync(root, { recursive: true });
const folder = mkdtempSync(path.join(root, 'devices-'));
/** Short, because the name of a socket may not be long. */
const labFolder = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
const load = (): string => os.loadavg()[0]?.toFixed(1) ?? '?';
try {
  process.stdout.write(`medians; load ${load()} on ${os.cpus().length} cores\n`);
  const apdus = await measureApdus(labFolder);
  const frames = await measureFrames(folder);
  const planes = await measurePlanes();
  printTable([apdus, ...(frames === null ? [] : [frames]), ...planes]);
  process.stdout.write(`load at the end ${load()}\n`);
} finally {
  for (const made of [folder, labFolder]) rmSync(made, { recursive: true });
}
