/** The operations of OSIA that are used, with the scope each asks of the token (`security` in the interface files). */
export const operations = {
  readCredentialRequest: {
    at: 'cms',
    method: 'GET',
    path: '/v1/credentialRequests/{id}',
    scope: 'cms.request.read',
  },
  updateCredentialRequest: {
    at: 'cms',
    method: 'PUT',
    path: '/v1/credentialRequests/{id}',
    scope: 'cms.request.write',
  },
  readCredential: {
    at: 'cms',
    method: 'GET',
    path: '/v1/credentials/{id}',
    scope: 'cms.credential.read',
  },
  setCredentialStatus: {
    at: 'cms',
    method: 'POST',
    path: '/v1/credentials/{id}/status',
    scope: 'cms.credential.write',
  },
  findCredentialProfiles: {
    at: 'cms',
    method: 'POST',
    path: '/v1/credentialProfiles',
    scope: 'cms.profile.read',
  },
  verifyPersonAttributes: {
    at: 'dataAccess',
    method: 'POST',
    path: '/v1/persons/{id}/verify',
    scope: 'pr.person.verify',
  },
} as const;

export type OperationName = keyof typeof operations;
export type Scope = (typeof operations)[OperationName]['scope'];

/** Asked for with each token: what is used and no more. */
export const scopes: readonly Scope[] = Object.values(operations).map(({ scope }) => scope);
