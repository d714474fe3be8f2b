import { hash } from 'node:crypto';

/** Separates our hashes from every other use of SHA-256; the zero ends the name. */
const DOMAIN_TAG = Buffer.from('anj-j2\0', 'latin1');
const HASH_BYTES = 32;
const SEQ_AT = DOMAIN_TAG.length + HASH_BYTES;
const LENGTH_AT = SEQ_AT + 8;
const BODY_AT = LENGTH_AT + 4;

/** What the first row follows. */
export const GENESIS_HASH: Uint8Array = Buffer.alloc(HASH_BYTES);

/** Where the hashed bytes of one row are put together: one call into OpenSSL costs half of five. */
let message = newMessage(4_096);

function newMessage(bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  DOMAIN_TAG.copy(buffer);
  return buffer;
}

/** SHA-256("anj-j2\0" ‖ previous hash ‖ u64be seq ‖ u32be length of body ‖ body). */
export function hashOfRow(previous: Uint8Array, seq: number, body: Uint8Array): Buffer {
  const end = BODY_AT + body.length;
  if (end > message.length) message = newMessage(end * 2);
  message.set(previous, DOMAIN_TAG.length);
  message.writeBigUInt64BE(BigInt(seq), SEQ_AT);
  message.writeUInt32BE(body.length, LENGTH_AT);
  message.set(body, BODY_AT);
  return hash('sha256', message.subarray(0, end), 'buffer');
}
