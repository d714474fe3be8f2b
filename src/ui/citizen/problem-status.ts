import { assertNever } from '../../base/assert.ts';
import type { CitizenProblem } from '../../rpc/citizen-view.ts';
import type { Status } from '../kit/alert.tsx';

/** How grave a problem looks: `critical` where an officer must help, `info` where nothing is wrong. */
export function problemStatus(code: CitizenProblem): Status {
  switch (code) {
    case 'nothingReady':
    case 'notSignedYet':
    case 'goToOffice':
    case 'oldCardAtOffice':
    case 'dataWrong':
    case 'nothingOpen':
    case 'waitsForOfficer':
    case 'timedOut':
    case 'cancelled':
    case 'terminalStopping':
      return 'info';
    case 'nikMalformed':
    case 'nikNotSpecimen':
    case 'refused':
    case 'refusedLastTry':
    case 'waitBeforeRetry':
    case 'triesUsedUp':
    case 'factorsNotAccepted':
    case 'codeNotOurs':
    case 'codeMisread':
    case 'cardRemovedEarly':
    case 'cardNotEKtp':
    case 'cardUnreadable':
    case 'registryUnreachable':
    case 'registryNoAnswer':
    case 'reservedElsewhere':
    case 'notReadyAnymore':
    case 'wrongPrintCode':
    case 'claimEnded':
    case 'limitReached':
    case 'wrongBlanksOnly':
    case 'strangeBlank':
    case 'blanksOut':
    case 'blanksKept':
    case 'paperOut':
    case 'powerFailing':
    case 'oldCardNotInserted':
    case 'otherCardInserted':
    case 'oldCardNotTaken':
    case 'officerContinues':
    case 'cardJammed':
    case 'holderWaits':
    case 'holderCheckNotPossible':
    case 'codeUsed':
    case 'paperStopped':
    case 'paperUnclear':
    case 'paperMissing':
    case 'notCollected':
    case 'outcomeUncertain':
    case 'paperUncertain':
      return 'caution';
    case 'locked':
    case 'cardNotAuthenticated':
    case 'readerTrouble':
    case 'registryNonsense':
    case 'orderInvalid':
    case 'documentAltered':
    case 'checkNotDone':
    case 'printerTrouble':
    case 'printFailedCardKept':
    case 'holderNotMatched':
    case 'holderNotChecked':
    case 'oldCardNotReturned':
    case 'oldCardSlotTrouble':
      return 'critical';
    default:
      return assertNever(code);
  }
}
