import type { ReceiptPrinterStatus } from '../contract/receipt-printer.ts';
import { away, ONLINE } from '../contract/status-teller.ts';
import type { CommonStatus, RequiredAction } from '../contract/words.ts';
import type { TransferFault } from '../usb/usb-interface.ts';
import type { EscposOptions } from './options.ts';
import type { PrinterState } from './protocol.ts';

/** Of a printer that did not answer. */
export const unreached = (fault: TransferFault | 'garbled'): CommonStatus =>
  away(fault === 'gone' ? 'unplugged' : fault === 'late' ? 'silent' : fault);

type Sensors = Pick<EscposOptions, 'paperNearEnd' | 'coverSensor'>;

export type Reason =
  | 'unrecoverableError'
  | 'coverOpen'
  | 'mediaEmpty'
  | 'cutterJammed'
  | 'recoverableError'
  | 'printHeadHot'
  | 'offline'
  | 'mediaLow';

interface Meaning {
  /** `fault`: nothing prints until somebody does something. `passing`: nothing prints for a while. */
  readonly weight: 'fault' | 'passing' | 'warning';
  readonly action: RequiredAction;
}

const MEANINGS: Readonly<Record<Reason, Meaning>> = {
  unrecoverableError: { weight: 'fault', action: 'reset' },
  coverOpen: { weight: 'fault', action: 'clear' },
  mediaEmpty: { weight: 'fault', action: 'maintenance' },
  cutterJammed: { weight: 'fault', action: 'clear' },
  recoverableError: { weight: 'fault', action: 'clear' },
  printHeadHot: { weight: 'passing', action: 'none' },
  offline: { weight: 'passing', action: 'none' },
  mediaLow: { weight: 'warning', action: 'maintenance' },
};

/** Worst first. A sensor that the model has not got says nothing, whatever its bits are. */
function reasonsOf(state: PrinterState, sensors: Sensors): readonly Reason[] {
  const told: readonly (readonly [Reason, boolean])[] = [
    ['unrecoverableError', state.unrecoverableError],
    ['coverOpen', sensors.coverSensor && state.coverOpen],
    ['mediaEmpty', state.paper === 'out'],
    ['cutterJammed', state.cutterError],
    ['recoverableError', state.recoverableError],
    ['printHeadHot', state.recovering],
  ];
  const found = told.filter(([, is]) => is).map(([reason]) => reason);
  const unexplained: readonly Reason[] = state.offline && found.length === 0 ? ['offline'] : [];
  const low: readonly Reason[] =
    sensors.paperNearEnd && state.paper === 'nearEnd' ? ['mediaLow'] : [];
  return [...found, ...unexplained, ...low];
}

/** Why nothing can be begun now; null where a receipt can. */
export const obstacleOf = (state: PrinterState, sensors: Sensors): Reason | null =>
  reasonsOf(state, sensors).find((reason) => MEANINGS[reason].weight !== 'warning') ?? null;

/** Why what was begun will not be finished by itself; null where it may be. */
export const faultOf = (state: PrinterState, sensors: Sensors): Reason | null =>
  reasonsOf(state, sensors).find((reason) => MEANINGS[reason].weight === 'fault') ?? null;

export function commonStatusOf(state: PrinterState, sensors: Sensors): CommonStatus {
  const reasons = reasonsOf(state, sensors);
  const [worst] = reasons;
  if (worst === undefined) return ONLINE;
  const { weight, action } = MEANINGS[worst];
  const words = { fault: 'hardwareError', passing: 'offline', warning: 'online' } as const;
  return { state: words[weight], reasons: [...reasons], requiredAction: action };
}

export function statusOf(state: PrinterState, sensors: Sensors): ReceiptPrinterStatus {
  const levels = { out: 'out', nearEnd: 'low', present: 'full' } as const;
  return {
    ...commonStatusOf(state, sensors),
    // That there is paper does not say how much, where nothing looks at the roll.
    paper: state.paper === 'out' || sensors.paperNearEnd ? levels[state.paper] : 'unknown',
    cover: sensors.coverSensor ? (state.coverOpen ? 'open' : 'closed') : 'unknown',
  };
}
