import { createHash } from 'node:crypto';

/** Separates our hashes from every other use of SHA-256; the zero ends the name. */
const DOMAIN_TAG = Buffer.from('anj-j1\0', 'latin1');

/** What the first row follows. */
export const GENESIS_HASH: Uint8Array = Buffer.alloc(32);

/** SHA-256("anj-j1\0" ‖ previous hash ‖ u64be seq ‖ u32be length of body ‖ body). */
export function hashOfRow(previous: Uint8Array, seq: number, body: Uint8Array): Buffer {
  const numbers = Buffer.alloc(12);
  numbers.writeBigUInt64BE(BigInt(seq), 0);
  numbers.writeUInt32BE(body.length, 8);
  return createHash('sha256')
    .update(DOMAIN_TAG)
    .update(previous)
    .update(numbers)
    .update(body)
    .digest();
}
