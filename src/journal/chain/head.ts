import { verify, type KeyObject } from 'node:crypto';
import { assertNever } from '../../base/assert.ts';
import type { JournalHead } from '../../registry/ports.ts';

/** A head without its signature. */
export type UnsignedHead = Omit<JournalHead, 'signature'>;

/** The signed bytes: six lines of text, each ended by a line feed. */
export function signedBytesOf(head: UnsignedHead): Buffer {
  const lines = ['anj-head-1', head.terminalId, head.size, head.head, head.at, head.algorithm];
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8');
}

/** ed25519 as in RFC 8032; ECDSA as r ‖ s, each of 32 bytes (IEEE P1363). */
export function headIsSignedBy(head: JournalHead, publicKey: KeyObject): boolean {
  const bytes = signedBytesOf(head);
  const signature = Buffer.from(head.signature, 'base64');
  switch (head.algorithm) {
    case 'ed25519':
      return publicKey.asymmetricKeyType === 'ed25519' && verify(null, bytes, publicKey, signature);
    case 'ecdsa-p256-sha256':
      return (
        publicKey.asymmetricKeyType === 'ec' &&
        verify('sha256', bytes, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
      );
    default:
      return assertNever(head.algorithm);
  }
}
