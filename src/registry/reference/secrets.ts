import { argon2, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { randomDigits } from '../../base/ids.ts';

const argon2Async = promisify(argon2);
/** OWASP's floor for argon2id (RFC 9106): 19 MiB, two passes, one lane. */
const COST = { parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 } as const;

export interface PinRecord {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** Hashes a PIN with fresh salt. */
export async function hashPin(pin: string): Promise<PinRecord> {
  const salt = randomBytes(16);
  return { salt, hash: await derive(pin, salt) };
}

/** Stands in for the record of somebody unknown, so that a stranger costs the same work as a wrong PIN. */
const NOBODY: PinRecord = { salt: randomBytes(16), hash: randomBytes(COST.tagLength) };

/** Compares at constant work whether or not there is a record. */
export async function pinMatches(pin: string, record: PinRecord | null): Promise<boolean> {
  const against = record ?? NOBODY;
  const derived = await derive(pin, against.salt);
  return timingSafeEqual(derived, against.hash) && record !== null;
}

const derive = (pin: string, salt: Uint8Array): Promise<Buffer> =>
  argon2Async('argon2id', { ...COST, message: pin, nonce: salt });

/** A PIN that is no run, no repetition and not the birth date in any order of its parts. */
export function newPin(birthDate: string): string {
  const [year = '', month = '', day = ''] = birthDate.split('-');
  const banned = [
    day + month + year.slice(2),
    year.slice(2) + month + day,
    month + day + year.slice(2),
  ];
  for (;;) {
    const pin = randomDigits(6);
    const isRun = '01234567890'.includes(pin) || '09876543210'.includes(pin);
    if (new Set(pin).size > 2 && !isRun && !banned.includes(pin)) return pin;
  }
}

/**
 * Keyed hashes (HMAC-SHA-256) of codes and numbers, so that a copy of the database opens nothing. The
 * key lies in its own file, readable by its owner.
 */
export class Macs {
  readonly #key: Buffer;

  constructor(dataDir: string) {
    const dir = join(dataDir, 'keys');
    const path = join(dir, 'codes.key');
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (!existsSync(path)) writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
    this.#key = readFileSync(path);
  }

  /** `use` keeps hashes of one text for two uses apart. */
  of(use: string, text: string): string {
    return createHmac('sha256', this.#key).update(`${use}\0${text}`).digest('hex');
  }

  equal(one: string, other: string): boolean {
    const [left, right] = [Buffer.from(one), Buffer.from(other)];
    return left.length === right.length && timingSafeEqual(left, right);
  }
}
