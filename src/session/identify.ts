import type { EKtpIdentity } from '../../drivers/contract/card-reader.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { PresentedFactor } from '../domain/claim.ts';
import { parseCollectionCode } from '../domain/collection-code.ts';
import type { Mode } from '../domain/document.ts';
import { isSpecimenNumber, parseNik } from '../domain/nik.ts';
import type { CitizenProblem } from '../rpc/citizen-view.ts';

/** Each raw read becomes a domain value here, once; what is stale or malformed is refused by kind. */
export function identifyNik(text: string, mode: Mode): Result<PresentedFactor, CitizenProblem> {
  const nik = parseNik(text);
  if (!nik.ok) return err('nikMalformed');
  if (isSpecimenNumber(nik.value) !== (mode === 'specimen')) return err('nikNotSpecimen');
  return ok({ kind: 'nik', nik: nik.value });
}

/** A scan is a collection code or nothing: no address in it is ever opened, no other text looked at. */
export function identifyCode(payload: string): Result<PresentedFactor, CitizenProblem> {
  const code = parseCollectionCode(payload);
  if (code.ok) return ok({ kind: 'code', code: code.value });
  return err(code.error.kind === 'misread' ? 'codeMisread' : 'codeNotOurs');
}

/** A card that its SAM did not vouch for is worth its UID alone, which no registry here maps to a person. */
export function identifyCard(
  identity: EKtpIdentity,
  mode: Mode,
): Result<PresentedFactor, CitizenProblem> {
  if (identity.assurance === 'present') return err('cardNotAuthenticated');
  const nik = parseNik(identity.biodata.nik);
  if (!nik.ok) return err('cardUnreadable');
  if (isSpecimenNumber(nik.value) !== (mode === 'specimen')) return err('nikNotSpecimen');
  return ok({
    kind: 'eKtp',
    nik: nik.value,
    uid: identity.uidHex.toLowerCase(),
    assurance: 'authenticated',
  });
}
