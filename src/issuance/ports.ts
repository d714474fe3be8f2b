import type { CardChannel, ChannelError } from '../../drivers/contract/card-channel.ts';
import type { Clock } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { DocumentKind, Mode } from '../domain/document.ts';
import type { PrintOrder } from '../domain/print-order.ts';
import type { PrintContent, PrintOrderExpectation } from '../documents/order-digest.ts';
import type { DeviceProxy } from '../devices/ports.ts';
import type { Journal } from '../journal/journal.ts';
import type { Registry } from '../registry/ports.ts';
import type { ScarceRule } from './stock/scarcity.ts';
import type { AttemptLimits } from './time-limits.ts';

/** One side as the printer takes it: RGB rows, top left first. */
export interface PrintableSide {
  readonly side: 'front' | 'back';
  readonly widthDots: 1012;
  readonly heightDots: 638;
  readonly rgb: Uint8Array;
}

export interface PrintableCard {
  /** SHA-256 over what is to be printed: same input, same digest. */
  readonly digest: string;
  readonly sides: readonly PrintableSide[];
}

/** What issuance needs of the documents. None of it moves anything. */
export interface DocumentWorks {
  /** As checkPrintOrder of the documents, with the registry's key: signature, address, digests, numbers of the mode. */
  checkOrder(
    jws: string,
    expected: PrintOrderExpectation,
    content: PrintContent,
  ): Promise<Result<PrintOrder, { readonly kind: string }>>;
  /** Signature against this mode's anchors, structure and page count of the registry's PDF. */
  checkPdf(pdf: Uint8Array, pages: number): Promise<Result<void, { readonly kind: string }>>;
  /** Off the event loop. In specimen mode it completes only when the mark was found in the dots. */
  compose(
    fields: CardFields,
    photo: Uint8Array | null,
  ): Promise<Result<PrintableCard, { readonly kind: string }>>;
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
  /** Reads the chip again and compares. */
  verify(
    channel: CardChannel,
    content: ChipContent,
  ): Promise<Result<{ readonly digest: string }, ChipFault>>;
}

export interface ChipContent {
  readonly fields: CardFields;
  readonly photo: Uint8Array | null;
}

export type HolderCheckResult = 'matched' | 'notMatched' | 'waived' | 'notRequired';

/** Whether the person at the terminal is the holder of the chip just written, before the card is within reach. */
export interface HolderCheck {
  check(ask: {
    readonly attemptId: string;
    readonly documentKind: DocumentKind;
  }): Promise<HolderCheckResult>;
}

/** The policy `none`: it is recorded as what it is, and a KTP-el of live mode is never issued under it. */
export const noHolderCheck: HolderCheck = { check: () => Promise.resolve('notRequired') };

export interface IssuanceDevices {
  readonly cardPrinter: DeviceProxy<'cardPrinter'> | null;
  readonly pagePrinter: DeviceProxy<'pagePrinter'> | null;
  /** The motorised reader that holds a surrendered card, where there is one. */
  readonly cardReader: DeviceProxy<'cardReader'> | null;
}

export interface IssuanceDeps {
  readonly mode: Mode;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly registry: Pick<Registry, 'requests' | 'documents'>;
  readonly devices: IssuanceDevices;
  readonly documents: DocumentWorks;
  readonly personaliser: ChipPersonaliser;
  readonly holderCheck: HolderCheck;
  /** Whom the office serves first when blanks are few; absent: everybody, to the last blank. */
  readonly scarce?: readonly ScarceRule[];
  /** False while record or clock cannot be trusted: nothing new is printed. Absent: always. */
  readonly mayIssue?: () => boolean;
  /** True while a test card is on its way: no card of a citizen is fed. Absent: never. */
  readonly testCardUnderWay?: () => boolean;
  /** Set where a test or an agency has other time limits. */
  readonly limits?: Partial<AttemptLimits>;
}
