import { assert } from '../../base/assert.ts';
import { sha256Hex } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Mode } from '../../domain/document.ts';
import { readCertificate } from './certificate.ts';
import { validateChain } from './chain.ts';
import { verifyCms } from './cms.ts';
import { checkFile } from './file/check-file.ts';
import { checkPages } from './pages.ts';
import { checkRevocation, type RevocationPolicy } from './revocation.ts';
import type { SignatureError } from './signature-error.ts';
import { findSignedRange } from './signed-range.ts';

export interface SignedPdfExpectation {
  /** CA certificates, DER. Nothing else is trusted. */
  readonly trustAnchorsDer: readonly Uint8Array[];
  readonly expectedPages: number;
  readonly mode: Mode;
  /** Milliseconds since the Unix epoch at which the certificates must be valid. */
  readonly nowMs: number;
  readonly revocation: RevocationPolicy;
}

export interface VerifiedPdf {
  /** SHA-256 of the file, lower-case hexadecimal. */
  readonly sha256: string;
  readonly pages: number;
  /** Common name of the signer's certificate. */
  readonly signerName: string;
}

const MAX_PDF_BYTES = 5 * 1024 * 1024;

/**
 * Whether this file may be printed byte for byte: one PAdES B-B signature (ETSI EN 319 142-1) over the
 * whole file by a signer of a pinned CA, nothing active inside, and the expected pages in A4 landscape
 * with the mark and the numbers of the mode.
 */
export async function verifySignedPdf(
  bytes: Uint8Array,
  expected: SignedPdfExpectation,
): Promise<Result<VerifiedPdf, SignatureError>> {
  if (bytes.length > MAX_PDF_BYTES) return err({ kind: 'tooLarge' });
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-') {
    return err({ kind: 'notAPdf' });
  }
  const range = findSignedRange(bytes);
  if (!range.ok) return range;
  const cms = verifyCms(range.value);
  if (!cms.ok) return cms;
  const anchors = expected.trustAnchorsDer.map((der) => {
    const anchor = readCertificate(der);
    assert(anchor !== null, 'a configured trust anchor is a certificate');
    return anchor;
  });
  const { signer, others } = cms.value;
  const chain = validateChain(signer, others, anchors, expected.nowMs);
  if (!chain.ok) return chain;
  const { nowMs, revocation } = expected;
  const standing = checkRevocation(chain.value, cms.value.revocationLists, {
    policy: revocation,
    nowMs,
  });
  if (!standing.ok) return standing;
  const file = checkFile(bytes);
  if (!file.ok) return file;
  const pages = await checkPages(bytes, { pages: expected.expectedPages, mode: expected.mode });
  if (!pages.ok) return pages;
  return ok({
    sha256: sha256Hex(bytes),
    pages: expected.expectedPages,
    signerName: /^CN=(.*)$/m.exec(signer.x509.subject)?.[1] ?? signer.x509.subject,
  });
}
