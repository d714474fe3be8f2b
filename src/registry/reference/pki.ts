import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { exportJWK, generateKeyPair } from 'jose';

const VALID_MS = 2 * 365 * 24 * 3600 * 1000;
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
} as const;

/** Paths inside one folder. Every `…Key` file is readable by its owner alone. */
export interface PkiPaths {
  readonly rootCert: string;
  readonly rootKey: string;
  readonly serverCert: string;
  readonly serverKey: string;
  /** Trust anchor of signed KK files; the terminal pins it. */
  readonly kkCaCert: string;
  readonly kkCaKey: string;
  readonly kkSignerCert: string;
  readonly kkSignerKey: string;
  /** Ed25519 JWK (RFC 8037) that signs print orders, and its public half for the terminal. */
  readonly orderKey: string;
  readonly orderPublicKey: string;
}

export function pkiPaths(dir: string): PkiPaths {
  return {
    rootCert: join(dir, 'root-ca.pem'),
    rootKey: join(dir, 'root-ca.key.pem'),
    serverCert: join(dir, 'server.pem'),
    serverKey: join(dir, 'server.key.pem'),
    kkCaCert: join(dir, 'kk-ca.pem'),
    kkCaKey: join(dir, 'kk-ca.key.pem'),
    kkSignerCert: join(dir, 'kk-signer.pem'),
    kkSignerKey: join(dir, 'kk-signer.key.pem'),
    orderKey: join(dir, 'order-key.private.jwk.json'),
    orderPublicKey: join(dir, 'order-key.public.jwk.json'),
  };
}

export const terminalCertPath = (dir: string, id: string): string =>
  join(dir, `terminal-${id}.pem`);
export const terminalKeyPath = (dir: string, id: string): string =>
  join(dir, `terminal-${id}.key.pem`);

/** What a terminal may be called: it is a CN, a file name and a word in logs. */
export const TERMINAL_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/;

/**
 * Makes what is missing of the specimen PKI: root CA, server and terminal certificates, print-order key,
 * KK signing CA and leaf (X.509, RFC 5280). What exists stays. Valid for two years from `now`.
 */
export async function createPki(
  dir: string,
  terminalIds: readonly string[],
  now: number = Date.now(),
): Promise<PkiPaths> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const paths = pkiPaths(dir);
  const root = { cert: paths.rootCert, key: paths.rootKey };
  await ensure(root, () => authority('SPESIMEN Anjungan Root CA', EC, now));
  await ensure({ cert: paths.serverCert, key: paths.serverKey }, () =>
    leaf('SPESIMEN Anjungan Registry', EC, root, now, [
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ]),
  );
  for (const id of terminalIds) {
    if (!TERMINAL_ID.test(id)) throw new RangeError('a terminal id is letters, digits and hyphens');
    await ensure({ cert: terminalCertPath(dir, id), key: terminalKeyPath(dir, id) }, () =>
      leaf(id, EC, root, now, [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ]),
    );
  }
  const kkCa = { cert: paths.kkCaCert, key: paths.kkCaKey };
  await ensure(kkCa, () => authority('SPESIMEN Anjungan KK Signing CA', RSA, now));
  await ensure({ cert: paths.kkSignerCert, key: paths.kkSignerKey }, () =>
    leaf('SPESIMEN Kepala Dinas', RSA, kkCa, now, []),
  );
  await ensureOrderKey(paths);
  return paths;
}

interface PairPaths {
  readonly cert: string;
  readonly key: string;
}
interface Pair {
  readonly cert: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
}
type Algorithm = typeof EC | typeof RSA;

/** The certificate is written last, so that half a pair counts as none. */
async function ensure(paths: PairPaths, make: () => Promise<Pair>): Promise<void> {
  if (existsSync(paths.cert) && existsSync(paths.key)) return;
  const { cert, key } = await make();
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  writeWhole(paths.key, `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, 0o600);
  writeWhole(paths.cert, `${cert.toString('pem')}\n`, 0o644);
}

async function ensureOrderKey(paths: PkiPaths): Promise<void> {
  if (existsSync(paths.orderKey) && existsSync(paths.orderPublicKey)) return;
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const kid = 'SPESIMEN-order-1';
  const secret = { ...(await exportJWK(pair.privateKey)), kid, alg: 'EdDSA' };
  const open = { ...(await exportJWK(pair.publicKey)), kid, alg: 'EdDSA' };
  writeWhole(paths.orderKey, `${JSON.stringify(secret)}\n`, 0o600);
  writeWhole(paths.orderPublicKey, `${JSON.stringify(open)}\n`, 0o644);
}

function writeWhole(path: string, text: string, mode: number): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, path);
}

const nameOf = (commonName: string): x509.JsonName => [
  { C: ['ID'] },
  { O: ['SPESIMEN - bukan Ditjen Dukcapil'] },
  { CN: [commonName] },
];
const serial = (): string => `01${randomBytes(15).toString('hex')}`;
const newKeys = (algorithm: Algorithm): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
// An hour back: machines that start together may disagree on the minute.
const validity = (now: number) => ({
  notBefore: new Date(now - 3_600_000),
  notAfter: new Date(now + VALID_MS),
});

async function authority(commonName: string, algorithm: Algorithm, now: number): Promise<Pair> {
  const keys = await newKeys(algorithm);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: nameOf(commonName),
    ...validity(now),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert, key: keys.privateKey };
}

/** A private key of this PKI, PKCS #8 in PEM, to sign with and nothing else. */
export const readSigningKey = (
  path: string,
  algorithm: webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams,
): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(readFileSync(path, 'utf8')),
    algorithm,
    false,
    ['sign'],
  );

async function leaf(
  commonName: string,
  algorithm: Algorithm,
  issuerPaths: PairPaths,
  now: number,
  extensions: readonly x509.Extension[],
): Promise<Pair> {
  const issuer = new x509.X509Certificate(readFileSync(issuerPaths.cert, 'utf8'));
  const issuerKey = await readSigningKey(issuerPaths.key, algorithm);
  const keys = await newKeys(algorithm);
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: nameOf(commonName),
    issuer: issuer.subject,
    ...validity(now),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: issuerKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...extensions,
    ],
  });
  return { cert, key: keys.privateKey };
}
