import {
  cardPrinterFaults,
  isWhileFed,
  type CardPrinterFault,
  type CardPrinterStep,
} from '../../../drivers/simulated-card-printer/faults.ts';
import type { SeededRandom } from '../../../src/registry/reference/people/random.ts';

export const wishes = ['ktpEl', 'replacement', 'kia', 'kk'] as const;
export type Wish = (typeof wishes)[number];

/** What one session meets, and what its citizen does. */
export interface Troubles {
  readonly strike: readonly [CardPrinterStep, CardPrinterFault, 'before' | 'after'] | null;
  /** A device or a call of the registry that does not answer, or is not reached. */
  readonly silent: {
    readonly at: 'cardPrinter' | 'pagePrinter' | 'cardReader' | 'registry';
    readonly command: string;
    readonly what: 'lost' | 'unreachable';
    readonly times: number;
  } | null;
  readonly registryDown: boolean;
  readonly paperEnd: 'jammed' | 'refused' | null;
  readonly wrongPin: boolean;
  /** The citizen leaves the card at the exit. */
  readonly leavesCard: boolean;
  /** Walks away at the n-th screen; null: stays to the end. */
  readonly walksAwayAt: number | null;
  /** Somebody takes a card from the exit while core is down. */
  readonly takesWhileDown: boolean;
}

const commands = {
  cardPrinter: ['feedBlank', 'printSide', 'presentCard', 'rejectCard', 'retractCard', 'getStatus'],
  pagePrinter: ['printPdf', 'findJob', 'getStatus'],
  cardReader: ['captureCard', 'getStatus'],
  registry: ['reserve', 'readReservation', 'printMaterial', 'release', 'hold'],
} as const;

/** Three sessions in ten meet something. */
export function drawTroubles(dice: SeededRandom): Troubles {
  const steps = Object.keys(cardPrinterFaults) as CardPrinterStep[];
  const step = dice.pick(steps);
  // Two blanks at once take people who count and correct: test/issuance/double-feed.test.ts.
  const fitting = cardPrinterFaults[step].filter((one) => one !== 'doubleFeed');
  const fault = dice.pick<CardPrinterFault>(fitting);
  const at = dice.pick(['cardPrinter', 'pagePrinter', 'cardReader', 'registry'] as const);
  // What strikes while a blank is fed strikes neither before nor after.
  const when = isWhileFed(fault) ? 'after' : dice.pick(['before', 'after'] as const);
  const command = dice.pick<string>(commands[at]);
  const what = dice.pick(['lost', 'unreachable'] as const);
  const times = dice.whole(1, 4);
  return {
    strike: dice.chance(0.18) ? [step, fault, when] : null,
    silent: dice.chance(0.06) ? { at, command, what, times } : null,
    registryDown: dice.chance(0.02),
    paperEnd: dice.chance(0.05) ? dice.pick(['jammed', 'refused'] as const) : null,
    wrongPin: dice.chance(0.05),
    leavesCard: dice.chance(0.05),
    walksAwayAt: dice.chance(0.05) ? dice.whole(1, 6) : null,
    takesWhileDown: dice.chance(0.5),
  };
}
