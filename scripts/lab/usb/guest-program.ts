import { build } from 'esbuild';
import { requireBanner } from '../../programs/require-banner.ts';

/**
 * Bundles each program that the guest is to run into one file: over the line to the host's disk each further
 * file takes long. Packages of machine code stay where they are, in the host's node_modules.
 */
export async function bundleGuestPrograms(
  entries: Readonly<Record<string, string>>,
  folder: string,
  /** Files that stand in place of packages which the guest has no use for. */
  inPlaceOf: Readonly<Record<string, string>>,
): Promise<void> {
  await build({
    entryPoints: { ...entries },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    alias: { ...inPlaceOf },
    external: ['node-hid', 'serialport', 'usb', 'pcsc-mini'],
    // A bundled package that asks where it lies is told where the bundle does.
    define: { __dirname: 'import.meta.dirname' },
    banner: { js: requireBanner },
    logLevel: 'warning',
  });
}
