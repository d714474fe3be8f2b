import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM (NIST SP 800-38D) under a key that is used once; the tag is the last 16 bytes. */
export interface Sealed {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const TAG_BYTES = 16;
/** Bound to its case, so that a sealed text moved to another row does not open. */
const additionalDataOf = (caseId: string): Buffer => Buffer.from(`anj-vault-1\0${caseId}`, 'utf8');

export function seal(caseId: string, key: Uint8Array, text: string): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalDataOf(caseId));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { nonce, ciphertext: Buffer.concat([body, cipher.getAuthTag()]) };
}

/** The text, or null where key, case or bytes are not those that were sealed. */
export function unseal(caseId: string, key: Uint8Array, sealed: Sealed): string | null {
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.nonce, { authTagLength: TAG_BYTES });
  const end = sealed.ciphertext.length - TAG_BYTES;
  if (end < 0) return null;
  cipher.setAAD(additionalDataOf(caseId));
  cipher.setAuthTag(sealed.ciphertext.subarray(end));
  const body = cipher.update(sealed.ciphertext.subarray(0, end));
  try {
    return Buffer.concat([body, cipher.final()]).toString('utf8');
  } catch {
    // `final` throws for one reason only: the tag does not fit.
    return null;
  }
}
