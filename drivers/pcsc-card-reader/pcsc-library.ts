import type * as Pcsc from 'pcsc-mini';

export type PcscLibrary = typeof Pcsc;

/** Two readers of one process name different daemons. */
export class PcscNamespaceConflict extends Error {
  override readonly name = 'PcscNamespaceConflict';
}

let loadedFor: { readonly csockName: string | null } | undefined;

/**
 * Loads the PC/SC binding on first use, because it needs libpcsclite1 at run time and a terminal
 * without a smart card reader need not have it. `csockName` is the daemon's socket where it is not the
 * system's; libpcsclite reads it from the environment once, so one process knows one daemon. Throws
 * `PcscNamespaceConflict`, or what the module loader throws; the device host makes a fault of the device of either.
 */
export async function loadPcscLibrary(csockName: string | null): Promise<PcscLibrary> {
  if (loadedFor !== undefined && loadedFor.csockName !== csockName) {
    throw new PcscNamespaceConflict('one process can talk to one PC/SC daemon only');
  }
  loadedFor = { csockName };
  if (csockName !== null) process.env['PCSCLITE_CSOCK_NAME'] = csockName;
  return import('pcsc-mini');
}

/** The name that pcsc-mini gives to an SCARD_* code, such as `RemovedCard`. */
export function pcscCodeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  throw error;
}
