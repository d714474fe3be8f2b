import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LabKernel } from './kernel.ts';

const run = promisify(execFile);

/** What the guest needs before it sees the host's root. */
const MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];
const BUSYBOX = '/bin/busybox';
const INIT = path.join(import.meta.dirname, 'guest/init.sh');

/** Packs the first file system of the guest into `file`: one program, a few modules, and nothing else. */
export async function packInitrd(kernel: LabKernel, file: string): Promise<void> {
  const folder = mkdtempSync(`${file}.`);
  for (const place of ['proc', 'sys', 'dev', 'lower', 'upper', 'newroot', 'modules']) {
    mkdirSync(path.join(folder, place));
  }
  copyFileSync(BUSYBOX, path.join(folder, 'busybox'));
  copyFileSync(INIT, path.join(folder, 'init'));
  const order = await loadingOrder(kernel);
  for (const module of order)
    copyFileSync(module, path.join(folder, 'modules', path.basename(module)));
  const names = order.map((module) => path.basename(module));
  writeFileSync(path.join(folder, 'modules/order'), `${names.join('\n')}\n`);
  await run(
    'sh',
    ['-c', 'chmod +x init busybox && find . | cpio -o -H newc --quiet | gzip -1 >"$1"', 'sh', file],
    {
      cwd: folder,
    },
  );
  rmSync(folder, { recursive: true });
}

async function loadingOrder({ release, modules }: LabKernel): Promise<string[]> {
  const root = path.resolve(modules, '../..');
  const files = new Set<string>();
  for (const module of MODULES) {
    const { stdout } = await run('modprobe', ['-d', root, '-S', release, '--show-depends', module]);
    for (const [, file = ''] of stdout.matchAll(/^insmod (\S+)/gm)) files.add(file);
  }
  return [...files];
}
