import { newId } from '../../../src/base/ids.ts';

export type Body = Record<string, unknown>;

interface Row {
  version: number;
  request: Body;
  readonly credentialIds: string[];
}

/** A Credential Management System as plain as can be: it keeps what it is sent and makes a credential of what is issued. */
export class CmsStore {
  readonly #rows = new Map<string, Row>();
  readonly credentials = new Map<string, Body>();
  /** Attributes of people that data access compares and never tells. */
  readonly attributes = new Map<string, ReadonlyMap<string, string>>();
  readonly updates: string[] = [];

  put(requestId: string, request: Body): void {
    this.#rows.set(requestId, { version: 1, request, credentialIds: [] });
  }

  read(requestId: string): { readonly etag: string; readonly request: Body } | null {
    const row = this.#rows.get(requestId);
    if (row === undefined) return null;
    const made = row.credentialIds.length === 0 ? {} : { credentialIds: [...row.credentialIds] };
    return {
      etag: `"v${row.version}"`,
      request: { credentialRequestId: requestId, ...structuredClone(row.request), ...made },
    };
  }

  /** Replaces it, unless a tag is given that is not its own. */
  update(requestId: string, request: Body, ifMatch: string | undefined): 204 | 404 | 412 {
    const row = this.#rows.get(requestId);
    if (row === undefined) return 404;
    if (ifMatch !== undefined && ifMatch !== `"v${row.version}"`) return 412;
    row.version += 1;
    row.request = request;
    this.updates.push(requestId);
    if (request['status'] === 'ISSUED' && row.credentialIds.length === 0) {
      const credentialId = newId('crd');
      row.credentialIds.push(credentialId);
      this.credentials.set(credentialId, {
        credentialId,
        status: 'NEW',
        personId: request['personId'],
        credentialProfileId: 'KTP-EL',
      });
    }
    return 204;
  }
}
