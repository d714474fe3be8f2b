import 'reflect-metadata';
import { createPrivateKey, webcrypto, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { PdfSigner } from '../../src/documents/signature/sign.ts';

export interface TestAuthority {
  readonly caDer: Uint8Array;
  issue(changes?: LeafChanges): Promise<PdfSigner>;
  /** A list of these, DER; by default one that holds for a week around NOW. */
  revoke(revoked: readonly PdfSigner[], changes?: ListChanges): Promise<Uint8Array>;
}

export interface ListChanges {
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
  readonly extraExtensions?: readonly x509.Extension[];
  readonly signedBy?: PdfSigner;
}

export interface LeafChanges {
  readonly commonName?: string;
  readonly algorithm?: 'ec' | 'rsa' | 'rsa1024';
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly isCa?: boolean;
  readonly usages?: x509.KeyUsageFlags;
  readonly extraExtensions?: readonly x509.Extension[];
  /** Signed by this certificate's key in place of the root's. */
  readonly issuedBy?: PdfSigner;
  readonly sameKeyAs?: PdfSigner;
  readonly sameSerialAs?: PdfSigner;
}

export const NOW = new Date('2026-01-05T09:00:00Z');

const algorithms = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: rsaAlgorithm(2048),
  rsa1024: rsaAlgorithm(1024),
} as const;

function rsaAlgorithm(modulusLength: number) {
  const publicExponent = new Uint8Array([1, 0, 1]);
  return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength, publicExponent };
}

let serial = 1;

/** A root that signs leaves for tests; made anew each time, trusted by nobody. */
export async function testAuthority(name = 'Specimen Root'): Promise<TestAuthority> {
  const keys = await generate('ec');
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    keys,
    notBefore: new Date('2025-01-01T00:00:00Z'),
    notAfter: new Date('2035-01-01T00:00:00Z'),
    signingAlgorithm: algorithms.ec,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
    ],
  });
  return {
    caDer: new Uint8Array(ca.rawData),
    revoke: async (revoked, changes = {}) => {
      const by = changes.signedBy;
      const list = await x509.X509CrlGenerator.create({
        issuer: ca.subject,
        thisUpdate: changes.thisUpdate ?? new Date('2026-01-02T00:00:00Z'),
        nextUpdate: changes.nextUpdate ?? new Date('2026-01-09T00:00:00Z'),
        // What is empty is left out (RFC 5280, 5.1.2.6 and 5.1.2.7).
        ...(revoked.length === 0
          ? {}
          : {
              entries: revoked.map((signer) => ({
                serialNumber: certificateOf(signer).serialNumber,
                revocationDate: new Date('2026-01-01T00:00:00Z'),
                reason: x509.X509CrlReason.keyCompromise,
              })),
            }),
        ...(changes.extraExtensions === undefined
          ? {}
          : { extensions: [...changes.extraExtensions] }),
        signingAlgorithm: algorithms.ec,
        signingKey: by === undefined ? keys.privateKey : (await keysOf(by)).privateKey,
      });
      return new Uint8Array(list.rawData);
    },
    issue: async (changes = {}) => {
      const leafKeys =
        changes.sameKeyAs === undefined
          ? await generate(changes.algorithm ?? 'ec')
          : await keysOf(changes.sameKeyAs);
      const issuer = changes.issuedBy;
      const leaf = await x509.X509CertificateGenerator.create({
        serialNumber:
          changes.sameSerialAs === undefined
            ? (++serial).toString(16).padStart(4, '0')
            : certificateOf(changes.sameSerialAs).serialNumber,
        subject: `CN=${changes.commonName ?? 'Pejabat Spesimen'}, O=Dinas Contoh`,
        issuer: issuer === undefined ? ca.subject : certificateOf(issuer).subject,
        publicKey: leafKeys.publicKey,
        signingKey: issuer === undefined ? keys.privateKey : (await keysOf(issuer)).privateKey,
        signingAlgorithm: algorithms.ec,
        notBefore: changes.notBefore ?? new Date('2025-06-01T00:00:00Z'),
        notAfter: changes.notAfter ?? new Date('2027-06-01T00:00:00Z'),
        extensions: [
          new x509.BasicConstraintsExtension(changes.isCa ?? false, undefined, true),
          new x509.KeyUsagesExtension(changes.usages ?? x509.KeyUsageFlags.digitalSignature, true),
          ...(changes.extraExtensions ?? []),
        ],
      });
      return {
        privateKey: await keyObject(leafKeys.privateKey),
        certificatesDer: [new Uint8Array(leaf.rawData)],
      };
    },
  };
}

const generate = (kind: keyof typeof algorithms): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithms[kind], true, ['sign', 'verify']);

async function keyObject(key: webcrypto.CryptoKey): Promise<KeyObject> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}

function certificateOf({ certificatesDer }: PdfSigner): x509.X509Certificate {
  return new x509.X509Certificate(new Uint8Array(certificatesDer[0] ?? []));
}

/** The pair behind a signer with an EC key. */
async function keysOf(signer: PdfSigner): Promise<webcrypto.CryptoKeyPair> {
  const pkcs8 = signer.privateKey.export({ format: 'der', type: 'pkcs8' });
  const algorithm = algorithms.ec;
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithm, true, [
      'sign',
    ]),
    publicKey: await webcrypto.subtle.importKey(
      'spki',
      new Uint8Array(certificateOf(signer).publicKey.rawData),
      algorithm,
      true,
      ['verify'],
    ),
  };
}
