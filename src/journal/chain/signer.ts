import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import type { JournalHead } from '../../registry/ports.ts';

/** Signs heads. Asynchronous, because the key may sit in a TPM or a token. */
export interface CheckpointSigner {
  readonly algorithm: JournalHead['algorithm'];
  readonly publicKey: KeyObject;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
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
    writeDurably(path, pem.toString(), 0o600, folder);
  }
  const privateKey = readPrivateKey(path);
  if (privateKey?.asymmetricKeyType !== 'ed25519') return err({ kind: 'keyUnreadable' });
  const publicKey = createPublicKey(privateKey);
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  writeDurably(join(folder, PUBLIC_KEY_FILE), publicPem, 0o644, folder);
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

/** Whole or not at all, also after a power cut. */
function writeDurably(path: string, text: string, mode: number, folder: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', mode);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
