import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { assert } from '../../../src/base/assert.ts';

/** A name that no machine has, as long as the one it stands for. */
export const ABSENT_LIBRARY = 'libpcsclite.so.9';

/** Writes a real addon into `folder`, in which one needed library is called `ABSENT_LIBRARY`; returns its path. */
export function addonWithoutLibrary(folder: string): string {
  const require = createRequire(import.meta.url);
  const fromPcscMini = createRequire(require.resolve('pcsc-mini'));
  const platform = process.arch === 'arm64' ? 'linux-aarch64-gnu' : 'linux-x86_64-gnu';
  const bytes = readFileSync(fromPcscMini.resolve(`@pcsc-mini/${platform}`));
  const at = bytes.indexOf('libpcsclite.so.1\0');
  assert(at > 0, 'the addon names its library');
  bytes.write(ABSENT_LIBRARY, at, 'latin1');
  const path = join(folder, 'addon.node');
  writeFileSync(path, bytes);
  return path;
}
