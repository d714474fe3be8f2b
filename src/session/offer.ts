import type { ListedRequest } from '../domain/request.ts';
import type { ListedDocumentView } from '../rpc/citizen-view.ts';
import type { ServiceStatus } from './context.ts';

/** Why a listed request cannot be printed here and now; null when it can. */
export function whyNotHere(
  request: ListedRequest,
  service: ServiceStatus,
): ListedDocumentView['unavailable'] {
  if (request.state !== 'siapCetak') return 'notReady';
  return service.documents[request.documentKind];
}

export const canPrintHere = (request: ListedRequest, service: ServiceStatus): boolean =>
  whyNotHere(request, service) === null;
