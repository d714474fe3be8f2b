import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A mutual authentication and secure messaging of our own making, for simulated cards and SAMs only.
 * It is NOT the scheme of the real e-KTP, which is not public; it only has the same message lengths, so
 * that the command sequence is exercised with every byte really enciphered and checked.
 */
export const TEST_MASTER_KEY = createHmac('sha256', 'anjungan')
  .update('TEST master key, worth nothing')
  .digest();
export const TEST_PCID_HEX = '54455354205043494420303030303031';
export const TEST_CONF_HEX = Buffer.from('TEST CONF of a SAM made of paper').toString('hex');

export const NONCE_BYTES = 16;
const CHECK_BYTES = 8;
const ZERO_IV = Buffer.alloc(16);

const mac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer =>
  createHmac('sha256', key).update(Buffer.concat(parts)).digest();

/** The 32 bytes that open a test SAM. How a real one derives them is told with the SAM. */
export const samOpenBodyOf = (pcid: Uint8Array, conf: Uint8Array): Uint8Array => mac(conf, pcid);

export const cardKeyOf = (masterKey: Uint8Array, uid8: Uint8Array, control: Uint8Array): Buffer =>
  mac(masterKey, uid8, control);

/** Enciphers whole 16-byte blocks and appends a check value: AES-256-CBC, then HMAC-SHA-256 cut to 8 bytes. */
export function seal(key: Uint8Array, blocks: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, ZERO_IV).setAutoPadding(false);
  const enciphered = Buffer.concat([cipher.update(blocks), cipher.final()]);
  return Buffer.concat([enciphered, mac(key, enciphered).subarray(0, CHECK_BYTES)]);
}

/** null when the check value is wrong. */
export function unseal(key: Uint8Array, sealed: Uint8Array): Buffer | null {
  const at = sealed.length - CHECK_BYTES;
  if (at < 16 || at % 16 !== 0) return null;
  const enciphered = sealed.subarray(0, at);
  if (!sameBytes(sealed.subarray(at), mac(key, enciphered).subarray(0, CHECK_BYTES))) return null;
  const decipher = createDecipheriv('aes-256-cbc', key, ZERO_IV).setAutoPadding(false);
  return Buffer.concat([decipher.update(enciphered), decipher.final()]);
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

/** One side of a secure session. Both count messages, so that none can be replayed or left out. */
export class TestSession {
  readonly #encipherKey: Buffer;
  readonly #checkKey: Buffer;
  #sent = 0;

  constructor(cardKey: Uint8Array, samNonce: Uint8Array, cardNonce: Uint8Array) {
    this.#encipherKey = mac(cardKey, Buffer.from('encipher'), samNonce, cardNonce);
    this.#checkKey = mac(cardKey, Buffer.from('check'), samNonce, cardNonce);
  }

  wrap(plain: Uint8Array): Buffer {
    const counter = this.#nextCounter();
    const cipher = createCipheriv('aes-256-cbc', this.#encipherKey, counter);
    const enciphered = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([enciphered, this.#check(counter, enciphered)]);
  }

  /** null when the check value or the order of messages is wrong. */
  unwrap(wrapped: Uint8Array): Buffer | null {
    const at = wrapped.length - CHECK_BYTES;
    if (at < 16 || at % 16 !== 0) return null;
    const counter = this.#nextCounter();
    const enciphered = wrapped.subarray(0, at);
    if (!sameBytes(wrapped.subarray(at), this.#check(counter, enciphered))) return null;
    const decipher = createDecipheriv('aes-256-cbc', this.#encipherKey, counter);
    return Buffer.concat([decipher.update(enciphered), decipher.final()]);
  }

  #check(counter: Uint8Array, enciphered: Uint8Array): Buffer {
    return mac(this.#checkKey, counter, enciphered).subarray(0, CHECK_BYTES);
  }

  #nextCounter(): Buffer {
    const counter = Buffer.alloc(16);
    counter.writeUInt32BE(this.#sent++, 12);
    return counter;
  }
}
