import { readRequest, type Request, type RequestMessage } from './simulator-parser.ts';
import { SimulatedSlot, type BlockEnd, type SimulatedCard } from './simulator-slot.ts';

export type { SimulatedCard } from './simulator-slot.ts';

export interface SimulatedReaderOptions {
  readonly level?: 'character' | 'tpdu' | 'shortApdu' | 'extendedApdu';
  readonly slots?: number;
  /** The pipe that tells of cards; without it the host has to ask. */
  readonly hasInterruptPipe?: boolean;
  readonly maxMessageBytes?: number;
  /** Gives every card the same power by itself, or takes what the host selects (bVoltageSupport, §5.1). */
  readonly voltages?: 'automatic' | readonly number[];
  /** Forgets to answer the command during which a card leaves, as QEMU's reader does. */
  readonly forgetsPulledCards?: boolean;
  /** Knows nothing of PC_to_RDR_Abort. */
  readonly cannotAbort?: boolean;
}

/** What a reader may do in the place of its next answer. */
export type ReaderFault =
  /** A message that stops in its middle. */
  | 'cut'
  /** Bytes that mean nothing. */
  | 'garbage'
  /** Says more data than come. */
  | 'lengthLies'
  /** Says more data than it ever said it would send. */
  | 'tooLong'
  /** An answer that goes on for ever. */
  | 'endless'
  /** The right number, on another kind of answer. */
  | 'otherKind'
  /** bmCommandStatus 3, which is reserved. */
  | 'reservedStatus'
  /** The card leaves, and the command is called done, with nothing in its answer. */
  | 'doneWithoutCard'
  /** Nothing but what it asks of time, until `release`. */
  | 'withheld'
  /** An answer that is owed to an earlier command, before the right one. */
  | 'lateOneFirst'
  /** The answer of another slot, before the right one. */
  | 'otherSlotFirst';

const DATA_BLOCK = 0x80;
const SLOT_STATUS = 0x81;
const MUTE = 0xfe;
const SLOT_BUSY = 0xe0;
const HW_ERROR = 0xfb;
const ABORTED = 0xff;
const NO_SUCH_SLOT = 5;
/** What fills an answer that is not meant for the command at hand. */
const STRAY_BYTE = 0xdd;
const ENDLESS_PART = Buffer.alloc(50, 0xee);
/** A header, the length of a short answer in it. */
const HEADER = 10;

interface Sent {
  readonly type: number;
  readonly error?: number;
  readonly chain?: number;
  readonly data?: Uint8Array;
  readonly status?: 'failed' | 'timeExtension';
}

/**
 * A SIMULATED CCID reader, strict: what the standard does not allow is refused and recorded. `strike` gives it a
 * fault for its next answer to the kind of request named; `extend` makes it ask for time first.
 */
export class SimulatedCcidReader {
  readonly options: Required<SimulatedReaderOptions>;
  /** Requests that broke the rules; a test expects none. */
  readonly violations: string[] = [];
  /** Kinds of requests, as they came. */
  readonly requests: Request['kind'][] = [];
  readonly slots: readonly SimulatedSlot[];
  /** Called when a card comes or goes. */
  onChange: () => void = () => undefined;
  #strikes: { readonly on: Request['kind']; readonly fault: ReaderFault }[] = [];
  readonly #refusals: Request['kind'][] = [];
  #extensions: readonly number[] = [];
  #withheld: Uint8Array[] = [];
  /** From the fault of that name until a card is powered again. */
  #isEndless = false;
  /** Slots that owe an answer, with its number. */
  readonly #busy = new Map<number, number>();
  #abortAsked: { readonly slot: number; readonly sequence: number } | null = null;

  constructor(options: SimulatedReaderOptions = {}) {
    this.options = {
      level: 'extendedApdu',
      slots: 1,
      hasInterruptPipe: true,
      maxMessageBytes: 271,
      voltages: 'automatic',
      forgetsPulledCards: false,
      cannotAbort: false,
      ...options,
    };
    this.slots = Array.from({ length: this.options.slots }, () => new SimulatedSlot());
  }

  /** Puts a card in, or with null takes it out. */
  put(slot: number, card: SimulatedCard | null): void {
    const there = this.slots[slot];
    if (there === undefined) throw new Error(`there is no slot ${slot}`);
    there.put(card);
    this.onChange();
  }

  strike(on: Request['kind'], fault: ReaderFault): void {
    this.#strikes.push({ on, fault });
  }

  /** Asks for more time before its next answer to a block, once a multiplier. */
  extend(...multipliers: number[]): void {
    this.#extensions = multipliers;
  }

  /** The next request of that kind is not carried out, and fails. */
  refuse(kind: Request['kind']): void {
    this.#refusals.push(kind);
  }

  /** What was withheld, in order. */
  release(): Uint8Array[] {
    const released = this.#withheld;
    this.#withheld = [];
    this.#busy.clear();
    return released;
  }

  /** The class request on the control pipe; false where it is refused. */
  requestAbort(slot: number, sequence: number): boolean {
    if (this.options.cannotAbort) return false;
    this.#abortAsked = { slot, sequence };
    return true;
  }

  /** RDR_to_PC_NotifySlotChange (§6.3.1); null where nothing changed since the last. */
  notice(): Uint8Array | null {
    if (!this.slots.some(({ changed }) => changed)) return null;
    const bits = new Uint8Array(Math.ceil(this.slots.length / 4));
    this.slots.forEach((slot, index) => {
      const two = (slot.card === null ? 0 : 1) | (slot.changed ? 2 : 0);
      bits[index >> 2] = (bits[index >> 2] ?? 0) | (two << (2 * (index & 3)));
      slot.changed = false;
    });
    return Uint8Array.of(0x50, ...bits);
  }

  /** What the reader says to one message of the host. */
  receive(message: Uint8Array): Uint8Array[] {
    const read = readRequest(message);
    if (read === null) {
      this.#violate('a message without a header', message);
      return [];
    }
    this.requests.push(read.request.kind);
    const slot = this.slots[read.slot];
    if (slot === undefined) {
      this.#violate('a slot that is not there', message);
      return [this.#say(read, { type: SLOT_STATUS, status: 'failed', error: NO_SUCH_SLOT })];
    }
    return this.#faulty(read, this.#answer(read, slot, message));
  }

  #answer(read: RequestMessage, slot: SimulatedSlot, message: Uint8Array): Sent[] {
    const { request } = read;
    const refusal = this.#refusals.indexOf(request.kind);
    if (refusal >= 0) {
      this.#refusals.splice(refusal, 1);
      return [{ type: SLOT_STATUS, status: 'failed', error: HW_ERROR }];
    }
    if (request.kind === 'abort') return this.#abort(read, message);
    if (this.#busy.has(read.slot)) {
      this.#violate('a command to a slot that owes an answer', message);
      return [{ type: SLOT_STATUS, status: 'failed', error: SLOT_BUSY }];
    }
    switch (request.kind) {
      case 'slotStatus':
        return [{ type: SLOT_STATUS }];
      case 'powerOff':
        slot.powerOff();
        return [{ type: SLOT_STATUS }];
      case 'powerOn':
        return this.#powerOn(slot, request.powerSelect, message);
      case 'block':
        return this.#block(read, slot, request, message);
      case 'wrongBytes':
        this.#violate(`byte ${request.at}`, message);
        return [{ type: SLOT_STATUS, status: 'failed', error: request.at }];
      case 'unknown':
        this.#violate('an unknown message', message);
        return [{ type: SLOT_STATUS, status: 'failed', error: 0 }];
    }
  }

  #powerOn(slot: SimulatedSlot, powerSelect: number, message: Uint8Array): Sent[] {
    const { voltages } = this.options;
    this.#isEndless = false;
    const mute: Sent = { type: DATA_BLOCK, status: 'failed', error: MUTE };
    if (voltages === 'automatic' ? powerSelect !== 0 : ![1, 2, 3].includes(powerSelect)) {
      this.#violate('a power that it does not have', message);
      return [{ type: DATA_BLOCK, status: 'failed', error: 7 }];
    }
    if (voltages !== 'automatic' && !voltages.includes(powerSelect)) return [mute];
    return slot.card === null ? [mute] : [{ type: DATA_BLOCK, data: slot.powerOn(slot.card) }];
  }

  #block(
    read: RequestMessage,
    slot: SimulatedSlot,
    { waiting, level, data }: Extract<Request, { kind: 'block' }>,
    message: Uint8Array,
  ): Sent[] {
    const { card } = slot;
    const mute: Sent = { type: DATA_BLOCK, status: 'failed', error: MUTE };
    if (card === null) return [mute];
    const rules = this.#brokenRule(slot, waiting, level, message);
    if (rules !== null) {
      this.#violate(rules, message);
      return [{ ...mute, error: 8 }];
    }
    const end = this.#exchange(slot, card, level, data);
    const extensions = this.#extensions.map((error): Sent => ({
      type: DATA_BLOCK,
      status: 'timeExtension',
      error,
    }));
    this.#extensions = [];
    return [...extensions, ...this.#end(read, slot, end, message)];
  }

  #exchange(slot: SimulatedSlot, card: SimulatedCard, level: number, data: Uint8Array): BlockEnd {
    if (this.#isEndless) return { kind: 'answer', chain: 0x03, data: ENDLESS_PART };
    switch (this.options.level) {
      case 'extendedApdu':
        return slot.chained(card, level, data, this.options.maxMessageBytes - HEADER);
      case 'shortApdu':
        return slot.whole(card, data);
      case 'tpdu':
        return slot.overT0(card, data);
      case 'character':
        return null;
    }
  }

  #end(read: RequestMessage, slot: SimulatedSlot, end: BlockEnd, message: Uint8Array): Sent[] {
    const mute: Sent = { type: DATA_BLOCK, status: 'failed', error: MUTE };
    switch (end?.kind) {
      case 'answer':
        return [{ type: DATA_BLOCK, chain: end.chain, data: end.data }];
      case 'silent':
        slot.powerOff();
        return [mute];
      case 'gone':
        this.put(read.slot, null);
        return this.options.forgetsPulledCards ? [] : [mute];
      case undefined:
        this.#violate('a chain that does not hold', message);
        return [{ ...mute, error: 8 }];
    }
  }

  #brokenRule(
    slot: SimulatedSlot,
    waiting: number,
    level: number,
    message: Uint8Array,
  ): string | null {
    if (!slot.isPowered) return 'a block for a card without power';
    if (message.length > this.options.maxMessageBytes) return 'a message too long for it';
    if (waiting !== 0) return 'a waiting time that only T=1 has';
    if (this.options.level !== 'extendedApdu' && level !== 0) return 'a chain at a level without';
    return null;
  }

  #abort(read: RequestMessage, message: Uint8Array): Sent[] {
    if (this.options.cannotAbort) return [];
    const asked = this.#abortAsked;
    this.#abortAsked = null;
    if (asked?.slot !== read.slot || asked.sequence !== read.sequence) {
      this.#violate('an abort that was not asked for on the control pipe', message);
      return [{ type: SLOT_STATUS, status: 'failed', error: ABORTED }];
    }
    this.#busy.delete(read.slot);
    return [{ type: SLOT_STATUS }];
  }

  /** The answer, after whatever the fault that is due makes of it. */
  #faulty(read: RequestMessage, answers: readonly Sent[]): Uint8Array[] {
    const messages = answers.map((sent) => this.#say(read, sent));
    const at = this.#strikes.findIndex(({ on }) => on === read.request.kind);
    const [strike] = at < 0 ? [] : this.#strikes.splice(at, 1);
    const last = Buffer.from(messages.at(-1) ?? []);
    switch (strike?.fault) {
      case undefined:
        return messages;
      case 'cut':
        return [last.subarray(0, last.length - 3)];
      case 'garbage':
        return [Buffer.alloc(40, 0xa5)];
      case 'lengthLies':
        last.writeUInt32LE(last.length + 5, 1);
        return [last];
      case 'tooLong':
        last.writeUInt32LE(0x7fff_ffff, 1);
        return [last];
      case 'otherKind':
        last.writeUInt8(last.readUInt8(0) === DATA_BLOCK ? SLOT_STATUS : DATA_BLOCK, 0);
        return [last];
      case 'reservedStatus':
        last.writeUInt8(last.readUInt8(7) | 0xc0, 7);
        return [last];
      case 'endless':
        this.#isEndless = true;
        last.writeUInt8(0x01, 9);
        return [last];
      case 'doneWithoutCard':
        this.put(read.slot, null);
        return [this.#say(read, { type: DATA_BLOCK })];
      case 'withheld':
        this.#withheld.push(last);
        this.#busy.set(read.slot, read.sequence);
        return messages.slice(0, -1);
      case 'lateOneFirst':
      case 'otherSlotFirst': {
        const stray = Buffer.from(last);
        stray.fill(STRAY_BYTE, HEADER);
        if (strike.fault === 'lateOneFirst') stray.writeUInt8((read.sequence + 255) & 0xff, 6);
        else stray.writeUInt8(read.slot + 1, 5);
        return [stray, last];
      }
    }
  }

  #say({ slot, sequence }: RequestMessage, sent: Sent): Uint8Array {
    const { type, error = 0, chain = 0, data = new Uint8Array(0), status } = sent;
    const there = this.slots[slot];
    const card = there === undefined || there.card === null ? 2 : there.isPowered ? 0 : 1;
    const command = status === 'failed' ? 0x40 : status === 'timeExtension' ? 0x80 : 0;
    const header = Buffer.alloc(HEADER);
    header.set([type, 0, 0, 0, 0, slot, sequence, card | command, error, chain]);
    header.writeUInt32LE(data.length, 1);
    return Buffer.concat([header, data]);
  }

  #violate(what: string, message: Uint8Array): void {
    this.violations.push(`${what}: ${Buffer.from(message.subarray(0, 16)).toString('hex')}`);
  }
}
