import { err, ok, type Result } from '../../base/result.ts';
import type { ReadCertificate } from './certificate.ts';
import type { SignatureError } from './signature-error.ts';

const MAX_CERTIFICATES = 5;

/**
 * Path validation (RFC 5280, 6.1) as far as pinned anchors need it: signatures, validity at `nowMs`, CA
 * flag, path length, keyCertSign, and no critical extension we do not understand. The signer itself must
 * be no CA and be allowed to sign documents. Answers with the path, from the signer to its anchor.
 */
export function validateChain(
  signer: ReadCertificate,
  others: readonly ReadCertificate[],
  anchors: readonly ReadCertificate[],
  nowMs: number,
): Result<readonly ReadCertificate[], SignatureError> {
  const fit = !signer.isCa && signer.mayBeginSignature && signer.isForDocuments;
  if (!fit || signer.hasUnknownCritical) return err({ kind: 'certificateUnfit' });
  const validity = validAt(signer, nowMs);
  if (!validity.ok) return validity;
  return climb([signer], others, anchors, nowMs);
}

function climb(
  path: readonly ReadCertificate[],
  others: readonly ReadCertificate[],
  anchors: readonly ReadCertificate[],
  nowMs: number,
): Result<readonly ReadCertificate[], SignatureError> {
  const top = path.at(-1);
  if (top === undefined || path.length >= MAX_CERTIFICATES) return err({ kind: 'untrustedSigner' });
  let failure: Result<readonly ReadCertificate[], SignatureError> = err({
    kind: 'untrustedSigner',
  });
  for (const issuer of [...anchors, ...others]) {
    if (path.includes(issuer) || !issued(issuer, top)) continue;
    const intermediates = path.length - 1;
    const fit =
      issuer.isCa &&
      issuer.maySignCertificates &&
      !issuer.hasUnknownCritical &&
      (issuer.pathLength === null || intermediates <= issuer.pathLength);
    if (!fit) {
      failure = err({ kind: 'certificateUnfit' });
      continue;
    }
    const validity = validAt(issuer, nowMs);
    const climbed = !validity.ok
      ? validity
      : anchors.includes(issuer)
        ? ok([...path, issuer])
        : climb([...path, issuer], others, anchors, nowMs);
    if (climbed.ok) return climbed;
    failure = climbed;
  }
  return failure;
}

const issued = (issuer: ReadCertificate, subject: ReadCertificate): boolean =>
  subject.x509.checkIssued(issuer.x509) && subject.x509.verify(issuer.publicKey);

function validAt(certificate: ReadCertificate, nowMs: number): Result<void, SignatureError> {
  if (nowMs < certificate.validFromMs) return err({ kind: 'certificateNotYetValid' });
  if (nowMs > certificate.validToMs) return err({ kind: 'certificateExpired' });
  return ok(undefined);
}
