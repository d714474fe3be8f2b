import { verify } from 'node:crypto';
import { Certificate, CertificateRevocationList } from 'pkijs';
import type { ReadCertificate } from './certificate.ts';
import { hashOfSignatureOid } from './cms-oids.ts';
import { endOfDer } from './der.ts';

/** A list of revoked certificates (RFC 5280, 5), and what decides whether it may be believed. */
export interface ReadCrl {
  readonly thisUpdateMs: number;
  /** null: it does not say until when it holds. */
  readonly nextUpdateMs: number | null;
  /** Whether this authority issued it, by name, key and right (RFC 5280, 6.3.3 f and g). */
  isBy(authority: ReadCertificate): boolean;
  /** Whether a certificate of that authority is on it. */
  lists(certificate: ReadCertificate): boolean;
}

/**
 * Null when the bytes are no such list in DER, or one with a critical extension: of its own kind are lists of changes
 * only, and lists of some reasons or places only, which say nothing of a certificate that they leave out.
 */
export function readCrl(der: Uint8Array): ReadCrl | null {
  if (endOfDer(der) !== der.length) return null;
  let crl: CertificateRevocationList;
  try {
    crl = CertificateRevocationList.fromBER(der.slice());
  } catch {
    // The parser throws plain errors for anything that is not the structure it expects.
    return null;
  }
  if (crl.crlExtensions?.extensions.some(({ critical }) => critical) === true) return null;
  const hash = hashOfSignatureOid[crl.signatureAlgorithm.algorithmId];
  if (hash === undefined || hash === 'digest') return null;
  const tbs = new Uint8Array(crl.tbsView);
  const signature = crl.signatureValue.valueBlock.valueHexView;
  const revoked = new Set(
    crl.revokedCertificates?.map(({ userCertificate }) =>
      hexOf(userCertificate.valueBlock.valueHexView),
    ) ?? [],
  );
  return {
    thisUpdateMs: crl.thisUpdate.value.getTime(),
    nextUpdateMs: crl.nextUpdate?.value.getTime() ?? null,
    isBy: (authority) =>
      authority.maySignCrls &&
      crl.issuer.isEqual(Certificate.fromBER(authority.der).subject) &&
      verify(hash, tbs, authority.publicKey, signature),
    lists: ({ der: certificate }) =>
      revoked.has(hexOf(Certificate.fromBER(certificate).serialNumber.valueBlock.valueHexView)),
  };
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
