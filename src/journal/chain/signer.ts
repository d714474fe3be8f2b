import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { writeDurably } from '../../store/write-durably.ts';
import type { JournalHead } from '../../registry/ports.ts';

/** Signs heads. Asynchronous, because the key may sit in a TPM or a token. */
export interface CheckpointSigner {
  readonly algorithm: JournalHead['algorithm'];
  readonly publicKey: KeyObject;
  /** ed25519: 64 bytes as in RFC 8032; ECDSA: r ‖ s. Rejects with `SignerUnavailable` alone. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** The key cannot be used now; nothing was signed, and a later try may succeed. */
export class SignerUnavailable extends Error {
  override readonly name = 'SignerUnavailable';
}

export type FileSignerError =
  /** There is a journal but not the key that signed it: a person must bring it back, or decide. */
  { readonly kind: 'keyMissing' } | { readonly kind: 'keyUnreadable' };

export const PRIVATE_KEY_FILE = 'journal.key.pem';
export const PUBLIC_KEY_FILE = 'journal.pub.pem';

/**
 * The ed25519 key in `folder`, made where it is not there and `mayCreate` says so (only for a journal
 * without rows: a new key under an old record would hide that the record lost its own).
 */
export function openFileSigner(
  folder: string,
  options: { readonly mayCreate: boolean },
): Result<CheckpointSigner, FileSignerError> {
  const path = join(folder, PRIVATE_KEY_FILE);
  if (!existsSync(path)) {
    if (!options.mayCreate) return err({ kind: 'keyMissing' });
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeDurably(path, pem.toString(), 0o600);
  }
  const privateKey = readPrivateKey(path);
  if (privateKey?.asymmetricKeyType !== 'ed25519') return err({ kind: 'keyUnreadable' });
  const publicKey = createPublicKey(privateKey);
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  writeDurably(join(folder, PUBLIC_KEY_FILE), publicPem, 0o644);
  return ok({
    algorithm: 'ed25519',
    publicKey,
    sign: (bytes) => Promise.resolve(sign(null, bytes, privateKey)),
  });
}

function readPrivateKey(path: string): KeyObject | null {
  const pem = readFileSync(path, 'utf8');
  try {
    return createPrivateKey(pem);
  } catch {
    // Every error here is of parsing: the file was read.
    return null;
  }
}
