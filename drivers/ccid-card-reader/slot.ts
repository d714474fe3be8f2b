import { err, ok, type Result } from '../../src/base/result.ts';
import type { CardChannel, ChannelError } from '../contract/card-channel.ts';
import type { CcidInterface } from './descriptors.ts';
import { exchange, powerOn, type ExchangeFault } from './exchange.ts';
import type { CcidLink } from './link.ts';
import type { Reply, SlotNotice } from './protocol.ts';

/** `absent`: its reader is not there. `mute`: something is in the slot and did not answer to reset. */
export type SlotState = 'absent' | 'empty' | 'mute' | 'present';
export type OpenError = ChannelError | { readonly kind: 'inUse' };

export interface OpenedSlot extends CardChannel {
  close(): Promise<void>;
}

/** The reader as its slots see it while it is open. */
export interface SlotReader {
  readonly link: CcidLink;
  readonly shape: CcidInterface;
  /** It answered what it must not: it is given up. */
  broken(fault: Extract<ExchangeFault, { kind: 'broken' }>['fault']): void;
}

/** `spent`: a command failed, and whether the card still has power is not known. `dead`: the card left. */
interface Channel {
  state: 'opening' | 'powered' | 'spent' | 'dead';
}

/** ISO/IEC 7816-3 §8.2.3: the first TD names the first protocol offered, T=0 where there is none. */
const T0 = 0;
const HAS_TD1 = 0x80;
const INTERFACE_BYTES_BEFORE_TD1 = [0x10, 0x20, 0x40] as const;

/** One slot of a reader: what is in it, and the one channel to that. */
export class CcidSlot {
  readonly number: number;
  readonly #changed: () => void;
  #reader: SlotReader | null = null;
  #state: SlotState = 'absent';
  /** The channel that is open, and dies with the card. */
  #channel: Channel | null = null;
  /** The interrupt pipe told of the card that is in the slot, or is still to tell of it. */
  #noticed = false;
  #noticeOwed = false;

  constructor(number: number, changed: () => void) {
    this.number = number;
    this.#changed = changed;
  }

  get state(): SlotState {
    return this.#state;
  }

  /** The reader was opened. What is in the slot is found out by `look`. */
  attach(reader: SlotReader): void {
    this.#reader = reader;
    this.#state = 'empty';
    this.#noticed = false;
    this.#noticeOwed = false;
  }

  /** The reader went away, and every card with it. */
  lose(): void {
    this.#reader = null;
    this.#emptied('absent');
  }

  /**
   * Takes note of a message of the interrupt pipe at once, even while the card owes an answer. A card of which
   * that pipe says that it changed was taken away and put in, unless it was found there before the pipe said so.
   */
  note({ present, changed }: SlotNotice): void {
    const owed = this.#noticeOwed;
    this.#noticeOwed = false;
    this.#noticed = present;
    if (this.#state === 'absent' || this.#state === 'empty') return;
    if (present && (!changed || owed)) return;
    this.#reader?.link.cardLeft(this.number);
    this.#emptied('empty');
  }

  /** Asks the reader what is in the slot, and a card that has just come for its answer to reset. */
  async look(): Promise<void> {
    const reader = this.#reader;
    if (reader === null) return;
    await reader.link.exclusively(async () => {
      const status = await reader.link.command('getSlotStatus', this.number);
      if (!status.ok) {
        reader.broken(status.error === 'late' ? 'stuck' : status.error);
      } else if (this.#reader === reader) {
        await this.#saw(reader, status.value);
      }
    });
  }

  async #saw(reader: SlotReader, { card }: Reply): Promise<void> {
    if (card === 'absent') {
      this.#emptied('empty');
      return;
    }
    // A card that we had powered and that has no power now is another one, or forgot whom it talks to.
    if (card === 'inactive' && this.#channel?.state === 'powered') this.#emptied('empty');
    if (this.#state !== 'empty') return;
    const answered = await powerOn(reader.link, reader.shape, this.number);
    if (answered.ok) await this.#powerOff(reader);
    if (!answered.ok && answered.error.kind === 'broken') reader.broken(answered.error.fault);
    if (this.#reader !== reader || (!answered.ok && answered.error.kind === 'cardRemoved')) return;
    this.#noticeOwed = reader.shape.interruptIn !== null && !this.#noticed;
    this.#become(answered.ok ? 'present' : 'mute');
  }

  async #powerOff(reader: SlotReader): Promise<void> {
    const off = await reader.link.command('iccPowerOff', this.number);
    if (!off.ok) reader.broken(off.error === 'late' ? 'stuck' : off.error);
    // A card that may still have power may still be in a session that is not over.
    else if (off.value.command !== 'done' && off.value.card === 'active') {
      reader.broken('stillPowered');
    }
  }

  /** Powers the card on afresh, so that nothing of an earlier session is left in it. One channel at a time. */
  async open(): Promise<Result<OpenedSlot, OpenError>> {
    const reader = this.#reader;
    if (reader === null) return err({ kind: 'readerGone' });
    if (this.#channel !== null) return err({ kind: 'inUse' });
    if (this.#state === 'empty') return err({ kind: 'cardRemoved' });
    const channel: Channel = { state: 'opening' };
    this.#channel = channel;
    const failed = await reader.link.exclusively(() => this.#powerUp(reader, channel));
    if (failed !== null) {
      if (this.#channel === channel) this.#channel = null;
      return err(failed);
    }
    return ok({
      transmit: (apdu) => this.#transmit(reader, channel, apdu),
      close: () => this.#close(reader, channel),
    });
  }

  async #powerUp(reader: SlotReader, channel: Channel): Promise<ChannelError | null> {
    const powered = await powerOn(reader.link, reader.shape, this.number);
    if (!powered.ok) return this.#channelError(reader, channel, powered.error);
    if (channel.state === 'dead') return this.#ended();
    channel.state = 'powered';
    return reader.shape.level === 'tpdu' && firstProtocolOf(powered.value) !== T0
      ? { kind: 'readerFailed', reason: 'protocolUnsupported' }
      : null;
  }

  #transmit(
    reader: SlotReader,
    channel: Channel,
    apdu: Uint8Array,
  ): Promise<Result<Uint8Array, ChannelError>> {
    return reader.link.exclusively(async () => {
      if (channel.state === 'dead') return err(this.#ended());
      if (channel.state === 'spent') return err({ kind: 'cardSilent' });
      const answer = await exchange(reader.link, reader.shape, this.number, apdu);
      if (answer.ok) return answer;
      if (!isDead(channel)) channel.state = 'spent';
      return err(this.#channelError(reader, channel, answer.error));
    });
  }

  /** Without power the secure session is over, so that nobody after us goes on with it. */
  async #close(reader: SlotReader, channel: Channel): Promise<void> {
    await reader.link.exclusively(async () => {
      if (!isDead(channel)) await this.#powerOff(reader);
    });
    channel.state = 'dead';
    if (this.#channel === channel) this.#channel = null;
  }

  #channelError(reader: SlotReader, channel: Channel, fault: ExchangeFault): ChannelError {
    if (fault.kind === 'broken') {
      reader.broken(fault.fault);
      return fault.fault === 'gone'
        ? { kind: 'readerGone' }
        : { kind: 'readerFailed', reason: fault.fault };
    }
    if (fault.kind === 'cardRemoved') this.#emptied('empty');
    if (isDead(channel)) return this.#ended();
    if (fault.kind === 'refused') return { kind: 'readerFailed', reason: fault.reason };
    return fault;
  }

  /** Why a channel is dead: the reader went, or the card did. */
  #ended(): ChannelError {
    return { kind: this.#reader === null ? 'readerGone' : 'cardRemoved' };
  }

  #emptied(state: 'empty' | 'absent'): void {
    if (this.#channel !== null) this.#channel.state = 'dead';
    this.#channel = null;
    this.#become(state);
  }

  #become(state: SlotState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#changed();
  }
}

/** To be asked rather than the state itself, of which a check before an `await` says nothing after it. */
const isDead = (channel: Channel): boolean => channel.state === 'dead';

function firstProtocolOf(atr: Uint8Array): number {
  const t0 = atr[1] ?? 0;
  if ((t0 & HAS_TD1) === 0) return T0;
  const before = INTERFACE_BYTES_BEFORE_TD1.filter((bit) => (t0 & bit) !== 0).length;
  return (atr[2 + before] ?? 0) & 0x0f;
}
