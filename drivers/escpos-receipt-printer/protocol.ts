/**
 * The questions of ESC/POS and what is answered, after Epson's "ESC/POS Command Reference" ("the reference",
 * one page a command). What prints is made in `receipt.ts`.
 */

const DLE = 0x10;
const EOT = 0x04;
const DC4 = 0x14;
const GS = 0x1d;

export type Question = 1 | 2 | 3 | 4;
/** In this order: what a printer is doing, why it is offline, its errors, its paper. */
export const QUESTIONS: readonly Question[] = [1, 2, 3, 4];

/** `DLE EOT n`: answered at once, whatever the printer does. */
export const askRealTime = (question: Question): Uint8Array => Buffer.of(DLE, EOT, question);

/** `DLE DC4` function 8: throws away what it holds and has not printed, answers when that is done. */
export const CLEAR_BUFFERS: Uint8Array = Buffer.of(DLE, DC4, 8, 1, 3, 20, 1, 6, 2, 8);

/** `GS a`: tell at once and by itself whether it is online (bit 1), has an error (2), has paper (3). */
export const TELL_CHANGES: Uint8Array = Buffer.of(GS, 0x61, 0b0000_1110);

/** `GS r 1`: the paper sensors, answered in its turn among what prints. */
export const ASK_PAPER: Uint8Array = Buffer.of(GS, 0x72, 1);

/** `GS ( H` function 48: gives these four characters back "when the printing is completed". */
export const askProcessId = (id: string): Uint8Array =>
  Buffer.concat([Buffer.of(GS, 0x28, 0x48, 6, 0, 48, 48), Buffer.from(id, 'latin1')]);

export type Paper = 'present' | 'nearEnd' | 'out';

/** What a printer says of itself, whichever way it was asked. */
export interface PrinterState {
  readonly offline: boolean;
  readonly coverOpen: boolean;
  readonly paper: Paper;
  readonly cutterError: boolean;
  readonly unrecoverableError: boolean;
  /** A mechanical error that goes when its cause does. */
  readonly recoverableError: boolean;
  /** Goes by itself: the head is too hot. */
  readonly recovering: boolean;
}

const has = (byte: number, bits: number): boolean => (byte & bits) === bits;

function paperOf(byte: number, { nearEnd, out }: Record<'nearEnd' | 'out', number>): Paper {
  if (has(byte, out)) return 'out';
  return has(byte, nearEnd) ? 'nearEnd' : 'present';
}

/** The reference, `DLE EOT`: the four bytes in the order of `QUESTIONS`. */
export function stateOfRealTime(
  bytes: readonly [printer: number, offline: number, error: number, paper: number],
): PrinterState {
  const [printer, offline, error, paper] = bytes;
  return {
    offline: has(printer, 0x08),
    coverOpen: has(offline, 0x04),
    paper: paperOf(paper, { nearEnd: 0x0c, out: 0x60 }),
    cutterError: has(error, 0x08),
    unrecoverableError: has(error, 0x20),
    recoverableError: has(error, 0x04),
    recovering: has(error, 0x40),
  };
}

/** The reference, `GS a`: the four bytes of one automatic status. */
export function stateOfAutomatic(
  bytes: readonly [printer: number, error: number, paper: number, reserved: number],
): PrinterState {
  const [printer, error, paper] = bytes;
  return {
    offline: has(printer, 0x08),
    coverOpen: has(printer, 0x20),
    paper: paperOf(paper, { nearEnd: 0x03, out: 0x0c }),
    cutterError: has(error, 0x08),
    unrecoverableError: has(error, 0x20),
    recoverableError: has(error, 0x04),
    recovering: has(error, 0x40),
  };
}
