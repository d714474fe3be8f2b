import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface LabKernel {
  /** As `uname -r` says it. */
  readonly release: string;
  readonly image: string;
  /** What belongs at /lib/modules. */
  readonly modules: string;
}

/** Debian's generic kernel; the one for clouds has neither gadgets nor the buses that they sit on. */
const META_PACKAGE = 'linux-image-amd64';

/** Unpacks the kernel below `folder`, from Debian's archive and only once. Installs nothing. */
export async function labKernel(folder: string): Promise<LabKernel> {
  const { stdout } = await run('apt-cache', ['depends', META_PACKAGE]);
  const name = /Depends: (linux-image-\S+-amd64)/.exec(stdout)?.[1];
  if (name === undefined) throw new Error(`${META_PACKAGE} names no kernel: ${stdout}`);
  const release = name.slice('linux-image-'.length);
  const unpacked = path.join(folder, release);
  if (!existsSync(unpacked)) await unpack(name, release, unpacked);
  return {
    release,
    image: path.join(unpacked, 'boot', `vmlinuz-${release}`),
    modules: path.join(unpacked, 'lib/modules'),
  };
}

async function unpack(name: string, release: string, unpacked: string): Promise<void> {
  mkdirSync(path.dirname(unpacked), { recursive: true });
  const fresh = mkdtempSync(`${unpacked}.`);
  await run('apt-get', ['download', name], { cwd: fresh });
  const [archive] = readdirSync(fresh).filter((file) => file.endsWith('.deb'));
  if (archive === undefined) throw new Error(`apt-get download left no ${name}`);
  await run('dpkg-deb', ['-x', archive, '.'], { cwd: fresh });
  rmSync(path.join(fresh, archive));
  await run('depmod', ['-b', fresh, release]);
  renameSync(fresh, unpacked);
}
