import { X509Certificate, type KeyObject } from 'node:crypto';
import { BitString } from 'asn1js';
import { BasicConstraints, Certificate, ExtKeyUsage } from 'pkijs';

/** A certificate and what of RFC 5280 decides whether it may sign documents or other certificates. */
export interface ReadCertificate {
  readonly x509: X509Certificate;
  readonly der: Uint8Array;
  readonly publicKey: KeyObject;
  readonly validFromMs: number;
  readonly validToMs: number;
  readonly isCa: boolean;
  readonly pathLength: number | null;
  readonly mayBeginSignature: boolean;
  /** It says of no purpose, or of one that documents are signed for: not that of a server, say. */
  readonly isForDocuments: boolean;
  readonly maySignCertificates: boolean;
  readonly maySignCrls: boolean;
  /** A critical extension we do not know: RFC 5280 4.2 has us refuse it. */
  readonly hasUnknownCritical: boolean;
}

const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
/**
 * Document signing (RFC 9336), any purpose and mail (RFC 5280, 4.2.1.12), and what makers of readers used before there
 * was one of its own.
 */
const DOCUMENT_PURPOSES: readonly string[] = [
  '1.3.6.1.5.5.7.3.36',
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.4',
  '1.2.840.113583.1.1.5',
  '1.3.6.1.4.1.311.10.3.12',
];
const understood: readonly string[] = [BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE];

/** Null when the bytes are no certificate, or one whose key or dates cannot be read. */
export function readCertificate(der: Uint8Array): ReadCertificate | null {
  let x509: X509Certificate;
  let publicKey: KeyObject;
  let parsed: Certificate;
  try {
    x509 = new X509Certificate(der);
    publicKey = x509.publicKey;
    parsed = Certificate.fromBER(der);
  } catch {
    return null;
  }
  const validFromMs = x509.validFromDate.getTime();
  const validToMs = x509.validToDate.getTime();
  if (Number.isNaN(validFromMs) || Number.isNaN(validToMs)) return null;
  const extensions = parsed.extensions ?? [];
  const valueOf = (id: string): unknown =>
    extensions.find(({ extnID }) => extnID === id)?.parsedValue;
  const constraints = valueOf(BASIC_CONSTRAINTS);
  const usage = valueOf(KEY_USAGE);
  const purposes = valueOf(EXTENDED_KEY_USAGE);
  const isCa = constraints instanceof BasicConstraints && constraints.cA;
  const limit = constraints instanceof BasicConstraints ? constraints.pathLenConstraint : undefined;
  // KeyUsage bits from the left: digitalSignature 0, nonRepudiation 1, keyCertSign 5, cRLSign 6.
  const bits = usage instanceof BitString ? (usage.valueBlock.valueHexView[0] ?? 0) : 0;
  return {
    x509,
    der,
    publicKey,
    validFromMs,
    validToMs,
    isCa,
    pathLength: typeof limit === 'number' ? limit : null,
    mayBeginSignature: (bits & 0b1100_0000) !== 0,
    isForDocuments:
      !extensions.some(({ extnID }) => extnID === EXTENDED_KEY_USAGE) ||
      (purposes instanceof ExtKeyUsage &&
        purposes.keyPurposes.some((purpose) => DOCUMENT_PURPOSES.includes(purpose))),
    maySignCertificates: (bits & 0b0000_0100) !== 0,
    maySignCrls: (bits & 0b0000_0010) !== 0,
    hasUnknownCritical: extensions.some(
      ({ critical, extnID }) => critical && !understood.includes(extnID),
    ),
  };
}
