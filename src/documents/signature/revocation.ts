import { err, ok, type Result } from '../../base/result.ts';
import type { ReadCertificate } from './certificate.ts';
import type { ReadCrl } from './crl.ts';
import type { SignatureError } from './signature-error.ts';

/** Clocks of machines that work together may be this far apart. */
const SKEW_MS = 5 * 60_000;

/**
 * `required`: a list that holds now must clear each certificate below the pinned one. `whenPresent`: what lists say
 * counts, but nobody has to bring one, so that a terminal serves on where the authority cannot be reached.
 */
export type RevocationPolicy = 'required' | 'whenPresent';

/**
 * Whether lists of revoked certificates leave this path standing (RFC 5280, 6.3); it begins with the signer and ends
 * with a pinned authority. Who is on a list is refused however old the list is: nobody comes off one. A list that
 * no authority of the path issued has no business here, or was one of theirs before somebody altered it.
 */
export function checkRevocation(
  path: readonly ReadCertificate[],
  lists: readonly ReadCrl[],
  { policy, nowMs }: { readonly policy: RevocationPolicy; readonly nowMs: number },
): Result<void, SignatureError> {
  const authorities = path.slice(1);
  if (!lists.every((list) => authorities.some((authority) => list.isBy(authority)))) {
    return err({ kind: 'revocationForeign' });
  }
  for (const [index, certificate] of path.entries()) {
    const issuer = path[index + 1];
    if (issuer === undefined) break;
    const ours = lists.filter((list) => list.isBy(issuer));
    if (ours.some((list) => list.lists(certificate))) return err({ kind: 'certificateRevoked' });
    if (policy === 'whenPresent' || ours.some((list) => holdsAt(list, nowMs))) continue;
    return err({ kind: ours.length === 0 ? 'revocationUnknown' : 'revocationStale' });
  }
  return ok(undefined);
}

const holdsAt = ({ thisUpdateMs, nextUpdateMs }: ReadCrl, nowMs: number): boolean =>
  nextUpdateMs !== null && thisUpdateMs <= nowMs + SKEW_MS && nowMs <= nextUpdateMs;
