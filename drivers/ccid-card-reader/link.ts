import type { Clock } from '../../src/base/clock.ts';
import { Mutex } from '../../src/base/mutex.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { TransferFault } from '../usb/usb-interface.ts';
import type { CcidInterface } from './descriptors.ts';
import {
  encode,
  HEADER_BYTES,
  isAnswerTo,
  messageBytesOf,
  parseReply,
  type CommandName,
  type Message,
  type Reply,
  type ReplyFault,
} from './protocol.ts';
import type { OpenCcid } from './transport.ts';

/**
 * `cut`: a message that broke off. `tooLong`: one longer than the reader ever said it would send. `strays`: answers
 * to other commands without end. `otherAnswer`: the right number on the wrong kind of answer. `stuck`: a command
 * that was not answered in time and could not be aborted.
 */
export type LinkFault =
  TransferFault | ReplyFault | 'cut' | 'tooLong' | 'strays' | 'otherAnswer' | 'stuck';

/** How long a reader may take for an answer, and once more for each unit of a time extension. */
export const ANSWER_MS = 5_000;
/** With all its time extensions; two commands that take so long still fit into what core waits for a card. */
export const LONGEST_ANSWER_MS = 12_000;
/** What a reader that lost the card still has for saying so. */
const LEFT_MS = 500;
const ABORT_MS = 1_000;
/** A transfer under way cannot be given another limit, so none is long. */
const SLICE_MS = 500;
/** The packets of one message follow each other at once. */
const REST_MS = 1_000;
const DRAIN_MS = 20;
/** Late answers that may lie between two commands; each command leaves one at most. */
const MOST_STRAYS = 64;
/** No answer of a card is longer than an extended one (ISO/IEC 7816-4 §5.1), whatever the reader claims. */
const MOST_MESSAGE_BYTES = HEADER_BYTES + 65_536 + 2;

/**
 * Commands and answers over a reader's bulk pipes, one at a time for all its slots. An answer is known by its slot
 * and number; any other is dropped. After every fault but `late` the pipes are of no more use.
 */
export class CcidLink {
  readonly #reader: OpenCcid;
  readonly #shape: CcidInterface;
  readonly #clock: Clock;
  readonly #oneAtATime = new Mutex();
  #sequence: number;
  /** When to stop waiting for an answer from a slot whose card has left. */
  #leftAt: { readonly slot: number; readonly endsAtMs: number } | null = null;

  constructor(reader: OpenCcid, shape: CcidInterface, clock: Clock, firstSequence = 0) {
    this.#reader = reader;
    this.#shape = shape;
    this.#clock = clock;
    this.#sequence = firstSequence;
  }

  /** Keeps everybody else away while `work` goes through its commands. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#oneAtATime.withLock(work);
  }

  /** The slot was seen to be empty: a command under way for it is not waited for much longer. */
  cardLeft(slot: number): void {
    this.#leftAt = { slot, endsAtMs: this.#clock.monotonicMs() + LEFT_MS };
  }

  /** Reads away what an earlier user of the reader left in its pipe. */
  async drain(): Promise<Result<void, LinkFault>> {
    for (let strays = 0; strays < MOST_STRAYS; strays++) {
      const read = await this.#reader.read(this.#shape.packetBytes, DRAIN_MS);
      if (!read.ok) return read.error === 'late' ? ok(undefined) : read;
    }
    return err('strays');
  }

  /**
   * Completes with the answer, done or failed. `late` where it did not come in time and the reader has given the
   * command up; the slot then takes the next one.
   */
  async command(
    name: CommandName,
    slot: number,
    content: Omit<Message, 'slot' | 'sequence'> = {},
  ): Promise<Result<Reply, LinkFault>> {
    this.#leftAt = null;
    const sequence = this.#nextSequence();
    const sent = await this.#write(encode(name, { slot, sequence, ...content }));
    if (!sent.ok) return sent;
    const begunMs = this.#clock.monotonicMs();
    let endsAtMs = begunMs + ANSWER_MS;
    for (let strays = 0; strays < MOST_STRAYS;) {
      const heard = await this.#hear(() => Math.min(endsAtMs, this.#leftEndsAtMs(slot)));
      if (!heard.ok) return heard.error === 'late' ? this.#abort(slot) : heard;
      const reply = heard.value;
      if (reply.slot !== slot || reply.sequence !== sequence) {
        strays += 1;
      } else if (reply.command === 'timeExtension') {
        const extraMs = ANSWER_MS * Math.max(1, reply.error);
        endsAtMs = Math.min(this.#clock.monotonicMs() + extraMs, begunMs + LONGEST_ANSWER_MS);
      } else {
        return isAnswerTo(name, reply) ? ok(reply) : err('otherAnswer');
      }
    }
    return err('strays');
  }

  #nextSequence(): number {
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xff;
    return sequence;
  }

  #leftEndsAtMs(slot: number): number {
    return this.#leftAt?.slot === slot ? this.#leftAt.endsAtMs : Infinity;
  }

  async #write(message: Uint8Array): Promise<Result<void, LinkFault>> {
    const sent = await this.#reader.write(message, ANSWER_MS);
    // A reader that does not even take a command in time knows nothing of it that could be aborted.
    return sent.ok || sent.error !== 'late' ? sent : err('stuck');
  }

  /** §5.3.1: the request on the control pipe and the message on the bulk pipe bear one number. */
  async #abort(slot: number): Promise<Result<Reply, LinkFault>> {
    const sequence = this.#nextSequence();
    const asked = await this.#reader.requestAbort(slot, sequence);
    // A reader may know only the half of it on the bulk pipe.
    if (!asked.ok && asked.error === 'gone') return asked;
    const sent = await this.#write(encode('abort', { slot, sequence }));
    if (!sent.ok) return sent;
    const endsAtMs = this.#clock.monotonicMs() + ABORT_MS;
    for (let strays = 0; strays < MOST_STRAYS; strays++) {
      const heard = await this.#hear(() => endsAtMs);
      if (!heard.ok) return err(heard.error === 'late' ? 'stuck' : heard.error);
      // Refused or not: a reader that knows no abort answers so, and its late answer is dropped by its number.
      if (heard.value.slot === slot && heard.value.sequence === sequence) return err('late');
    }
    return err('stuck');
  }

  async #hear(endsAtMs: () => number): Promise<Result<Reply, LinkFault>> {
    const message = await this.#hearMessage(endsAtMs);
    return message.ok ? parseReply(message.value) : message;
  }

  async #hearMessage(endsAtMs: () => number): Promise<Result<Uint8Array, LinkFault>> {
    const { packetBytes } = this.#shape;
    const beginning = await this.#firstPacket(endsAtMs);
    if (!beginning.ok) return beginning;
    const first = beginning.value;
    const length = messageBytesOf(first);
    if (length === null) return err('tooShort');
    if (length > Math.min(this.#shape.maxMessageBytes, MOST_MESSAGE_BYTES)) return err('tooLong');
    const restBytes = length - first.length;
    if (restBytes <= 0) return ok(first);
    if (first.length < packetBytes) return err('cut');
    const wholePackets = Math.ceil(restBytes / packetBytes) * packetBytes;
    const rest = await this.#reader.read(wholePackets, REST_MS);
    if (!rest.ok) return rest.error === 'late' ? err('cut') : rest;
    return rest.value.length < restBytes ? err('cut') : ok(Buffer.concat([first, rest.value]));
  }

  /** Packet by packet, because a message of whole packets may or may not end with an empty one. */
  async #firstPacket(endsAtMs: () => number): Promise<Result<Uint8Array, LinkFault>> {
    for (let empty = 0; empty < MOST_STRAYS;) {
      const leftMs = endsAtMs() - this.#clock.monotonicMs();
      if (leftMs <= 0) return err('late');
      const read = await this.#reader.read(this.#shape.packetBytes, Math.min(leftMs, SLICE_MS));
      if (!read.ok && read.error !== 'late') return read;
      if (read.ok && read.value.length > 0) return ok(read.value);
      if (read.ok) empty += 1;
    }
    return err('strays');
  }
}
