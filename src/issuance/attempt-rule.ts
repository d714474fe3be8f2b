import type { AttemptState, Outcome, Resolution } from '../domain/attempt.ts';
import type { BlankState } from '../journal/events/stock.ts';
import type { PrintStep } from '../domain/print-step.ts';

/** What was found out in a state: by the act that belongs to it, or by the question that recovery asks. */
export type Cause =
  /** The act ended as meant, and what it moved is proved. */
  | 'done'
  /** As `done`, for a blank with a chip to write. */
  | 'doneChipNext'
  /** As `done`, where an old card is to be captured before the new one may go. */
  | 'doneOldCardNext'
  /** As `done`, where the holder is to be checked before the card may go. */
  | 'doneHolderNext'
  /** Another side is to be printed. */
  | 'moreSides'
  | 'refused'
  | 'cancelled'
  /** The registry may have done it and never said so. */
  | 'unanswered'
  /** Proved: nothing left the feeder or the tray. */
  | 'nothingMoved'
  /** The card is in the transport, out of reach. */
  | 'inside'
  /** Nobody can see the card, but a reject bin that counts can prove where it ends. */
  | 'tryBin'
  | 'atExit'
  /** The card lies at the exit and this device cannot draw it back. */
  | 'leftAtExit'
  | 'taken'
  /** Presented by a device that cannot see whether the card was taken. */
  | 'presentedUnseen'
  /** The blank, the chip, the side or the holder is not as ordered. */
  | 'unfit'
  /** Neither sensors nor counters prove anything. */
  | 'unproved'
  /** Paper: the citizen is to be asked. */
  | 'unclear'
  /** Recovery: the claimant may be gone, so nothing goes on. */
  | 'oldSession'
  | 'receipt'
  | 'conflict';

/** What the runner does once the state is committed. */
export type Act =
  | 'reserve'
  | 'prepare'
  | 'release'
  | 'checkDevices'
  | 'feed'
  | 'checkBlank'
  | 'writeChip'
  | 'printSide'
  | 'verify'
  | 'beginHolderCheck'
  | 'checkHolder'
  | 'captureOldCard'
  | 'beginEject'
  | 'present'
  | 'awaitTaken'
  | 'retract'
  | 'reject'
  | 'printPaper'
  | 'askCitizen'
  | 'settle';

/** What recovery asks the devices and the registry about a state in which the last run ended. */
export type Question =
  | 'nothing'
  | 'readReservation'
  | 'wasBlankFed'
  | 'isCardInside'
  | 'whereAreBothCards'
  | 'isCardOut'
  | 'wasCardRetracted'
  | 'wasCardRejected'
  | 'whatBecameOfJob';

/** A command that moves media, and so is announced by the state it belongs to. */
export type MovingCommand =
  | 'feedBlank'
  | 'printSide'
  | 'captureCard'
  | 'presentCard'
  | 'retractCard'
  | 'rejectCard'
  | 'printPdf';

export interface StateRule {
  /** What the journal holds before anything of this state happens. */
  readonly record: string;
  readonly act: Act | null;
  /** The only command that moves media while in this state. */
  readonly moves: MovingCommand | null;
  readonly next: Readonly<Partial<Record<Cause, AttemptState>>>;
  /** null: nothing is left to find out, the state stays. */
  readonly question: Question | null;
  readonly recovered: Readonly<Partial<Record<Cause, AttemptState>>>;
  /** Where people lead it who looked for themselves: one way for each thing they may have found. */
  readonly decided: Readonly<Partial<Record<Resolution, AttemptState>>>;
  /** Where the blank is from this commit on; null leaves it where it was. */
  readonly blank: BlankState | null;
  /** What the attempt came to, once it has passed through here. */
  readonly outcome: Outcome | null;
  /** Evidence, stock, outbox row and outcome are committed with the entry into this state. */
  readonly settles: boolean;
  /** What the registry is owed from this commit on, until it has answered. */
  readonly owes: readonly ('release' | 'hold' | 'outcomeReport' | 'outcomeCorrection')[];
  readonly step: PrintStep | null;
}

export type AttemptTable = Readonly<Partial<Record<AttemptState, StateRule>>>;

/** One state of a table: what is not said is "nothing". */
export const rule = (
  record: string,
  parts: Partial<Omit<StateRule, 'record'>> = {},
): StateRule => ({
  record,
  act: null,
  moves: null,
  next: {},
  question: null,
  recovered: {},
  decided: {},
  blank: null,
  outcome: null,
  settles: false,
  owes: [],
  step: null,
  ...parts,
});
