import { execFile, execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { writeDurably } from '../../store/write-durably.ts';
import { rawFromDer } from './ecdsa-form.ts';
import { PUBLIC_KEY_FILE, SignerUnavailable, type CheckpointSigner } from './signer.ts';

/** Where the TPM is and which key in it signs. */
export interface TpmKey {
  /** As tpm2-tools take it: `device:/dev/tpmrm0`, or `swtpm:path=SOCKET` of a simulated one. */
  readonly tcti: string;
  /** Persistent handle, such as `0x81010001`. */
  readonly handle: string;
}

export type TpmSignerError =
  /** The tools are not installed, or no TPM answers there. */
  | { readonly kind: 'tpmUnavailable'; readonly tcti: string }
  /** There is a journal, and a TPM without the key that signed it. */
  | { readonly kind: 'tpmKeyMissing'; readonly handle: string }
  /** The object at the handle is no P-256 key that may sign. */
  | { readonly kind: 'tpmKeyUnsuitable'; readonly handle: string };

/** A TPM 2.0 signs in well under a second; one that takes this long has died. */
const TOOL_MS = 10_000;
/** Made in the TPM, cannot leave it, signs and nothing else (TPM 2.0 Library, part 1, section 25). */
const KEY_ATTRIBUTES = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign|noda';
const SIGN = ['-Q', '-g', 'sha256', '-s', 'ecdsa', '-f', 'plain'] as const;

/**
 * A P-256 key that lives in a TPM 2.0, by tpm2-tools; signing runs beside the event loop. The key is made
 * where the handle is empty and `mayCreate` says so. Writes the public key into `keysFolder`, and passing
 * files through `scratchFolder`: heads and signatures, nothing secret.
 */
export function openTpmSigner(
  { tcti, handle }: TpmKey,
  options: {
    readonly keysFolder: string;
    readonly scratchFolder: string;
    readonly mayCreate: boolean;
  },
): Result<CheckpointSigner, TpmSignerError> {
  const scratch = mkdtempSync(join(options.scratchFolder, 'tpm-'));
  try {
    const pem = readPublicKey({ tcti, handle }, scratch, options.mayCreate);
    if (!pem.ok) return pem;
    const publicKey = createPublicKey(pem.value);
    if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
      return err({ kind: 'tpmKeyUnsuitable', handle });
    }
    writeDurably(join(options.keysFolder, PUBLIC_KEY_FILE), pem.value, 0o644);
    return ok({
      algorithm: 'ecdsa-p256-sha256',
      publicKey,
      sign: (bytes) => signWith({ tcti, handle }, options.scratchFolder, bytes),
    });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The key at the handle as PEM, seen to sign. */
function readPublicKey(
  { tcti, handle }: TpmKey,
  scratch: string,
  mayCreate: boolean,
): Result<string, TpmSignerError> {
  const run = (tool: string, ...args: string[]): boolean => runTool(tool, tcti, args);
  if (!run('tpm2_getcap', 'properties-fixed')) return err({ kind: 'tpmUnavailable', tcti });
  const pemFile = join(scratch, 'public.pem');
  const read = (): boolean =>
    run('tpm2_readpublic', '-Q', '-c', handle, '-f', 'pem', '-o', pemFile);
  if (!read()) {
    if (!mayCreate) return err({ kind: 'tpmKeyMissing', handle });
    const context = join(scratch, 'key.ctx');
    const kind = ['-g', 'sha256', '-G', 'ecc256:ecdsa-sha256', '-a', KEY_ATTRIBUTES];
    const made =
      run('tpm2_createprimary', '-Q', '-C', 'o', ...kind, '-c', context) &&
      run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', context, handle) &&
      // Without a resource manager the loaded copy would keep one of the TPM's few places for ever.
      run('tpm2_flushcontext', '-t') &&
      read();
    if (!made) return err({ kind: 'tpmKeyUnsuitable', handle });
  }
  // A key that reads well may still refuse to sign; better known before anybody is served.
  const trial = ['-o', join(scratch, 'trial.sig'), pemFile];
  return run('tpm2_sign', ...SIGN, '-c', handle, ...trial)
    ? ok(readFileSync(pemFile, 'utf8'))
    : err({ kind: 'tpmKeyUnsuitable', handle });
}

async function signWith(
  { tcti, handle }: TpmKey,
  scratchFolder: string,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const out = join(scratchFolder, `${newId('head')}.sig`);
  try {
    await new Promise<void>((resolve, reject) => {
      const child = execFile(
        'tpm2_sign',
        [...SIGN, '-c', handle, '-o', out],
        { env: environmentOf(tcti), timeout: TOOL_MS },
        (error) => {
          if (error instanceof Error) reject(error);
          else resolve();
        },
      );
      // A tool that ended before it read its input says so by its exit status.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(bytes);
    });
    const raw = rawFromDer(await readFile(out));
    if (raw === null) throw new SignerUnavailable('the TPM gave no P-256 signature');
    return raw;
  } catch (cause) {
    throw cause instanceof SignerUnavailable
      ? cause
      : new SignerUnavailable('the TPM did not sign', { cause });
  } finally {
    await rm(out, { force: true });
  }
}

function runTool(tool: string, tcti: string, args: readonly string[]): boolean {
  try {
    execFileSync(tool, args, { env: environmentOf(tcti), timeout: TOOL_MS, stdio: 'ignore' });
    return true;
  } catch {
    // Not installed, no TPM, or refused: the callers tell these apart by what they asked before.
    return false;
  }
}

const environmentOf = (tcti: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  TPM2TOOLS_TCTI: tcti,
});
