import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../../scripts/stack/program.ts';

/** What core and its device host load; killed too early, they keep no compiled code of their own. */
const LOADED = [
  'src/core/boot.ts',
  'drivers/host/run-host.ts',
  'drivers/ipp-page-printer/driver.ts',
  'drivers/simulated-card-printer/driver.ts',
  'drivers/simulated-motor-card-reader/driver.ts',
];
/** The same where the programs are bundled. */
const CHUNKS = path.join(root, 'dist/programs/chunks');

let folder: string | null = null;

/** A folder of compiled code that is good for a thousand starts; filled at the first call of a process. */
export function codeCache(): string {
  if (folder !== null) return folder;
  folder = path.join(os.tmpdir(), `anj-code-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const chunks = existsSync(CHUNKS) ? readdirSync(CHUNKS) : [];
  const files = [
    ...LOADED.map((file) => path.join(root, file)),
    ...chunks.map((file) => path.join(CHUNKS, file)),
  ];
  const imports = files.map((file) => `await import(${JSON.stringify(file)});`);
  const script = `import { flushCompileCache } from 'node:module';${imports.join('')}flushCompileCache();process.exit(0)`;
  const env = { ...process.env, NODE_COMPILE_CACHE: folder };
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`core cannot be loaded: ${stderr}`);
  return folder;
}
