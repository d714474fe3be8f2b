/** Drivers on real kernel devices: `npm run lab`. Ends with `N devices, N passed, N failed`. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { requirePrograms } from '../../scripts/lab/lab-error.ts';
import { bundleGuestPrograms } from '../../scripts/lab/usb/guest-program.ts';
import { packInitrd } from '../../scripts/lab/usb/initrd.ts';
import { labKernel } from '../../scripts/lab/usb/kernel.ts';
import { obeyOrders } from '../../scripts/lab/usb/orders.ts';
import { ReaderHands, readerArguments, type ReaderOrder } from '../../scripts/lab/usb/readers.ts';
import { runInGuest } from '../../scripts/lab/usb/virtual-machine.ts';
import { strayDevices } from './lab-devices.ts';

const LIMIT_MS = 8 * 60_000;
const root = path.resolve(import.meta.dirname, '../..');
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
  ['pcscd', 'pcscd'],
]);
mkdirSync(out, { recursive: true });
const kernel = await labKernel(kept);
const initrd = path.join(out, 'initrd.gz');
await packInitrd(kernel, initrd);
const guest = path.join(import.meta.dirname, 'guest');
await bundleGuestPrograms(
  {
    main: path.join(guest, 'main.ts'),
    'printer-gadget': path.join(guest, 'printer-gadget.ts'),
    'receipt-printer-gadget': path.join(guest, 'receipt-printer-gadget.ts'),
  },
  path.join(out, 'programs'),
  { '@jest/globals': path.join(guest, 'suite-globals.ts') },
);
const begun = performance.now();
const guestOut = path.join(out, 'guest');
// Sockets have short names; the folder of a checkout may be long.
const sockets = mkdtempSync(path.join(tmpdir(), 'anj-usb-'));
const hands = new ReaderHands(sockets);
const run = await runInGuest({
  kernel,
  initrd,
  program: path.join(out, 'programs/main.mjs'),
  outFolder: guestOut,
  devices: readerArguments(sockets),
  beside: async (isOver) => {
    while (!existsSync(path.join(sockets, 'monitor.sock')) && !isOver()) await delay(50);
    if (isOver()) return;
    await hands.begin();
    await obeyOrders(guestOut, (order) => hands.obey(order as ReaderOrder), isOver);
    hands.leave();
  },
  limitMs: LIMIT_MS,
});
rmSync(sockets, { recursive: true });
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
  const how =
    run.exitCode === null
      ? `came to no end (its machine: ${run.machineEnding})`
      : `ended with ${run.exitCode}`;
  process.stdout.write(`FAIL the guest ${how} after ${seconds} s\n${run.console}\n`);
}
for (const stray of strayDevices(devices)) {
  failed += 1;
  process.stdout.write(`FAIL ${stray}\n`);
}
writeFileSync(path.join(out, 'counts.json'), JSON.stringify({ passed, failed }));
process.stdout.write(`${devices.size} devices, ${passed} passed, ${failed} failed, ${seconds} s\n`);
process.exitCode = failed === 0 ? 0 : 1;
