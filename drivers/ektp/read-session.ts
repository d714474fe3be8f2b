import { assertNever } from '../../src/base/assert.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CardChannel, ChannelError } from '../contract/card-channel.ts';
import type { CommandFailure } from '../contract/command.ts';
import { readEKtp, type EKtpReading, type ReadErrorCode } from './protocol.ts';

export type ReadFailure = CommandFailure<ReadErrorCode>;

export interface ReadChannels {
  readonly card: CardChannel;
  /** null where no SAM is fitted. */
  readonly sam: { readonly channel: CardChannel; readonly openBody: Uint8Array } | null;
}

/**
 * Carries the steps of one reading to card and SAM. Completes with the reading or its rung of the ladder, or as
 * `canceled` before the next step once the signal is aborted.
 */
export async function runReading(
  channels: ReadChannels,
  signal?: AbortSignal,
): Promise<Result<EKtpReading, ReadFailure>> {
  const reading = readEKtp(channels.sam?.openBody ?? null);
  let step = reading.next();
  while (step.done !== true) {
    if (signal?.aborted === true) return err({ kind: 'canceled' });
    const { to, apdu } = step.value;
    const channel = to === 'card' ? channels.card : channels.sam?.channel;
    const answer = await channel?.transmit(apdu);
    if (answer === undefined) return err(ended('samMissing'));
    if (!answer.ok) {
      return err(to === 'card' ? cardFailure(answer.error) : samFailure(answer.error));
    }
    step = reading.next(answer.value);
  }
  return step.value.ok ? ok(step.value.value) : err(ended(step.value.error));
}

export const ended = (errorCode: ReadErrorCode): ReadFailure => ({
  kind: 'commandError',
  errorCode,
});

export function cardFailure(error: ChannelError): ReadFailure {
  switch (error.kind) {
    case 'cardRemoved':
    case 'cardSilent':
      return ended(error.kind);
    case 'readerGone':
      return { kind: 'deviceGone' };
    case 'readerFailed':
      return { kind: 'hardwareError', reason: error.reason };
    default:
      return assertNever(error);
  }
}

/** A SAM that left its slot or fell silent is not there, as far as a reading goes. */
export function samFailure(error: ChannelError): ReadFailure {
  const left = error.kind === 'cardRemoved' || error.kind === 'cardSilent';
  return left ? ended('samMissing') : cardFailure(error);
}
