import type { BlankKind, DocumentKind } from '../../domain/document.ts';
import type { RequestReason } from '../../domain/request.ts';
import type { CredentialRequest } from './cms-record.ts';

export interface Profile {
  readonly documentKind: DocumentKind;
  readonly blankKind: BlankKind | null;
}

/** Credential profile ids, as the agency and the terminals agreed on them. Another id is not for this terminal. */
const profiles: ReadonlyMap<string, Profile> = new Map<string, Profile>([
  ['KTP-EL', { documentKind: 'ktpEl', blankKind: 'ktpEl' }],
  ['KTP-EL-WNA', { documentKind: 'ktpEl', blankKind: 'ktpElWna' }],
  ['KIA', { documentKind: 'kia', blankKind: 'kia' }],
  ['KK', { documentKind: 'kk', blankKind: null }],
]);

export const profileOf = ({ requestData }: CredentialRequest): Profile | null =>
  profiles.get(requestData.credentialProfileId) ?? null;

const otherReasons: ReadonlyMap<string, RequestReason> = new Map([
  ['LOST', 'lost'],
  ['DAMAGED', 'damaged'],
  ['CHANGED', 'changed'],
]);

/** null: a type that nobody agreed on, by which scarce blanks cannot be ranked. A bare REPLACEMENT does not say why. */
export function reasonOf({ requestData }: CredentialRequest): RequestReason | null {
  switch (requestData.requestType) {
    case 'FIRST_ISSUANCE':
      return 'first';
    case 'RENEWAL':
      return 'renewal';
    case 'OTHER':
      return otherReasons.get(requestData.requestTypeOther ?? '') ?? null;
    default:
      return null;
  }
}
