import { mediaOf } from '../domain/document.ts';
import type { ListedRequest, RequestState } from '../domain/request.ts';
import { isServed } from '../issuance/stock/scarcity.ts';
import type { CitizenProblem, ListedDocumentView, UnavailableReason } from '../rpc/citizen-view.ts';
import type { OfferedRequest, ServiceStatus, SessionContext } from './context.ts';

/** Why a listed request cannot be printed here and now; null when it can. */
export function whyNotHere(
  request: ListedRequest,
  service: ServiceStatus,
): ListedDocumentView['unavailable'] {
  if (request.state !== 'siapCetak') return 'notReady';
  const away = service.documents[request.documentKind];
  if (away !== null) return away;
  const { blankKind } = request;
  if (blankKind !== null && service.without?.includes(blankKind) === true) return 'blanksOut';
  return isServed(request, service.scarce ?? {}) ? null : 'blanksKept';
}

/** Whether the slot is to take the old card before this document is printed. */
export const wantsOldCard = ({ oldCard, oldCardCaptured }: OfferedRequest): boolean =>
  oldCard === 'toBeCapturedHere' && !oldCardCaptured;

/** Paper that nobody can vouch for is printed again by the same citizen, while the registry lets them. */
export const mayRepeatPaper = ({ settled, chosen }: SessionContext): boolean =>
  settled?.outcome === 'uncertain' &&
  settled.codeStillCounts &&
  chosen !== null &&
  mediaOf[chosen.documentKind] === 'plainPaper';

export const canPrintHere = (request: ListedRequest, service: ServiceStatus): boolean =>
  whyNotHere(request, service) === null;

/** What is said of a document that is ready at the registry and cannot be printed at this terminal. */
const saidOf: Readonly<Partial<Record<UnavailableReason, CitizenProblem>>> = {
  blanksOut: 'blanksOut',
  blanksKept: 'blanksKept',
  paperOut: 'paperOut',
  printerInMaintenance: 'printerTrouble',
  outcomeUnresolved: 'printerTrouble',
  countersWentBack: 'printerTrouble',
  registryForgot: 'waitsForOfficer',
  testCardUnsettled: 'printerTrouble',
  registryUnreachable: 'registryUnreachable',
  strangeBlank: 'printerTrouble',
  countNeeded: 'printerTrouble',
  powerFailing: 'powerFailing',
};

/** What is said of a request that no terminal can print now, by whom it waits for. The first that fits. */
const saidOfWaiting: readonly (readonly [CitizenProblem, readonly RequestState[]])[] = [
  ['waitsForOfficer', ['gagalCetak', 'takDiambil', 'perluPeriksa']],
  ['reservedElsewhere', ['dipesan', 'mencetak', 'tercetak']],
  ['nothingReady', ['diajukan', 'diverifikasi', 'diproses']],
];

/** Why nothing of the list can be printed here and now; null when something can. */
export function whyNothing(
  requests: readonly ListedRequest[],
  service: ServiceStatus,
): CitizenProblem | null {
  if (requests.some((request) => canPrintHere(request, service))) return null;
  const ready = requests.find((request) => request.state === 'siapCetak');
  if (ready !== undefined) {
    const reason = whyNotHere(ready, service);
    return (
      (reason === null || reason === 'notReady' ? undefined : saidOf[reason]) ?? 'nothingReady'
    );
  }
  const waiting = saidOfWaiting.find(([, states]) =>
    requests.some(({ state }) => states.includes(state)),
  );
  return waiting?.[0] ?? 'nothingOpen';
}
