import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { err, ok, type Result } from '../../../src/base/result.ts';
import { weakenVersions } from './weaken-versions.ts';

const require = createRequire(import.meta.url);
const NEWER_THAN_DEBIAN_12 = ['GLIBC_2.38', 'GLIBCXX_3.4.32'];

/** How Jazzer.js is started on this machine. */
export interface Jazzer {
  /** Arguments of node before those of Jazzer.js. */
  readonly nodeArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it runs on the library as it was published. */
  readonly asPublished: boolean;
}

/**
 * Jazzer.js with its library as published where that loads; where glibc is older than the library wants, with
 * a copy under `folder` that does without. The error is a sentence that says why neither works.
 */
export function findJazzer(folder: string): Result<Jazzer, string> {
  const core = path.dirname(require.resolve('@jazzer.js/core/package.json'));
  const cli = path.join(core, 'dist/cli.js');
  const fuzzer = path.dirname(require.resolve('@jazzer.js/fuzzer/package.json', { paths: [core] }));
  const name = `fuzzer-${process.platform}-${process.arch}.node`;
  const published = path.join(fuzzer, 'prebuilds', name);
  if (!existsSync(published)) return err(`Jazzer.js has no library for this platform (${name})`);
  const asIs = loadFault(published, {});
  if (asIs === null) return ok({ nodeArgs: [cli], env: {}, asPublished: true });
  if (!NEWER_THAN_DEBIAN_12.some((version) => asIs.includes(version))) return err(asIs);

  mkdirSync(folder, { recursive: true });
  const copy = path.join(folder, name);
  // Under another name first: a fuzzer that runs already has the old file mapped.
  const fresh = (file: string): string => `${file}.${process.pid}`;
  writeFileSync(fresh(copy), weakenVersions(readFileSync(published), NEWER_THAN_DEBIAN_12));
  renameSync(fresh(copy), copy);
  const missing = path.join(folder, 'older-glibc.so');
  const source = path.join(import.meta.dirname, 'older-glibc.c');
  const flags = ['-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-o', fresh(missing)];
  const compiled = spawnSync('gcc', [...flags, source], { encoding: 'utf8' });
  if (compiled.status !== 0) {
    const reason = compiled.error?.message ?? compiled.stderr.trim();
    return err(`${asIs}; and gcc made no ${path.basename(missing)}: ${reason}`);
  }
  renameSync(fresh(missing), missing);
  const env = { LD_PRELOAD: missing, JAZZER_LIBRARY: copy };
  const patched = loadFault(copy, env);
  if (patched !== null) return err(`${asIs}; and its copy does not load either: ${patched}`);
  const hook = path.join(import.meta.dirname, 'load-copy.mjs');
  return ok({ nodeArgs: ['--import', hook, cli], env, asPublished: false });
}

/** What a child says that loads the library, or null where it loads. */
function loadFault(library: string, env: Readonly<Record<string, string>>): string | null {
  const { status, stderr } = spawnSync(process.execPath, ['-e', `require(${quoted(library)})`], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status === 0) return null;
  return stderr.split('\n').find((line) => line.startsWith('Error: ')) ?? `exit ${String(status)}`;
}

const quoted = (text: string): string => JSON.stringify(text);
