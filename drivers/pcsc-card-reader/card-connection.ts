import type { Card, CardDisposition, Reader } from 'pcsc-mini';
import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CardChannel, ChannelError } from '../contract/card-channel.ts';
import { overT0 } from '../t0/exchange.ts';
import { pcscCodeOf, type PcscLibrary } from './pcsc-library.ts';

/** A card that has not answered a short command for so long will not; the slowest real one takes under a second. */
const ANSWER_TIMEOUT_MS = 5_000;
/** pcscd looks at its slots every 400 ms; twice that tells a pulled card from a mute one. */
const REMOVAL_NOTICE_MS = 1_000;

export type OpenError = ChannelError | { readonly kind: 'inUse' };

/** What the slot's monitor knows, beyond what an error code says. */
export interface SlotWatch {
  isEmpty(): boolean;
  /** Completes when the slot is empty or gone, or with false after `timeoutMs`. */
  untilEmpty(timeoutMs: number): Promise<boolean>;
}

type Settled<T> = { readonly done: true; readonly value: T } | { readonly done: false };

/** One exclusive connection to the card that is in a slot now. Dead for good once the card left. */
export class CardConnection implements CardChannel {
  readonly #card: Card;
  readonly #watch: SlotWatch;
  readonly #clock: Clock;
  readonly #leaveIn: CardDisposition;
  readonly #isT0: boolean;
  #pending: Promise<void> | undefined;

  private constructor(pcsc: PcscLibrary, card: Card, watch: SlotWatch, clock: Clock) {
    this.#card = card;
    this.#watch = watch;
    this.#clock = clock;
    // A reset ends the secure session, so that nobody after us goes on with it.
    this.#leaveIn = pcsc.CardDisposition.RESET;
    this.#isT0 = card.protocol() === pcsc.Protocol.T0;
  }

  static async open(
    pcsc: PcscLibrary,
    reader: Reader,
    watch: SlotWatch,
    clock: Clock,
  ): Promise<Result<CardConnection, OpenError>> {
    const connecting = reader.connect(pcsc.CardMode.EXCLUSIVE);
    try {
      const settled = await within(connecting, ANSWER_TIMEOUT_MS, clock);
      if (!settled.done) {
        // The daemon may still grant it; then it must not stay locked for others.
        connecting.then(
          (late) => late.disconnect(pcsc.CardDisposition.RESET),
          () => undefined,
        );
        return err({ kind: 'cardSilent' });
      }
      return ok(new CardConnection(pcsc, settled.value, watch, clock));
    } catch (error) {
      const code = pcscCodeOf(error);
      if (code === 'SharingViolation') return err({ kind: 'inUse' });
      return err(await channelErrorOf(code, watch));
    }
  }

  /** A command was sent that the card has not answered yet. */
  get unanswered(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * One command, one answer. An answer of fewer than two bytes is passed on as it is. Of T=0 the daemon and its
   * drivers carry single units only, and leave what is made of them to us; a contactless reader says T=1.
   */
  transmit(apdu: Uint8Array): Promise<Result<Uint8Array, ChannelError>> {
    if (!this.#isT0) return this.#carry(apdu);
    return overT0(
      apdu,
      (unit) => this.#carry(unit),
      (fault): ChannelError => ({ kind: 'readerFailed', reason: fault }),
    );
  }

  async #carry(unit: Uint8Array): Promise<Result<Uint8Array, ChannelError>> {
    if (this.unanswered) return err({ kind: 'cardSilent' });
    const answering = this.#card.transmit(unit);
    const settle = (): void => (this.#pending = undefined);
    this.#pending = answering.then(settle, settle);
    try {
      const settled = await within(answering, ANSWER_TIMEOUT_MS, this.#clock);
      if (!settled.done) return err({ kind: 'cardSilent' });
      // vpcd ends the command of a card that left with an empty answer and no error.
      const left = settled.value.length < 2 && (await this.#watch.untilEmpty(REMOVAL_NOTICE_MS));
      return left ? err({ kind: 'cardRemoved' }) : ok(settled.value);
    } catch (error) {
      return err(await channelErrorOf(pcscCodeOf(error), this.#watch));
    }
  }

  /** Completes when the slot is free for others, or at once when an unanswered command still holds it. */
  async close(): Promise<void> {
    const disconnect = (): Promise<void> =>
      // A card that left took the connection with it: nothing remains to be closed.
      this.#card
        .disconnect(this.#leaveIn)
        .catch(pcscCodeOf)
        .then(() => undefined);
    if (this.#pending === undefined) await disconnect();
    else void this.#pending.then(disconnect);
  }
}

async function channelErrorOf(code: string, watch: SlotWatch): Promise<ChannelError> {
  switch (code) {
    case 'RemovedCard':
    case 'NoSmartCard':
      return { kind: 'cardRemoved' };
    case 'NoService':
    case 'ServiceStopped':
    case 'CommError':
    case 'InvalidHandle':
    case 'UnknownReader':
    case 'ReaderUnavailable':
    case 'NoReadersAvailable':
    case 'Shutdown':
    case 'Canceled':
      return { kind: 'readerGone' };
    default:
      // A card pulled out during a command gives NotTransacted, UnresponsiveCard or UnpoweredCard,
      // as a broken one does; only the slot tells them apart.
      return (await watch.untilEmpty(REMOVAL_NOTICE_MS))
        ? { kind: 'cardRemoved' }
        : { kind: 'cardSilent' };
  }
}

function within<T>(work: Promise<T>, timeoutMs: number, clock: Clock): Promise<Settled<T>> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(timeoutMs, () => resolve({ done: false }));
    work.then(
      (value) => {
        timer.cancel();
        resolve({ done: true, value });
      },
      (error: unknown) => {
        timer.cancel();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
