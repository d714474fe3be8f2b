import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SimulatedT0Card, type SimulatedChip } from '../../../drivers/t0/simulated-card.ts';

/** Messages of libcacard's protocol between a card and an emulated reader (vscard_common.h). */
const INIT = 1;
const ERROR = 2;
const READER_ADD = 3;
const ATR = 5;
const CARD_REMOVE = 6;
const APDU = 7;
const MAGIC = 'VSCD';
const VERSION = 2;
const HEADER_BYTES = 12;
/** A reader that is there answers at once. */
const READY_MS = 3_000;
const NO_READER = 0xffffffff;
/** ISO 7816-4 §5.6: no precise diagnosis. */
const NO_ANSWER = Buffer.from('6f00', 'hex');

/**
 * The card's end of one emulated CCID reader: QEMU's `ccid-card-passthru` on a socket. A card is put in by its
 * answer to reset, and the reader hands on what its host sends to it:
 * at its level units of T=0, so whatever is put in is a card of that protocol.
 */
export class SmartCardPeer {
  readonly #socket: Socket;
  readonly #ready: Promise<void>;
  #becomeReady: () => void = () => undefined;
  #card: SimulatedChip | null = null;
  #isSilent = false;
  #buffered = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#ready = new Promise((resolve) => (this.#becomeReady = resolve));
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    // The reader went, and its host's end of the socket with it.
    socket.on('error', () => undefined);
    const hello = Buffer.alloc(HEADER_BYTES);
    hello.write(MAGIC);
    hello.writeUInt32BE(VERSION, 4);
    this.#send(INIT, NO_READER, hello);
  }

  /** Completes when the reader has taken the peer for its card's. */
  static async join(socketPath: string): Promise<SmartCardPeer> {
    for (;;) {
      const socket = connect(socketPath);
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      });
      const peer = new SmartCardPeer(socket);
      if (await Promise.race([peer.#ready.then(() => true), delay(READY_MS, false)])) return peer;
      // Heard by nobody, as where the reader was not there yet.
      peer.leave();
    }
  }

  insert(chip: SimulatedChip): void {
    this.#card = new SimulatedT0Card(chip);
    this.#card.reset();
    this.#send(ATR, 0, this.#card.atr);
  }

  remove(): void {
    this.#card = null;
    this.#send(CARD_REMOVE, 0, Buffer.alloc(0));
  }

  /** Answers nothing from now on. */
  fallSilent(): void {
    this.#isSilent = true;
  }

  leave(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, chunk]);
    while (this.#buffered.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.#buffered.readUInt32BE(8);
      if (this.#buffered.length < end) return;
      const type = this.#buffered.readUInt32BE(0);
      const reader = this.#buffered.readUInt32BE(4);
      const body = Buffer.from(this.#buffered.subarray(HEADER_BYTES, end));
      this.#buffered = this.#buffered.subarray(end);
      this.#answer(type, reader, body);
    }
  }

  #answer(type: number, reader: number, body: Buffer): void {
    if (type === INIT) this.#send(READER_ADD, NO_READER, Buffer.from('SPESIMEN\0'));
    // Code 0 says that what was asked is done: the reader is there.
    else if (type === ERROR) this.#becomeReady();
    else if (type === APDU && !this.#isSilent) {
      const reply = this.#card?.transmit(body);
      if (reply?.kind === 'gone') this.remove();
      else if (reply?.kind !== 'silent') this.#send(APDU, reader, reply?.bytes ?? NO_ANSWER);
    }
  }

  #send(type: number, reader: number, body: Uint8Array): void {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(type, 0);
    header.writeUInt32BE(reader, 4);
    header.writeUInt32BE(body.length, 8);
    this.#socket.write(Buffer.concat([header, body]));
  }
}
