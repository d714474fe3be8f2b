import { createHash, webcrypto, type KeyObject } from 'node:crypto';
import { plainAddPlaceholder } from '@signpdf/placeholder-plain';
import { SignPdf } from '@signpdf/signpdf';
import { Signer, SUBFILTER_ETSI_CADES_DETACHED } from '@signpdf/utils';
import { ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import {
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { assert } from '../../base/assert.ts';
import {
  ID_CONTENT_TYPE,
  ID_DATA,
  ID_MESSAGE_DIGEST,
  ID_SIGNED_DATA,
  ID_SIGNING_CERTIFICATE_V2,
} from './cms-oids.ts';

export interface PdfSigner {
  /** RSA of at least 2048 bits, or EC on P-256. */
  readonly privateKey: KeyObject;
  /** DER, the signer's first, then those above it; the anchor may be left out. */
  readonly certificatesDer: readonly Uint8Array[];
}

export interface SigningDetails {
  readonly signerName: string;
  readonly reason: string;
  readonly location: string;
  readonly contact: string;
  /** Stands in the signature dictionary's `M`, where PAdES wants the claimed time. */
  readonly signingTime: Date;
}

/** Room for the CMS structure in bytes; two RSA-4096 certificates take some 5000. */
const CONTENTS_BYTES = 12_000;

/**
 * Signs a PDF with one PAdES B-B signature over the whole file (ETSI EN 319 142-1). The KK's signature is
 * the registry's act alone: nothing of the terminal calls this.
 */
export async function signPdf(
  pdf: Uint8Array,
  signer: PdfSigner,
  details: SigningDetails,
): Promise<Uint8Array> {
  const prepared = plainAddPlaceholder({
    pdfBuffer: Buffer.from(pdf),
    name: details.signerName,
    reason: details.reason,
    location: details.location,
    contactInfo: details.contact,
    signingTime: details.signingTime,
    signatureLength: CONTENTS_BYTES,
    subFilter: SUBFILTER_ETSI_CADES_DETACHED,
    appName: 'Anjungan',
  });
  const signed = await new SignPdf().sign(prepared, new CmsSigner(signer), details.signingTime);
  return new Uint8Array(signed);
}

class CmsSigner extends Signer {
  readonly #signer: PdfSigner;

  constructor(signer: PdfSigner) {
    super();
    this.#signer = signer;
  }

  override sign(signedBytes: Buffer): Promise<Buffer> {
    return signatureOver(signedBytes, this.#signer);
  }
}

/** The detached CMS signature of PAdES B-B over these bytes, in DER. */
export async function signatureOver(signedBytes: Uint8Array, by: PdfSigner): Promise<Buffer> {
  const certificates = by.certificatesDer.map((der) => Certificate.fromBER(der));
  const [own] = certificates;
  const [ownDer] = by.certificatesDer;
  assert(own !== undefined && ownDer !== undefined, 'the signer has a certificate');
  const cms = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: ID_DATA }),
    certificates,
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
        signedAttrs: new SignedAndUnsignedAttributes({
          type: 0,
          attributes: [
            attribute(ID_CONTENT_TYPE, new ObjectIdentifier({ value: ID_DATA })),
            attribute(ID_MESSAGE_DIGEST, octets(sha256(signedBytes))),
            attribute(ID_SIGNING_CERTIFICATE_V2, signingCertificateV2(ownDer)),
          ],
        }),
      }),
    ],
  });
  await cms.sign(await cryptoKey(by.privateKey), 0, 'SHA-256');
  const content = new ContentInfo({ contentType: ID_SIGNED_DATA, content: cms.toSchema(true) });
  return Buffer.from(content.toSchema().toBER());
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const octets = (bytes: Uint8Array): OctetString =>
  new OctetString({ valueHex: new Uint8Array(bytes) });

const attribute = (type: string, value: ObjectIdentifier | OctetString | Sequence): Attribute =>
  new Attribute({ type, values: [value] });

/** ESSCertIDv2 with the default hash, SHA-256, which DER leaves out (RFC 5035, 4). */
function signingCertificateV2(certificateDer: Uint8Array): Sequence {
  const essCertId = new Sequence({ value: [octets(sha256(certificateDer))] });
  return new Sequence({ value: [new Sequence({ value: [essCertId] })] });
}

function cryptoKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const algorithm =
    key.asymmetricKeyType === 'rsa'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: 'P-256' };
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithm, false, ['sign']);
}
