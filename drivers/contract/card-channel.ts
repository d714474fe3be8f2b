import type { Result } from '../../src/base/result.ts';

export type ChannelError =
  | { readonly kind: 'cardRemoved' }
  | { readonly kind: 'cardSilent' }
  | { readonly kind: 'readerGone' }
  /** The reader refused, or answered what its own standard does not allow: nothing is known of the card. */
  | { readonly kind: 'readerFailed'; readonly reason: string };

/**
 * One card or SAM that answers ISO 7816-4 commands, whatever carries them: PC/SC, raw CCID, a printer's
 * station, a virtual card. The answer is data and SW1 SW2; a status word is never an error here.
 */
export interface CardChannel {
  transmit(apdu: Uint8Array): Promise<Result<Uint8Array, ChannelError>>;
}
