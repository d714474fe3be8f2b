import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import * as x509 from '@peculiar/x509';
import { readSigningKey, type PkiPaths } from './pki.ts';

const HOUR_MS = 3_600_000;
/** As long as a KK may wait for who fetches it, so that a terminal that asks for a list finds one that holds. */
const HOLDS_MS = 30 * 24 * HOUR_MS;
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/** The specimen authority's list of revoked signers, DER (RFC 5280, 5). Nobody is on it: each set-up makes its own. */
export async function revocationList(pki: PkiPaths, now: number): Promise<Uint8Array> {
  const authority = new x509.X509Certificate(readFileSync(pki.kkCaCert, 'utf8'));
  const signingKey = await readSigningKey(pki.kkCaKey, ALGORITHM);
  const list = await x509.X509CrlGenerator.create({
    issuer: authority.subject,
    // An hour back: machines that start together may disagree on the minute.
    thisUpdate: new Date(now - HOUR_MS),
    nextUpdate: new Date(now + HOLDS_MS),
    signingAlgorithm: ALGORITHM,
    signingKey,
  });
  return new Uint8Array(list.rawData);
}
