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

/** The package of the newest that the machine's lists of packages know; null where they know none. */
async function newestKernel(): Promise<string | null> {
  const { stdout } = await run('apt-cache', ['depends', META_PACKAGE]).catch(failed);
  return /Depends: (linux-image-\S+-amd64)/.exec(stdout)?.[1] ?? null;
}

/** What a program that ended badly had said until then. */
function failed(cause: unknown): { readonly stdout: string } {
  if (cause instanceof Error && 'stdout' in cause) return { stdout: String(cause.stdout) };
  throw cause;
}

/**
 * Unpacks the kernel below `folder`, from Debian's archive and only once, with fresh lists of packages where
 * the machine's are none. Installs nothing.
 */
export async function labKernel(folder: string): Promise<LabKernel> {
  let name = await newestKernel();
  if (name === null) {
    await run('apt-get', ['update']);
    name = await newestKernel();
  }
  if (name === null) throw new Error(`${META_PACKAGE} names no kernel`);
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
