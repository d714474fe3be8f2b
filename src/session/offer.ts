import type { ListedRequest } from '../domain/request.ts';
import { isServed } from '../issuance/stock/scarcity.ts';
import type { CitizenProblem, ListedDocumentView, UnavailableReason } from '../rpc/citizen-view.ts';
import type { ServiceStatus } from './context.ts';

/** Why a listed request cannot be printed here and now; null when it can. */
export function whyNotHere(
  request: ListedRequest,
  service: ServiceStatus,
): ListedDocumentView['unavailable'] {
  if (request.state !== 'siapCetak') return 'notReady';
  const away = service.documents[request.documentKind];
  if (away !== null) return away;
  return isServed(request, service.scarce ?? {}) ? null : 'blanksKept';
}

export const canPrintHere = (request: ListedRequest, service: ServiceStatus): boolean =>
  whyNotHere(request, service) === null;

/** What is said of a document that is ready at the registry and cannot be printed at this terminal. */
const saidOf: Readonly<Partial<Record<UnavailableReason, CitizenProblem>>> = {
  blanksOut: 'blanksOut',
  blanksKept: 'blanksKept',
  paperOut: 'paperOut',
  printerInMaintenance: 'printerTrouble',
  outcomeUnresolved: 'printerTrouble',
  strangeBlank: 'printerTrouble',
};

/** Why nothing of the list can be printed here and now; null when something can. */
export function whyNothing(
  requests: readonly ListedRequest[],
  service: ServiceStatus,
): CitizenProblem | null {
  if (requests.some((request) => canPrintHere(request, service))) return null;
  const ready = requests.find((request) => request.state === 'siapCetak');
  const reason = ready === undefined ? null : whyNotHere(ready, service);
  return (reason === null || reason === 'notReady' ? undefined : saidOf[reason]) ?? 'nothingReady';
}
