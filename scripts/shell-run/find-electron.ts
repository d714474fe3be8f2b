import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { err, ok, type Result } from '../../src/base/result.ts';

export interface ElectronFound {
  readonly folder: string;
  readonly executable: string;
  /** As `25.1.1`; `unknown` where the folder does not say. */
  readonly version: string;
}

export interface NoElectron {
  readonly kind: 'noElectron';
  readonly lookedIn: readonly string[];
}

const root = path.resolve(import.meta.dirname, '../..');

/** The Electron to use: `ELECTRON_OVERRIDE_DIST_PATH` if it is set, else the one the npm package fetched. */
export function findElectron(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<ElectronFound, NoElectron> {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '';
  const folder = override === '' ? path.join(root, 'node_modules/electron/dist') : override;
  const executable = path.join(folder, 'electron');
  if (!existsSync(executable)) return err({ kind: 'noElectron', lookedIn: [folder] });
  const versionFile = path.join(folder, 'version');
  const version = existsSync(versionFile)
    ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
    : 'unknown';
  return ok({ folder, executable, version });
}
