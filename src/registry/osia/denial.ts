/** Why a server of the registry turned this terminal away; for technicians, never for the citizen. */
export type Denial =
  | { readonly kind: 'tokenNotIssued'; readonly status: number }
  | { readonly kind: 'scopesNotGranted'; readonly missing: readonly string[] }
  | { readonly kind: 'tokenNotAccepted'; readonly operation: string }
  | { readonly kind: 'operationForbidden'; readonly operation: string; readonly scope: string };

export function denialSentence(denial: Denial): string {
  switch (denial.kind) {
    case 'tokenNotIssued':
      return `The token server gives this terminal no token (status ${denial.status}): is its certificate known there as a client?`;
    case 'scopesNotGranted':
      return `The token server leaves out scopes that this terminal needs: ${denial.missing.join(', ')}. They are granted there, for the client of this terminal.`;
    case 'tokenNotAccepted':
      return `The registry does not accept a fresh token for ${denial.operation} (401): does it trust the token server that is configured here?`;
    case 'operationForbidden':
      return `The registry accepts the token but forbids ${denial.operation} (403): scope ${denial.scope} is missing, or this terminal may not see that record.`;
  }
}
