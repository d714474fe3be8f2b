import { createHash, timingSafeEqual, verify } from 'node:crypto';
import { Constructed, fromBER, Null, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import { Certificate, ContentInfo, SignedData, type SignerInfo } from 'pkijs';
import { err, ok, type Result } from '../../base/result.ts';
import { readCertificate, type ReadCertificate } from './certificate.ts';
import {
  hashOfDigestOid,
  hashOfSignatureOid,
  ID_CONTENT_TYPE,
  ID_DATA,
  ID_MESSAGE_DIGEST,
  ID_SIGNED_DATA,
  ID_SIGNING_CERTIFICATE_V2,
  type HashName,
} from './cms-oids.ts';
import { readCrl, type ReadCrl } from './crl.ts';
import { endOfDer } from './der.ts';
import type { SignatureError } from './signature-error.ts';
import type { SignedRange } from './signed-range.ts';

export interface CmsSigner {
  readonly signer: ReadCertificate;
  readonly others: readonly ReadCertificate[];
  /** Lists of revoked certificates that came with the signature; whose they are is another question. */
  readonly revocationLists: readonly ReadCrl[];
}

const MIN_RSA_BITS = 2048;
/** ASN.1 tag class of `[0]` and `[1]`, under which SignedData holds certificates and lists (RFC 5652, 5.1). */
const CONTEXT_CLASS = 3;
const CERTIFICATES = 0;
const REVOCATION_LISTS = 1;
const malformed = (detail: string): Result<never, SignatureError> =>
  err({ kind: 'signatureMalformed', detail });

/**
 * Checks a detached CMS signature against the bytes it covers, and that its signing-certificate-v2
 * attribute names the certificate that verified it (ETSI EN 319 142-1, PAdES B-B; RFC 5652; RFC 5035).
 * Whether that certificate is trusted is another question.
 */
export function verifyCms({ signed, contents }: SignedRange): Result<CmsSigner, SignatureError> {
  const parsed = parseSignedData(contents);
  if (!parsed.ok) return parsed;
  const { info, certificates, revocationLists } = parsed.value;
  const attributes = readAttributes(info);
  if (attributes === null) return malformed('signed attributes');
  const signer = certificates.find(({ der }) => isSigner(der, info));
  if (signer === undefined) return malformed('no certificate of the signer');

  const hash = hashOfDigestOid[info.digestAlgorithm.algorithmId];
  const named = hashOfSignatureOid[info.signatureAlgorithm.algorithmId];
  if (hash === undefined || named === undefined || (named !== 'digest' && named !== hash)) {
    return err({ kind: 'weakAlgorithm' });
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = signer.publicKey;
  const strong =
    asymmetricKeyType === 'ec' ||
    (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS);
  if (!strong) return err({ kind: 'weakAlgorithm' });

  const digest = createHash(hash);
  for (const part of signed) digest.update(part);
  if (!sameBytes(digest.digest(), attributes.messageDigest)) return err({ kind: 'digestMismatch' });
  const signature = info.signature.valueBlock.valueHexView;
  if (!signatureHolds(hash, attributes.der, signer, signature))
    return err({ kind: 'badSignature' });
  if (!namesCertificate(attributes.signingCertificate, signer)) {
    return err({ kind: 'signingCertificateMismatch' });
  }
  const others = certificates.filter((other) => other !== signer);
  return ok({ signer, others, revocationLists });
}

interface ParsedCms {
  readonly info: SignerInfo;
  readonly certificates: readonly ReadCertificate[];
  readonly revocationLists: readonly ReadCrl[];
}

function parseSignedData(contents: Uint8Array): Result<ParsedCms, SignatureError> {
  const end = endOfDer(contents);
  if (end === null) return malformed('not DER');
  if (contents.subarray(end).some((byte) => byte !== 0)) return malformed('padding');
  let cms: SignedData;
  let certificates: ReadCertificate[];
  let revocationLists: (ReadCrl | null)[];
  try {
    const outer = fromBER(contents.slice(0, end));
    const content = new ContentInfo({ schema: outer.result });
    if (content.contentType !== ID_SIGNED_DATA) return malformed('content type');
    certificates = readAll(content.content, CERTIFICATES, readCertificate).filter(
      (read) => read !== null,
    );
    revocationLists = readAll(content.content, REVOCATION_LISTS, readCrl);
    cms = new SignedData({ schema: content.content });
  } catch {
    // The parsers throw plain errors for anything that is not the structure they expect.
    return malformed('no SignedData');
  }
  const [info, second] = cms.signerInfos;
  if (info === undefined || second !== undefined) return malformed('number of signers');
  const [digest, secondDigest] = cms.digestAlgorithms;
  const plain = [digest, info.digestAlgorithm].every(
    (algorithm) =>
      algorithm?.algorithmId === info.digestAlgorithm.algorithmId &&
      (algorithm.algorithmParams === undefined || algorithm.algorithmParams instanceof Null),
  );
  if (!plain || secondDigest !== undefined) return malformed('digest algorithms');
  if (cms.version !== 1 || info.version !== 1) return malformed('version');
  const { eContent, eContentType } = cms.encapContentInfo;
  if (eContent !== undefined || eContentType !== ID_DATA) return malformed('not detached');
  if (revocationLists.includes(null)) return malformed('revocation list');
  return ok({
    info,
    certificates,
    revocationLists: revocationLists.filter((read) => read !== null),
  });
}

/** Each as it came in: encoding it anew could hide a change. */
function readAll<T>(signedData: unknown, tag: number, read: (der: Uint8Array) => T): T[] {
  if (!(signedData instanceof Sequence)) return [];
  const set = signedData.valueBlock.value.find(
    ({ idBlock }) => idBlock.tagClass === CONTEXT_CLASS && idBlock.tagNumber === tag,
  );
  if (!(set instanceof Constructed)) return [];
  return set.valueBlock.value.map((entry) => read(entry.valueBeforeDecodeView.slice()));
}

interface SignedAttributes {
  /** As signed: with the tag of a SET (RFC 5652, 5.4). */
  readonly der: Uint8Array;
  readonly messageDigest: Uint8Array;
  readonly signingCertificate: unknown;
}

/** Null unless each of the three mandatory attributes is there once, with one value. */
function readAttributes(info: SignerInfo): SignedAttributes | null {
  const attributes = info.signedAttrs?.attributes ?? [];
  const single = (type: string): unknown => {
    const found = attributes.filter((attribute) => attribute.type === type);
    const values: unknown[] = found[0]?.values ?? [];
    return found.length === 1 && values.length === 1 ? values[0] : undefined;
  };
  const contentType = single(ID_CONTENT_TYPE);
  const messageDigest = single(ID_MESSAGE_DIGEST);
  const signingCertificate = single(ID_SIGNING_CERTIFICATE_V2);
  if (!(contentType instanceof ObjectIdentifier) || contentType.getValue() !== ID_DATA) return null;
  if (!(messageDigest instanceof OctetString) || info.signedAttrs === undefined) return null;
  return {
    der: new Uint8Array(info.signedAttrs.encodedValue),
    messageDigest: messageDigest.valueBlock.valueHexView,
    signingCertificate,
  };
}

function isSigner(der: Uint8Array, info: SignerInfo): boolean {
  const certificate = Certificate.fromBER(der);
  const sid: unknown = info.sid;
  if (typeof sid !== 'object' || sid === null || !('issuer' in sid)) return false;
  const { issuer, serialNumber } = sid as Pick<Certificate, 'issuer' | 'serialNumber'>;
  return (
    certificate.issuer.isEqual(issuer.valueBeforeDecode) &&
    certificate.serialNumber.isEqual(serialNumber)
  );
}

function signatureHolds(
  hash: HashName,
  data: Uint8Array,
  signer: ReadCertificate,
  signature: Uint8Array,
): boolean {
  try {
    return verify(hash, data, signer.publicKey, signature);
  } catch {
    // OpenSSL throws on a signature that is not even of the right form.
    return false;
  }
}

/** SigningCertificateV2: the first ESSCertIDv2 holds the hash of the signer's certificate (RFC 5035, 4). */
function namesCertificate(attribute: unknown, signer: ReadCertificate): boolean {
  const certs = first(attribute);
  const essCertId = first(certs);
  if (!(essCertId instanceof Sequence)) return false;
  const [head, next] = essCertId.valueBlock.value;
  let hash: HashName | undefined = 'sha256';
  let certHash: unknown = head;
  if (head instanceof Sequence) {
    const algorithm = first(head);
    hash =
      algorithm instanceof ObjectIdentifier ? hashOfDigestOid[algorithm.getValue()] : undefined;
    certHash = next;
  }
  if (hash === undefined || !(certHash instanceof OctetString)) return false;
  const expected = createHash(hash).update(signer.der).digest();
  return sameBytes(expected, certHash.valueBlock.valueHexView);
}

const first = (value: unknown): unknown =>
  value instanceof Sequence ? value.valueBlock.value[0] : undefined;

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);
