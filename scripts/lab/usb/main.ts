/** Drivers on real kernel devices: `npm run lab`. Ends with `N devices, N passed, N failed`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { requirePrograms } from '../lab-error.ts';
import { bundleGuestPrograms } from './guest-program.ts';
import { packInitrd } from './initrd.ts';
import { labKernel } from './kernel.ts';
import { runInGuest } from './virtual-machine.ts';

const LIMIT_MS = 8 * 60_000;
const root = path.resolve(import.meta.dirname, '../../..');
const kept = path.join(root, '.cache/usb-lab');
const out = path.join(root, 'out/lab');

const caseResult = z.strictObject({
  device: z.string(),
  name: z.string(),
  fault: z.string().nullable(),
  ms: z.number(),
});

requirePrograms([
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['busybox', 'busybox-static'],
  ['cpio', 'cpio'],
  ['modprobe', 'kmod'],
]);
mkdirSync(out, { recursive: true });
const kernel = await labKernel(kept);
const initrd = path.join(out, 'initrd.gz');
await packInitrd(kernel, initrd);
const guest = path.join(root, 'test/lab/guest');
await bundleGuestPrograms(
  { main: path.join(guest, 'main.ts'), 'printer-gadget': path.join(guest, 'printer-gadget.ts') },
  path.join(out, 'programs'),
);
const begun = performance.now();
const run = await runInGuest({
  kernel,
  initrd,
  program: path.join(out, 'programs/main.mjs'),
  outFolder: path.join(out, 'guest'),
  limitMs: LIMIT_MS,
});
const seconds = Math.round((performance.now() - begun) / 1000);

const devices = new Set<string>();
let passed = 0;
let failed = 0;
for (const line of run.said.split('\n').filter((text) => text !== '')) {
  const parsed = line.startsWith('{') ? caseResult.safeParse(JSON.parse(line)) : null;
  if (parsed?.success !== true) {
    process.stdout.write(`guest: ${line}\n`);
    continue;
  }
  const { device, name, fault, ms } = parsed.data;
  devices.add(device);
  if (fault === null) passed += 1;
  else failed += 1;
  process.stdout.write(`${fault === null ? 'PASS' : 'FAIL'} ${device} ${name} (${ms} ms)\n`);
  if (fault !== null) process.stdout.write(`     ${fault}\n`);
}
if (run.exitCode !== 0) {
  failed += 1;
  const how = run.exitCode === null ? 'came to no end' : `ended with ${run.exitCode}`;
  process.stdout.write(`FAIL the guest ${how} after ${seconds} s\n${run.console}\n`);
}
writeFileSync(path.join(out, 'counts.json'), JSON.stringify({ passed, failed }));
process.stdout.write(`${devices.size} devices, ${passed} passed, ${failed} failed, ${seconds} s\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
