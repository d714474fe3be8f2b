import { assertNever } from '../base/assert.ts';
import type { StockIncident, StrangerCause } from '../journal/events/stock.ts';

/** What was found not to be as the ledger says, in a sentence. */
export function incidentLine(incident: StockIncident): string {
  switch (incident.what) {
    case 'ledgerDifference': {
      const { loaded, accounted } = incident;
      return `The ledger does not balance: ${loaded} blanks were loaded, and ${accounted} have a place or a fate.`;
    }
    case 'countDifference': {
      const { place, ledger, counted } = incident;
      const where = place.in === 'feeder' ? `feeder ${place.feeder}` : place.in;
      const meanwhile = place.in === 'feeder' ? ' No blank of its kind is fed meanwhile.' : '';
      return `A person counted ${counted} in ${where}, where the ledger has ${ledger}.${meanwhile}`;
    }
    case 'strangerFed': {
      const { feeder, blankKind, expectedSerial, readSerial, cause } = incident;
      const read = readSerial === null ? 'no serial was read' : `${readSerial} was read`;
      return `Feeder ${feeder} gave a blank that the ledger did not expect: ${read} where ${expectedSerial} was next. ${causeOf[cause]} No ${blankKind} blank is fed meanwhile.`;
    }
    case 'doubleFed': {
      const { feeder, fed } = incident;
      return `Feeder ${feeder} gave ${fed} blanks where one was asked for, as the printer counts: the ledger knows where one of them is. No blank of its kind is fed meanwhile.`;
    }
    case 'countersWentBack': {
      const { device, recorded, found } = incident;
      const names = Object.keys(recorded) as (keyof typeof recorded)[];
      const back = names.filter((name) => found[name] < recorded[name]);
      const figures = back.map((name) => `${name} ${found[name]}, before ${recorded[name]}`);
      return `${device} counts less than the record last saw (${figures.join('; ')}): it is another printer, or its counters were reset. No card is printed meanwhile.`;
    }
    case 'registryForgot': {
      const { of, requestId } = incident;
      return `The registry contradicts what it acknowledged: ${forgotten[of]}${requestId === null ? '' : ` (request ${requestId})`}. No card is printed meanwhile.`;
    }
    case 'testCardUnsettled': {
      const { feeder, serial, faultCode } = incident;
      const card = serial === null ? 'the strange card' : `the test card ${serial}`;
      return `Nobody proved where ${card} of feeder ${feeder} is (${faultCode}). No card is printed meanwhile.`;
    }
    default:
      return assertNever(incident);
  }
}

/** What ends an open incident: the commands, for the two people that it takes. */
export function incidentEndLine(incidentId: string, incident: StockIncident): string {
  const close = (finding: string) => `anjungan stock close ${incidentId} --finding ${finding}`;
  switch (incident.what) {
    case 'ledgerDifference':
      return `Find out why; once it balances two people close it: ${close('explained')}`;
    case 'countDifference':
      return incident.place.in === 'captureBin'
        ? `Count again; two people close it: ${close('recountAgreed')}, or ${close('explained')}`
        : `Count again: ${close('recountAgreed')}; or name the serials: anjungan stock correct ${incidentId}. Either takes two people.`;
    case 'strangerFed':
      return `Look into the reject bin and the feeder; two people close it: ${close('binHoldsExpected, binHoldsRead, binHoldsForeign or expectedMissing')}`;
    case 'doubleFed':
      return `Look into the printer and its reject bin, count the feeder and correct what differs; then two people close it: ${close('explained')}`;
    case 'countersWentBack':
      return `Find out which printer stands in the cabinet and count the blanks; two people close it: ${close('explained')}`;
    case 'registryForgot':
      return `Ask whoever runs the registry whether it was put back to an older state, and compare the print log with it; two people close it: ${close('explained')}`;
    case 'testCardUnsettled':
      return incident.serial === null
        ? `Put a card that is still inside into the reject bin; two people close it: ${close('explained')}`
        : `Put a card that is still inside into the reject bin, and look there and into the feeder; two people close it: ${close('binHoldsExpected, feederHoldsExpected or expectedMissing')}`;
    default:
      return assertNever(incident);
  }
}

const forgotten = {
  head: 'it has lost the head of our record that it keeps',
  reservation: 'it denies a reservation that it had given',
  handOver: 'it asks for a card that is out, or may be, by our own record',
} as const;

const causeOf: Readonly<Record<StrangerCause, string>> = {
  blankUnknown: 'That serial was never loaded.',
  blankSeenBefore: 'That serial was used before.',
  wrongBlankKind: 'It is of another kind than the feeder is for.',
  serialUnreadable: 'Its serial could not be read.',
};
