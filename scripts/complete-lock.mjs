/**
 * Completes package-lock.json with the platform packages that the registry in use does not hold.
 *
 * Many native packages name one optional package a platform. A registry that lacks some of those
 * versions makes npm leave them out of the lock, and `npm ci` then refuses that lock as incomplete.
 * This adds each missing one with its version, os, cpu and libc, so that npm skips it on other
 * platforms. A lock made against a registry that holds everything needs no such help.
 *
 * Use, with Node 24 first on PATH (older ones make npm choose older versions):
 *   npm install --package-lock-only && node scripts/complete-lock.mjs
 * With --check it writes nothing and exits 1 when something is missing.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const LOCK = new URL('../package-lock.json', import.meta.url);

const OS_WORDS = [
  'darwin',
  'linux',
  'win32',
  'android',
  'freebsd',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
  'openharmony',
];
const CPU_WORDS = [
  'x64',
  'arm64',
  'arm',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
];
const ALIASES = {
  macos: 'darwin',
  windows: 'win32',
  aarch64: 'arm64',
  x86_64: 'x64',
  x86: 'ia32',
  armv7: 'arm',
  armv6: 'arm',
  ppc64le: 'ppc64',
};

/** `@scope/binding-linux-arm64-gnu` → os linux, cpu arm64, libc glibc. */
function platformOf(name) {
  const words = name
    .replace(/^@[^/]+\//, '')
    .split('-')
    .map((word) => ALIASES[word] ?? word);
  const os = words.filter((word) => OS_WORDS.includes(word));
  const cpu = words.filter((word) => CPU_WORDS.includes(word));
  const libc = words.flatMap((word) =>
    ['gnu', 'glibc', 'gnueabihf', 'gnueabi'].includes(word)
      ? ['glibc']
      : /^musl/.test(word)
        ? ['musl']
        : [],
  );
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(libc.length > 0 && os.includes('linux') && { libc }),
    ...(os.length > 0 && { os }),
  };
}

/** Whether Node, looking outwards from the package at `from`, would find `name` in the lock. */
function isResolved(packages, from, name) {
  const parents = from === '' ? [] : from.slice('node_modules/'.length).split('/node_modules/');
  return [...parents.keys(), parents.length].some((depth) => {
    const folder = [...parents.slice(0, depth), name]
      .map((parent) => `node_modules/${parent}`)
      .join('/');
    return packages[folder] !== undefined;
  });
}

const lock = JSON.parse(readFileSync(LOCK, 'utf8'));
const added = [];
const unknown = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isResolved(lock.packages, path, name)) continue;
    const platform = platformOf(name);
    if (
      !/^\d+\.\d+\.\d+/.test(range) ||
      (platform.os === undefined && platform.cpu === undefined)
    ) {
      unknown.push(`${name}@${range} of ${path || 'package.json'}`);
      continue;
    }
    lock.packages[`node_modules/${name}`] = {
      version: range,
      ...platform,
      ...(path !== '' && entry.dev && { dev: true }),
      optional: true,
    };
    added.push(`${name}@${range}`);
  }
}

for (const name of unknown) console.error(`cannot tell the platform of ${name}: add it by hand`);
if (process.argv.includes('--check')) {
  for (const name of added) console.error(`missing from package-lock.json: ${name}`);
  process.exit(added.length + unknown.length > 0 ? 1 : 0);
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
);
const partial = new URL('../package-lock.json.partial', import.meta.url);
writeFileSync(partial, `${JSON.stringify(lock, null, 2)}\n`);
renameSync(partial, LOCK);
console.log(`added ${added.length} platform packages`);
process.exit(unknown.length > 0 ? 1 : 0);
