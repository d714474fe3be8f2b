import type { FingerPosition } from '../../drivers/contract/biometric.ts';
import type { CardChannel, ChannelError } from '../../drivers/contract/card-channel.ts';
import type { CommandResult } from '../../drivers/contract/driver.ts';
import type { HeldContent, Meeting } from '../../drivers/contract/held.ts';
import type { Clock } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { BlankKind, DocumentKind, Mode } from '../domain/document.ts';
import type { PrintOrder } from '../domain/print-order.ts';
import type { AttemptProblem } from '../domain/attempt-problem.ts';
import type { PrintOrderExpectation } from '../documents/order-digest.ts';
import type { DeviceProxy } from '../devices/ports.ts';
import type { Journal } from '../journal/journal.ts';
import type {
  CallOptions,
  Fingerprint,
  Registry,
  IncompleteDocument,
  RegistryTrouble,
  UnknownReservation,
} from '../registry/ports.ts';
import type { PowerSupply } from './power.ts';
import type { ScarceRule } from './stock/scarcity.ts';
import type { AttemptLimits } from './time-limits.ts';

/** One side as the printer takes it: RGB rows, top left first. */
export interface PrintableSide {
  readonly side: 'front' | 'back';
  readonly widthDots: 1012;
  readonly heightDots: 638;
  readonly rgb: HeldContent;
}

export interface PrintableCard {
  /** SHA-256 over what is to be printed: same input, same digest. */
  readonly digest: string;
  readonly sides: readonly PrintableSide[];
}

/** A document that a signed order covers to the last byte: what it is, and nothing of what it shows. */
export type CheckedDocument =
  | {
      readonly media: 'controlledBlank';
      readonly order: PrintOrder;
      readonly blankKind: BlankKind;
      /** SHA-256 of all that is to be written on the chip; null: this kind has none. */
      readonly chipDigest: string | null;
      /** Which fingers the chip is to hold, the one to be asked for first at the front. */
      readonly fingers: readonly FingerPosition[];
    }
  | {
      readonly media: 'plainPaper';
      readonly order: PrintOrder;
      readonly pdf: HeldContent;
      readonly pages: number;
    };

export interface OrderExpectation extends PrintOrderExpectation {
  /** What the claimant chose and the registry reserved. */
  readonly documentKind: DocumentKind;
}

export interface GateFault {
  readonly code: string;
  readonly problem: AttemptProblem;
}

/** The process that holds the documents broke, took too long, or is not the one that fetched. */
export type DocumentTrouble =
  | { readonly kind: 'processEnded'; readonly reason: string }
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'notHeld' };

/** What says nothing of the document itself: it may be tried again. */
export const isDocumentTrouble = (kind: string): kind is DocumentTrouble['kind'] =>
  kind === 'processEnded' || kind === 'timedOut' || kind === 'notHeld';

export type MaterialFault =
  UnknownReservation | { readonly kind: 'notSignedYet' } | IncompleteDocument | RegistryTrouble;

/** The contactless station, for whoever is told where to meet it. */
export interface ChipStation {
  /** Completes when the borrower has hung up, or says why it was not lent. */
  lend(to: Meeting): Promise<Result<void, ChannelError>>;
}

/** The sensor for fingers, in the same way. */
export interface FingerSensor {
  lend(to: Meeting): Promise<Result<void, { readonly kind: 'deviceGone' }>>;
}

/** One capture and its comparison, or why there was none. */
export type HolderMatch =
  CommandResult<'biometric', 'captureAndMatch'> | Result<never, DocumentTrouble>;

/**
 * The documents of a session, in a process that ends with it: core never has their bytes. What is fetched
 * is held for one attempt, until the next is fetched. None of it moves anything.
 */
export interface DocumentWorks {
  /** Takes the order and everything it covers from the registry. */
  fetch(
    attemptId: string,
    options: CallOptions,
  ): Promise<Result<void, MaterialFault | DocumentTrouble>>;
  /** Holds what was fetched against its order, and the order against what was reserved. */
  check(expected: OrderExpectation): Promise<Result<CheckedDocument, GateFault>>;
  /** The sides of the card that was checked. In specimen mode only with the mark found in the dots. */
  compose(attemptId: string): Promise<Result<PrintableCard, { readonly kind: string }>>;
  /** Writes the chip of the blank at the station and reads it back; the digest is of what was read. */
  writeChip(
    attemptId: string,
    station: ChipStation,
  ): Promise<Result<{ readonly digest: string }, ChipFault | DocumentTrouble>>;
  /** Reads the chip again and compares. */
  verifyChip(
    attemptId: string,
    station: ChipStation,
  ): Promise<Result<{ readonly digest: string }, ChipFault | DocumentTrouble>>;
  /** Has the finger captured and compared with that one of the chip, as `verifyChip` read it. */
  matchHolder(
    attemptId: string,
    finger: FingerPosition,
    sensor: FingerSensor,
  ): Promise<HolderMatch>;
}

export type ChipFault =
  | ChannelError
  /** The chip holds something already: this blank was personalised before. */
  | { readonly kind: 'notBlank' }
  | { readonly kind: 'refused'; readonly statusWord: string }
  | { readonly kind: 'readBackDiffers' };

/**
 * Personalises the chip of a blank. The real one belongs to the agency; ours writes a specimen
 * application that no reader in use knows.
 */
export interface ChipPersonaliser {
  /** SHA-256 of all that would be written for these fields. */
  digestOf(content: ChipContent): string;
  /** Writes a blank chip and reads it back; the digest is of what was read. */
  personalise(
    channel: CardChannel,
    content: ChipContent,
  ): Promise<Result<{ readonly digest: string }, ChipFault>>;
  /** Reads the chip again and compares; the fingers are those that it read. */
  verify(
    channel: CardChannel,
    content: ChipContent,
  ): Promise<
    Result<{ readonly digest: string; readonly fingerprints: readonly Fingerprint[] }, ChipFault>
  >;
}

export interface ChipContent {
  readonly fields: CardFields;
  readonly photo: Uint8Array | null;
  readonly fingerprints: readonly Fingerprint[];
}

export interface IssuanceDevices {
  readonly cardPrinter: DeviceProxy<'cardPrinter'> | null;
  readonly pagePrinter: DeviceProxy<'pagePrinter'> | null;
  /** The motorised reader that holds a surrendered card, where there is one. */
  readonly cardReader: DeviceProxy<'cardReader'> | null;
  /** By which the holder of a card is told from others. Absent: none is fitted. */
  readonly fingerSensor?: DeviceProxy<'biometric'> | null;
}

export interface IssuanceDeps {
  readonly mode: Mode;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly registry: Pick<Registry, 'requests'>;
  readonly devices: IssuanceDevices;
  readonly documents: DocumentWorks;
  /** Whom the office serves first when blanks are few; absent: everybody, to the last blank. */
  readonly scarce?: readonly ScarceRule[];
  /** False while record or clock cannot be trusted: nothing new is printed. Absent: always. */
  readonly mayIssue?: () => boolean;
  /** True while a test card is on its way: no card of a citizen is fed. Absent: never. */
  readonly testCardUnderWay?: () => boolean;
  /** What the terminal runs on. Absent: mains for ever. */
  readonly power?: PowerSupply;
  /** Set where a test or an agency has other time limits. */
  readonly limits?: Partial<AttemptLimits>;
}
